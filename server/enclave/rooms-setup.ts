/** What a worker's rooms are given: their limits, and where everything goes that comes of them. */
import type { VoucherEntry } from "#protocol/award.ts";
import type { Listing } from "#protocol/control.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { ContinuityLimits } from "./continuity.ts";
import type { Awarded } from "./reward/award.ts";
import type { RoomOutput } from "./room/audience.ts";
import type { Consumption } from "./room/consuming.ts";
import type { Passage } from "./room/happenings.ts";
import type { Saving } from "./room/kept.ts";
import type { Room } from "./room/room.ts";
import type { LoadedContract } from "./sandbox/sandbox.ts";
import type { Lineage } from "./vault/lineages.ts";
import type { RoomLog } from "./vault/room-log.ts";
import type { Vault } from "./vault/vault.ts";

export interface RoomsLimits {
  /** Rooms at once, asleep ones included: what fits the memory of a small worker. */
  readonly roomsMax: number;
  /** An empty room gives its memory back after so long. */
  readonly sleepAfterMs: number;
  /** A room that ended or never began is forgotten after being empty for so long. */
  readonly forgetAfterMs: number;
  /** A game in progress waits this long for its players. */
  readonly abandonAfterMs: number;
  /** See `continuity.ts`. */
  readonly continuity?: Partial<ContinuityLimits>;
  /**
   * Records after which a kept room is saved; default 256: repeating as many takes about as long as loading what was saved.
   */
  readonly recordsPerSave?: number;
}

export const roomsLimits: RoomsLimits = {
  roomsMax: 5000,
  sleepAfterMs: 30_000,
  forgetAfterMs: 10 * 60_000,
  abandonAfterMs: 7 * 24 * 60 * 60_000,
};

export interface RoomsSetup {
  readonly contracts: readonly LoadedContract[];
  /** By which rooms may still be played, but none is made. */
  readonly earlier?: readonly LoadedContract[];
  readonly output: RoomOutput;
  readonly announce: (listing: Listing) => void;
  /** A room is here, in this opening. */
  readonly held?: (room: RoomId, term: number) => void;
  readonly gone: (room: RoomId) => void;
  /** A contract failed. `detail` is for its author and may hold secrets. */
  readonly fault: (contract: string, detail: string) => void;
  readonly random: (length: number) => Uint8Array;
  /** Of rooms that begin with this contract. */
  readonly lineageOf?: (contract: Uint8Array) => Lineage;
  /** Where rooms are kept; undefined where they live and die with this worker. */
  readonly vault?: () => Vault | undefined;
  /** A contract asks a server outside. Without it, what is asked stays without an answer. */
  readonly ask?: (room: HostedRoom, id: string, request: OutsideRequest) => void;
  /** A room of this lineage has awarded something: once that is durable, and items again each time it is opened. */
  readonly award?: (lineage: Uint8Array, awarded: Awarded) => void;
  /** A room uses up an item. */
  readonly consume?: (room: HostedRoom, consumption: Consumption) => void;
  /** How far what this player earned has come. */
  readonly vouchersOf?: (player: PlayerId) => readonly VoucherEntry[];
  /** Seals what lets a player of this room through to another one. */
  readonly ticket?: (room: HostedRoom, player: PlayerId, passage: Passage) => TicketEntry;
  /** A room keeps a record for a player. */
  readonly keep?: (room: HostedRoom, saving: Saving) => void;
  /** A room reports something to the world's moderator. */
  readonly report?: (room: HostedRoom, report: Value) => void;
  /** A room failed outside of its boundaries, which is not its contract's fault. Without it, it is thrown. */
  readonly failed?: (room: HostedRoom, error: unknown) => void;
  /** More of a kept room is durable. */
  readonly durable?: (room: HostedRoom) => void;
  /** Monotonic, in ms: what faults take. Without it they are owed for by fuel alone. */
  readonly clock?: () => number;
  readonly limits?: RoomsLimits;
}

export interface HostedRoom {
  readonly room: Room;
  /** The rules it is played by now. */
  readonly contract: LoadedContract;
  /** Missing where nobody derives any. */
  readonly lineage?: Lineage | undefined;
  /** Undefined if nobody keeps it. */
  readonly log: RoomLog | undefined;
}
