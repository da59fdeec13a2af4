/** The systems that are compared: ours, and the same game on the two peers; how each is started, in processes of its own. */
import { join } from "node:path";
import type { StoreConfig } from "../server/gateway/store/open.ts";
import type { Address, SystemName } from "./bots/places.ts";
import { writeFiles } from "./ours/files.ts";
import { Process } from "./processes/parent.ts";

export interface Running {
  readonly address: Address;
  /** By what it is; the names are parts of keys in the report. */
  readonly servers: Readonly<Record<string, Process>>;
  stop(): Promise<void>;
}

export interface System {
  readonly system: SystemName;
  /** What the report calls it. */
  readonly name: string;
  start(): Promise<Running>;
}

export const systems: readonly System[] = [
  { system: "phatroom", name: "phatroom", start: () => startOurs() },
  { system: "colyseus", name: "Colyseus 0.18", start: () => startPeer("colyseus", "peers/colyseus/server.ts") },
  {
    system: "boardgame.io",
    name: "boardgame.io 0.50",
    start: () => startPeer("boardgame.io", "peers/boardgame-io/server.ts"),
  },
];

/** Ours with a store on this machine's disk, as `npm start` has one: no peer keeps a game through a crash. */
export const kept: System = {
  system: "phatroom",
  name: "phatroom, kept",
  start: () => startOurs(undefined, (folder) => ({ kind: "sqlite", directory: join(folder, "store") })),
};

/**
 * @param tap listens at `tappedLink` and passes everything on to `link`; the gateway then goes through it.
 * @param store in this folder, which is deleted afterwards; without it rooms are kept by none.
 */
export async function startOurs(
  tap?: (tappedLink: string, link: string) => Promise<void>,
  store?: (folder: string) => StoreConfig,
): Promise<Running> {
  const files = await writeFiles();
  const worker = new Process("worker", "ours/worker.ts");
  const gateway = new Process("gateway", "ours/gateway.ts");
  await worker.ask("start", files);
  await tap?.(files.tappedLink, files.link);
  const { url } = await gateway.ask<{ url: string }>("start", {
    link: tap === undefined ? files.link : files.tappedLink,
    store: store?.(files.contracts),
  });
  return {
    address: { system: "phatroom", url, contract: files.contract },
    servers: { gateway, worker },
    async stop() {
      await gateway.stop();
      await worker.stop();
      await files.remove();
    },
  };
}

async function startPeer(system: SystemName, file: string): Promise<Running> {
  const server = new Process(system, file);
  const { url } = await server.ask<{ url: string }>("start");
  return { address: { system, url }, servers: { server }, stop: () => server.stop() };
}
