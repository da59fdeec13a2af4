/** A real worker process on the software platform, with the contracts as they were built. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractsFolder, rootFolder } from "../support/folders.ts";

export interface WorkerProcess {
  readonly pid: number;
  readonly socket: string;
  readonly exited: boolean;
  stop(): Promise<void>;
}

export async function spawnWorker(): Promise<WorkerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-worker-"));
  const socket = join(folder, "worker.sock");
  const config = join(folder, "worker.json");
  const world = { name: "phatroom under load", development: true };
  const fields = { address: socket, world, platform: "software", directory: folder, contracts: contractsFolder };
  await writeFile(config, JSON.stringify(fields));
  const child = spawn(process.execPath, ["server/enclave/main.ts", config], {
    cwd: rootFolder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  while (!(await answers(socket))) {
    if (child.exitCode !== null) throw new Error("the worker did not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    pid: child.pid!,
    socket,
    get exited() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, "exit");
        child.kill("SIGTERM");
        await exit;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Memory of a process, in bytes. Linux only, like everything that measures here. */
export function residentBytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return pages * 4096;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
