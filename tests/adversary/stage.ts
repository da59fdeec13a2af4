/** A place under attack: real gateway, real worker, real clients, and a host between them who does as the test says. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import type { RoomId } from "#protocol/identity.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  join,
  memoryKeyStore,
  type JoinOptions,
  type MoveOf,
  type Room,
  type ViewOf,
} from "#client/index.ts";
import { loadContractFolder } from "#enclave/contract-folder.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { RoomsLimits } from "#enclave/rooms.ts";
import { startWorker, type WorkerEvent } from "#enclave/worker.ts";
import { startGateway } from "#gateway/gateway.ts";
import type { GatewayLimits } from "#gateway/limits.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { contractsFolder } from "../support/folders.ts";
import { TamperedLink } from "./tamper.ts";
import { Wiretap } from "./wiretap.ts";

export const world: WorldManifest = { name: "phatroom under attack", development: true };

/** Everybody comes from one address here. */
const roomyLimits: Partial<GatewayLimits> = {
  connectionsPerAddress: 1000,
  socketsPerAddress: 1000,
  joinsPerMinute: 100_000,
  creationsPerMinute: 100_000,
  requestsPerMinute: 100_000,
};

export type Dot4Room = Room<ViewOf<typeof dot4>, MoveOf<typeof dot4>>;

export interface Stage {
  readonly url: string;
  readonly link: TamperedLink;
  readonly tap: Wiretap;
  readonly contract: LoadedContract;
  /** Everything that gateway and worker logged, as text. */
  readonly logged: string[];
  readonly events: WorkerEvent[];
  room(): Promise<RoomId>;
  /** Whether this room has given its memory back. */
  asleep(room: RoomId): boolean;
  join(room: RoomId, options?: Partial<JoinOptions>): Promise<Dot4Room>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** Wraps the platform of the worker. */
  readonly platform?: (honest: Platform) => Platform;
  readonly contracts?: readonly LoadedContract[];
  readonly rooms?: RoomsLimits;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(joinPath(tmpdir(), "phatroom-stage-"));
  const honest = await softwarePlatform({ directory: folder });
  const contracts = options.contracts ?? (await loadContractFolder(await contractEngine(), contractsFolder));
  const events: WorkerEvent[] = [];
  const logged: string[] = [];
  const workerPath = joinPath(folder, "worker.sock");
  const linkPath = joinPath(folder, "link.sock");
  const worker = await startWorker({
    address: { kind: "socket", path: workerPath },
    world,
    platform: options.platform?.(honest) ?? honest,
    contracts,
    ...(options.rooms === undefined ? {} : { limits: options.rooms }),
    log: (event) => {
      events.push(event);
      logged.push(JSON.stringify(event));
    },
  });
  const link = await TamperedLink.open(linkPath, workerPath);
  const gateway = await startGateway({
    worker: { kind: "socket", path: linkPath },
    limits: roomyLimits,
    log: (event) => logged.push(JSON.stringify(event)),
  });
  await gateway.ready();
  const tap = await Wiretap.open(gateway.port);
  const contract = contracts.find(({ manifest }) => manifest.name === "dot4")!;
  const rooms: Dot4Room[] = [];
  return {
    url: tap.url,
    link,
    tap,
    contract,
    logged,
    events,
    room: () => createRoom(tap.url, { contract: "dot4" }),
    asleep: (room) => worker.asleep(room),
    async join(room, more = {}) {
      const joined = await join<typeof dot4>(tap.url, {
        room,
        world: worldId(world),
        contract: contract.hash,
        policy: developmentPolicy,
        account: more.account ?? (await guestAccount(memoryKeyStore())),
        timeouts: { ping: 250, pong: 500, pauseMax: 100, answer: 3000 },
        ...more,
      });
      rooms.push(joined);
      return joined;
    },
    async close() {
      for (const room of rooms) room.close();
      await tap.close();
      await gateway.close();
      await link.close();
      await worker.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
