/** A place whose worker has rooms in so many threads, and how busy each of them is. */
import type { Operator } from "../../server/cli/operator.ts";
import { answer } from "../processes/child.ts";
import { startOperated } from "../ours/operated-place.ts";

let operator: Operator | undefined;

answer({
  async start({ folder, threads }: { readonly folder: string; readonly threads: number }) {
    const place = await startOperated(threads, { contracts: folder, directory: `${folder}/platform`, threads });
    operator = place.operator;
    return { url: place.url };
  },
  /** Of each thread: how many rooms it has, and for how much of the time it has something to do. */
  threads: async () => (await operator!.workers()).map(({ rooms, busy }) => ({ rooms, busy })),
});
