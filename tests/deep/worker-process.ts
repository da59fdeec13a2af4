/** A real worker process on the software platform, with the contracts as they were built. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorldManifest } from "#protocol/manifest.ts";
import { contractsFolder } from "../support/folders.ts";
import { WatchedProcess } from "./watched-process.ts";

export const world: WorldManifest = { name: "phatroom under load", development: true };

export interface WorkerProcess {
  readonly process: WatchedProcess;
  /** Path of the socket on which it listens. */
  readonly socket: string;
  stop(): Promise<void>;
}

export async function spawnWorker(): Promise<WorkerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-worker-"));
  const socket = join(folder, "worker.sock");
  const config = join(folder, "worker.json");
  const fields = { address: socket, world, platform: "software", directory: folder, contracts: contractsFolder };
  await writeFile(config, JSON.stringify(fields));
  const process = new WatchedProcess("server/enclave/main.ts", [config]);
  await process.line(({ msg }) => msg === "listening");
  return {
    process,
    socket,
    async stop() {
      await process.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
