/** What a worker takes from its machine: time and randomness. Its parts are given them, and so are tests. */

/** In ms, since some moment. */
export const monotonic = (): number => performance.now();

/** Of this thread, in ms. */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Seconds since 1970, as the machine says. */
export const wallTime = (): number => Date.now() / 1000;

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
