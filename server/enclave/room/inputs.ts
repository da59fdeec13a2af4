/**
 * What a room is told at its boundaries. Contract, options and these inputs are all that it is a function of: whoever
 * repeats them has the same room again.
 */
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { OutsideAnswer } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { UsedTicket } from "./arrivals.ts";
import type { Version } from "./kept.ts";

export type RoomInput =
  /** Somebody takes a seat, with 32 bytes of their own for the room's randomness. */
  | {
      readonly input: "join";
      readonly player: PlayerId;
      readonly seat: number;
      readonly name: string;
      readonly entropy: Uint8Array;
      readonly baggage?: Brought;
    }
  /** The seat is free again. */
  | { readonly input: "leave"; readonly player: PlayerId }
  /** The connection is lost; the seat is held. `pauseLeftMs` is what is left of the time this player may keep others waiting. */
  | { readonly input: "dropped"; readonly player: PlayerId; readonly pauseLeftMs: number }
  | {
      readonly input: "returned";
      readonly player: PlayerId;
      readonly pauseLeftMs: number;
      readonly arrival?: UsedTicket;
    }
  | { readonly input: "move"; readonly player: PlayerId; readonly n: number; readonly move: Value }
  /** Whether anybody watches: the spectators' view is computed only then. */
  | { readonly input: "watched"; readonly watched: boolean }
  /** From now on an invitation is needed. */
  | { readonly input: "locked"; readonly invite: Uint8Array }
  /** The room is over because whoever is absent stayed away. */
  | { readonly input: "abandon"; readonly absent: readonly PlayerId[] }
  /** The lineage's keys want the room to go on by other rules, after a notice that begins here; see `#protocol/upgrade.ts`. */
  | { readonly input: "upgrade"; readonly upgrade: Uint8Array }
  /** What came of a request of the contract's. It is in the log: whoever repeats the room asks nobody. */
  | { readonly input: "answer"; readonly id: string; readonly answer: OutsideAnswer }
  /** What a player's record was to be is kept now, as this version; null: something else was kept elsewhere. */
  | { readonly input: "kept"; readonly player: PlayerId; readonly version: Version | null }
  /** What a player owns is known, or different; null: it is not known now. */
  | { readonly input: "items"; readonly player: PlayerId; readonly items: readonly HeldItem[] | null }
  /** Whether an item is used up that the contract wanted to be, by its number; null: it is. */
  | { readonly input: "consumed"; readonly n: number; readonly refused: ConsumeRefusal | null }
  /** Everybody who sits there keeps the end of the room: whoever reopens it need not ask them for it again. */
  | { readonly input: "shown" }
  /**
   * The last input of an opening: its worker lets go of the room, which goes on with the next term. `to` names the worker
   * that had proved itself, by its instance; null if it was left to whoever comes.
   */
  | { readonly input: "released"; readonly next: number; readonly to: Uint8Array | null };

/** What somebody who takes a seat brings from outside the room. */
export interface Brought {
  /** What was kept for them, null if nothing ever was, and its version. Missing where nothing is kept. */
  readonly record?: { readonly value: Value; readonly version: Version };
  /** The ticket with which they were let through by another room. */
  readonly arrival?: UsedTicket;
  /** They hold the key of the world's moderator. */
  readonly moderator?: true;
}

/** One boundary. */
export interface Boundary {
  readonly tick: number;
  /** In rooms that tick: the first tick that is computed, if time has a gap before it. */
  readonly from?: number;
  readonly inputs: readonly RoomInput[];
  /** In rooms that tick and take inputs: the rows that are used at `tick`; see `#protocol/applied-rows.ts`. */
  readonly rows?: Uint8Array;
}
