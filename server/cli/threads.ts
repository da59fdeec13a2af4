/** How many threads of a worker have rooms, as somebody typed it. */
import { workerThreadsMax } from "#protocol/link-address.ts";

/** No such number of threads; the message says what there is. */
export class ThreadsError extends Error {
  override readonly name = "ThreadsError";
}

/** @param text a number, "cores", or nothing for the worker's own choice, which is one. @throws ThreadsError. */
export function chooseThreads(text: string | undefined): number | "cores" | undefined {
  if (text === undefined || text === "" || text === "cores") return text === "cores" ? text : undefined;
  const threads = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (threads >= 1 && threads <= workerThreadsMax) return threads;
  throw new ThreadsError(`threads are a whole number from 1 to ${workerThreadsMax}, or "cores", and not ${text}`);
}
