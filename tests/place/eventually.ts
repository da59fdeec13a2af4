/** What comes about by itself, for stories that tests and deep checks tell alike. */
import { isDeepStrictEqual, inspect } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";

const patienceMs = 100_000;

/** @throws Error if it does not become that. */
export async function eventually<T>(what: () => T, wanted: NoInfer<T>): Promise<void> {
  const until = Date.now() + patienceMs;
  while (!isDeepStrictEqual(what(), wanted)) {
    if (Date.now() > until) throw new Error(`${inspect(what())} did not become ${inspect(wanted)}`);
    await sleep(10);
  }
}

/** @throws Error if it never holds. */
export const comes = (what: () => boolean): Promise<void> => eventually(what, true);
