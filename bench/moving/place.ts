/** A place with two workers, each a process of its own, and an operator who moves a room between them. */
import { Operator } from "../../server/cli/operator.ts";
import { startPlace } from "../../server/cli/place.ts";
import { answer } from "../processes/child.ts";
import { world } from "../ours/world.ts";

const plenty = 1_000_000;
const password = "for the length of one bench";
let operator: Operator | undefined;

answer({
  async start({ folder, contracts }: { readonly folder: string; readonly contracts: string }) {
    const { url } = await startPlace({
      world,
      contracts,
      directory: `${folder}/platform`,
      workers: 2,
      output: () => undefined,
      gateway: {
        store: { kind: "sqlite", directory: `${folder}/store` },
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
    while (!(await operator.workers()).every(({ ready }) => ready)) await new Promise((go) => setTimeout(go, 50));
    return { url };
  },
  /** Moves the room to the worker that does not have it. Returns how long the operator waited, in ms. */
  async move({ room }: { readonly room: string }) {
    const to = (await operator!.whereIs(room)) === "worker-1" ? "worker-2" : "worker-1";
    const from = performance.now();
    await operator!.move(room, to);
    return performance.now() - from;
  },
});
