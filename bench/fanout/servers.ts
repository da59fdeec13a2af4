/** The three systems, each in processes of its own that share one core. */
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRoom } from "../../client/sdk/lobby.ts";
import { buildContract, type BuiltContract } from "../../server/cli/build-contract.ts";
import { Process } from "../processes/parent.ts";
import type { CrowdAddress } from "./crowd.ts";
import { hz, sightRadius } from "./steering.ts";

export type SystemName = CrowdAddress["system"];

export interface Servers {
  readonly address: Omit<CrowdAddress, "players" | "probes">;
  readonly processes: Readonly<Record<string, Process>>;
  /** The one that ticks. */
  readonly ticking: Process;
  stop(): Promise<void>;
}

/** Where servers run, and where clients do. */
export const cores = { servers: 0, clients: 1 } as const;

/** Whether processes can be held to a core: otherwise a row says nothing about one. */
export const canPin = process.platform === "linux" && cpus().length > 1;

/** All threads of a process, and those that they start. */
export function pin({ pid }: Process, core: number): void {
  if (canPin) execFileSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
}

export const startServers = (system: SystemName, side: number): Promise<Servers> =>
  system === "colyseus" ? startPeer(side) : startOurs(system, side);

async function startOurs(system: SystemName, side: number): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-bench-"));
  const { bundle, hash, suffix } = await (system === "phatroom, far rows at 5 Hz" ? buildFar() : buildField());
  await writeFile(join(folder, `field${suffix}`), bundle);
  const worker = new Process("worker", "fanout/worker.ts");
  const gateway = new Process("gateway", "fanout/gateway.ts");
  for (const process of [worker, gateway]) pin(process, cores.servers);
  const link = join(folder, "link");
  await worker.ask("start", { link, contracts: folder, plain: system === "phatroom without encryption" });
  const { url } = await gateway.ask<{ url: string }>("start", { link });
  const room = await createRoom(url, { contract: "field", options: { side: String(side) } });
  return {
    address: { system, url, room, contract: hash },
    processes: { gateway, worker },
    ticking: worker,
    async stop() {
      await gateway.stop();
      await worker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const contractFolder = new URL("contract/", import.meta.url);
const entryIn = (folder: URL): string => fileURLToPath(new URL("assembly/field.ts", folder));

const buildField = (): Promise<BuiltContract> => buildContract(entryIn(contractFolder));

/** The same rules, and rows beyond a quarter of the distance come at every fourth tick. Beside the others: they import by it. */
async function buildFar(): Promise<BuiltContract> {
  const path = await mkdtemp(fileURLToPath(new URL("far-", import.meta.url)));
  const folder = pathToFileURL(`${path}/`);
  try {
    await cp(contractFolder, folder, { recursive: true });
    const components = new URL("components.ts", folder);
    const near = `near(${sightRadius}`;
    const text = await readFile(components, "utf8");
    await writeFile(components, text.replace(near, `${near}, { full: ${sightRadius / 4}, far: ${hz / 5} }`));
    return await buildContract(entryIn(folder));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function startPeer(side: number): Promise<Servers> {
  const server = new Process("Colyseus", "fanout/peer/server.ts");
  pin(server, cores.servers);
  const { url } = await server.ask<{ url: string }>("start", { side });
  const address = { system: "colyseus", url, room: "", contract: "" } as const;
  return { address, processes: { server }, ticking: server, stop: () => server.stop() };
}
