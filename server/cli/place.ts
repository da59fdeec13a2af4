/** A whole place on one machine: a gateway, and beside it a worker that it keeps running. For development and tests. */
import { createRequire } from "node:module";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorldManifest } from "#protocol/manifest.ts";
import { startGateway, type Gateway, type GatewayConfig } from "#gateway/gateway.ts";
import { openLog } from "#gateway/log.ts";

export interface PlaceOptions {
  readonly world: WorldManifest;
  /** Folder of built contracts. */
  readonly contracts: string;
  /** Where the development root is kept between starts. */
  readonly directory: string;
  /** Prints what contracts do wrong. Development worlds only. */
  readonly inspect?: boolean;
  readonly platform?: "software" | "dstack" | "unavailable";
  /** Where dstack's guest agent is, if that is the platform; default: where dstack mounts it. */
  readonly agent?: string;
  /** A chain for what players earn: where a node is, and what a worker's configuration says of it. */
  readonly chain?: { readonly url: string; readonly terms: object };
  /** How many workers; default 1. Rooms can move between them where there is a store. */
  readonly workers?: number;
  /** How many threads of each worker have rooms; default 1. "cores": as many as the machine has. */
  readonly threads?: number | "cores";
  /** Takes the log of both, a line of JSON at a time; default: standard output. */
  readonly output?: (line: string) => void;
  readonly gateway?: Omit<GatewayConfig, "worker" | "workerCommand" | "workerName" | "moreWorkers">;
}

export interface Place {
  readonly url: string;
  readonly port: number;
  /** The Unix socket between gateway and worker; of the first, if there are several. */
  readonly socket: string;
  close(): Promise<void>;
}

const workerMain = createRequire(import.meta.url).resolve("#enclave/main.ts");

/** Starts both and waits until the worker is ready. @throws Error if it cannot; nothing is left running then. */
export async function startPlace(options: PlaceOptions): Promise<Place> {
  // A Unix socket's path is limited to about a hundred bytes; a project's folder may be longer.
  const scratch = await mkdtemp(join(tmpdir(), "phatroom-"));
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const [first, ...more] = await Promise.all(
    Array.from({ length: options.workers ?? 1 }, (_, i) => prepareWorker(options, scratch, `worker-${i + 1}`)),
  );
  const { output } = options;
  let gateway: Gateway | undefined;
  const close = async (): Promise<void> => {
    await gateway?.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    gateway = await startGateway({
      ...(output === undefined ? {} : { log: openLog("info", { write: (line) => output(line.trimEnd()) }) }),
      ...(options.chain === undefined ? {} : { chain: options.chain.url }),
      moderator: options.world.moderator,
      ...options.gateway,
      worker: first!.address,
      workerCommand: first!.command,
      workerName: first!.name,
      moreWorkers: more,
    });
    await gateway.ready();
    return { url: gateway.url, port: gateway.port, socket: first!.address.path, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Writes what one worker is started with. */
async function prepareWorker(options: PlaceOptions, scratch: string, name: string) {
  const path = join(scratch, `${name}.sock`);
  const config = join(scratch, `${name}.json`);
  const {
    world,
    platform = "software",
    directory,
    contracts,
    inspect = false,
    agent,
    output,
    chain,
    threads,
  } = options;
  await writeFile(
    config,
    JSON.stringify({
      address: path,
      world,
      platform,
      directory,
      contracts,
      inspect,
      supervised: true,
      ...(agent === undefined ? {} : { agent }),
      ...(threads === undefined ? {} : { threads }),
      ...(chain === undefined ? {} : { chain: chain.terms }),
    }),
  );
  const command = [process.execPath, workerMain, config] as const;
  return { name, address: { kind: "socket", path } as const, command: { command, output } };
}
