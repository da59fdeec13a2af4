/** The process that stands in for the enclave: a worker with Dot4, as `npm start` would run it. */
import { loadContractFolder } from "../../server/enclave/contract-folder.ts";
import { softwarePlatform } from "../../server/enclave/platform/software.ts";
import { contractEngine } from "../../server/enclave/sandbox/engine.ts";
import { startWorker } from "../../server/enclave/worker.ts";
import { answer } from "../processes/child.ts";
import { world } from "./world.ts";

export interface Recovered {
  readonly rooms: number;
  /** Since it began to look for them. */
  readonly ms: number;
}

const recovered = Promise.withResolvers<Recovered>();

answer({
  async start({ link, contracts }: { readonly link: string; readonly contracts: string }) {
    await startWorker({
      address: { kind: "socket", path: link },
      world,
      platform: await softwarePlatform({ directory: contracts }),
      contracts: await loadContractFolder(await contractEngine(), contracts),
      log: ({ event, ...fields }) => {
        if (event === "recovered") recovered.resolve(fields as unknown as Recovered);
        if (event === "bug" || event === "contract-faulted") throw new Error(`${event}: ${JSON.stringify(fields)}`);
      },
    });
  },

  /** All rooms that were kept are back; for a worker whose gateway has a store. */
  recovered: () => recovered.promise,
});
