/** A place whose worker has rooms in so many threads, and how busy each of them is. */
import { Operator } from "../../server/cli/operator.ts";
import { startPlace } from "../../server/cli/place.ts";
import { answer } from "../processes/child.ts";
import { world } from "../ours/world.ts";

const plenty = 1_000_000;
const password = "for the length of one bench";
let operator: Operator | undefined;

answer({
  async start({ folder, threads }: { readonly folder: string; readonly threads: number }) {
    const { url } = await startPlace({
      world,
      contracts: folder,
      directory: `${folder}/platform`,
      threads,
      output: () => undefined,
      gateway: {
        operatorPassword: password,
        limits: {
          connections: plenty,
          connectionsPerAddress: plenty,
          socketsPerAddress: plenty,
          joinsPerMinute: plenty,
          creationsPerMinute: plenty,
          requestsPerMinute: plenty,
        },
      },
    });
    operator = new Operator(url, password);
    const there = async (): Promise<number> => (await operator!.workers()).filter(({ ready }) => ready).length;
    while ((await there()) < threads) await new Promise((go) => setTimeout(go, 50));
    return { url };
  },
  /** Of each thread: how many rooms it has, and for how much of the time it has something to do. */
  threads: async () => (await operator!.workers()).map(({ rooms, busy }) => ({ rooms, busy })),
});
