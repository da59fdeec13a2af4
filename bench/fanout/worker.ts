/** The process that stands in for the enclave: a worker with the field, and how long each of its ticks takes. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadContractFolder } from "../../server/enclave/contract-folder.ts";
import { softwarePlatform } from "../../server/enclave/platform/software.ts";
import { Room } from "../../server/enclave/room/room.ts";
import { contractEngine } from "../../server/enclave/sandbox/engine.ts";
import { startWorker } from "../../server/enclave/worker.ts";
import { world } from "../ours/world.ts";
import { answer } from "../processes/child.ts";
import { withoutEncryption } from "./plain-cipher.ts";
import { profiling } from "./profiling.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const ticks: number[] = [];

/** From the beginning of a boundary until everything that came of it was handed to the link, in ms. */
function watchTicks(): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the room below
  const { boundary } = Room.prototype;
  Room.prototype.boundary = function (now, hurried) {
    const from = performance.now();
    boundary.call(this, now, hurried);
    // The worker sends in the same turn of the event loop; this comes right behind it.
    queueMicrotask(() => void ticks.push(performance.now() - from));
  };
}

answer({
  ...profiling,
  async start({ link, contracts, plain }: { readonly link: string; readonly contracts: string; plain: boolean }) {
    if (plain) withoutEncryption();
    watchTicks();
    await startWorker({
      address: { kind: "socket", path: link },
      world,
      platform: await softwarePlatform({ directory: contracts }),
      contracts: await loadContractFolder(await contractEngine(), contracts),
      fault: (_contract, detail) => void process.stderr.write(`${detail}\n`),
      log: ({ event, ...fields }) => {
        if (event === "bug" || event === "contract-faulted") throw new Error(`${event}: ${JSON.stringify(fields)}`);
      },
    });
  },
  /** Bytes that are held once everything else was collected: objects, and what lies outside of the engine's heap. */
  held(): number {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  /** Of the ticks since this was last asked, in ms. */
  ticks: () => ticks.splice(0),
});
