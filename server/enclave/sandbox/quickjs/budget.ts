/**
 * Time one call may take, as processor time of this thread: a machine that is busy elsewhere faults nobody.
 *
 * It is time, not work, so it is not the same on two machines, and the engine asks only between its own steps: some
 * built-in functions run for long without asking (see README.md). A call that exceeds it therefore never counts.
 */
export class Budget {
  #wallEnd = Infinity;
  #cpuEnd = Infinity;
  #exceeded = false;

  /** Whether the budget ran out since it was started. */
  get exceeded(): boolean {
    return this.#exceeded;
  }

  start(ms: number): void {
    this.#wallEnd = performance.now() + ms;
    this.#cpuEnd = cpuMs() + ms;
    this.#exceeded = false;
  }

  /** Asked by the engine every ten thousand steps. */
  spent(): boolean {
    // No processor time has passed that has not passed on the clock, which is cheaper to ask.
    if (!this.#exceeded && performance.now() >= this.#wallEnd && cpuMs() >= this.#cpuEnd) this.#exceeded = true;
    return this.#exceeded;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
