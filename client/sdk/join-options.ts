/** What `join` is told: where to, what for, and what to believe. */
import type { Policy } from "#attestation/policy.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Want } from "#protocol/message.ts";
import type { Components } from "#contract/components.ts";
import type { Account } from "./account.ts";
import type { NetworkConditions } from "./simulated-network.ts";
import type { Transport } from "./transport.ts";
import type { WitnessStore } from "./witness-store.ts";

/** Policy, world and contract hash are built into a page or typed by a person. Never take them from the gateway. */
export interface JoinOptions {
  readonly room: RoomId;
  /** World id, 32 bytes. */
  readonly world: Uint8Array;
  /** Contract hash, 32 bytes. */
  readonly contract: Uint8Array;
  /** Contract hashes of other rules that this page knows: an upgrade of the room's lineage may have put them in their place. */
  readonly upgrades?: readonly Uint8Array[];
  /** Lineage id, 32 bytes; default: of this very contract, frozen. */
  readonly lineage?: Uint8Array;
  readonly policy: Policy;
  readonly account: Account;
  /**
   * Where this device keeps what it remembers of rooms, so that no host can bring back an older state of one unnoticed.
   * Default: in memory, for as long as this room is joined.
   */
  readonly witnesses?: WitnessStore;
  /** Default "play". */
  readonly want?: Want;
  /** What others see; default empty. At most 24 UTF-16 units. */
  readonly name?: string;
  /** Secret from the invitation link. */
  readonly invite?: Uint8Array;
  /** The creator's first join: from now on this room needs `invite`. */
  readonly lock?: boolean;
  /** With which another room of this world lets the player through to this one: what its "ticket" event said. */
  readonly ticket?: Uint8Array;
  /** The contract's components, for `room.entities`: `import * as components from "./components.ts"`. */
  readonly components?: Components;
  /** Told of each step of joining as it begins, the first one included; not of reconnections. */
  readonly onStep?: (step: JoinStep) => void;
  /** Gives up joining. Has no effect afterwards. */
  readonly signal?: AbortSignal;
  /** Default: Colyseus over WebSocket, loaded when it is needed. */
  readonly transport?: Transport;
  /** While a page is made: makes the network worse than it is. */
  readonly network?: NetworkConditions;
  readonly timeouts?: Partial<Timeouts>;
  /** Whether views are frozen, so that a page that writes into one fails at once. Default true. */
  readonly freeze?: boolean;
}

/** `reaching` the place, `checking` its enclave, `joining` the room. */
export type JoinStep = "reaching" | "checking" | "joining";

/** In ms. */
export interface Timeouts {
  /** From dialling to an open connection. */
  readonly open: number;
  /** For each answer of the handshake, up to the first update. */
  readonly answer: number;
  /** Between two pings. */
  readonly ping: number;
  /** Without an answer to a ping the line counts as dead. */
  readonly pong: number;
  /** Longest pause between two attempts to reconnect. */
  readonly pauseMax: number;
  /** After so long without a connection, the room closes with "unreachable". */
  readonly giveUp: number;
  /** For the room's answer to `leave`. */
  readonly leave: number;
}

export const defaultTimeouts: Timeouts = {
  open: 10_000,
  answer: 10_000,
  ping: 5000,
  pong: 8000,
  pauseMax: 10_000,
  // The longest that any room holds a seat.
  giveUp: 30 * 60_000,
  leave: 3000,
};
