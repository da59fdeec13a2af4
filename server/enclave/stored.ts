/** What must be kept is tried again while the store is away, for as long as somebody wants it. */
import { StoreError } from "#protocol/store.ts";

/** Between two attempts, in ms: first and longest. */
const retryMs = { first: 100, most: 5000 };

const byClock = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/**
 * @param work asks the store, and may be done again after it failed, whether or not what it asked for was done.
 * @param wanted whether there is still somebody who waits for it.
 * @param wait resolves after so many ms; default: by this machine's clock.
 * @returns what came of it; undefined if nobody wants it any more.
 * @throws what `work` throws but StoreError.
 */
export async function stored<T>(
  work: () => Promise<T>,
  wanted: () => boolean,
  wait: (ms: number) => Promise<void> = byClock,
): Promise<T | undefined> {
  for (let ms = retryMs.first; wanted(); ms = Math.min(2 * ms, retryMs.most)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      await wait(ms);
    }
  }
  return undefined;
}
