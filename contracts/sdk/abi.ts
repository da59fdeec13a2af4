/**
 * The calls of the ABI `room-wasm v1`, as both sides of the sandbox encode them: IN and OUT are one msgpack value each.
 *
 * Everything a contract knows enters through IN; everything it does leaves through OUT. The input log is the replay.
 */
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { OutsideAnswer, OutsideRequest } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";

/** A seated player as a contract knows them. */
export interface Player {
  /** The same in every room of the world. 32 hex digits. */
  readonly id: string;
  /** 0 to `players.max - 1`. */
  readonly seat: number;
}

/** How somebody came who was let through by another room of this world. */
export interface Arrival {
  /** The room, and the name of its rules. */
  readonly room: string;
  readonly contract: string;
  /** What that room gave along; null for those who come back. */
  readonly payload: Value;
  /** Of those who come back: the seat they had there, and how it ended. Null for those who are let through. */
  readonly back: { readonly seat: number; readonly result: Value } | null;
}

export type Viewer = ({ readonly kind: "player" } & Player) | { readonly kind: "spectator" };

/** A row while it has the tenant that is meant. */
export interface Entity {
  readonly table: string;
  readonly row: number;
  readonly generation: number;
}

/** One call. `tick` is the boundary it happens at. Keys are 32 bytes for the ChaCha20 stream behind `context.random`. */
export type Call = AnyCall & {
  /** Items that the room can still award; missing while they are at least `effectsMax`, as many as one call can award. */
  readonly itemsLeft?: number;
};

type AnyCall =
  /** What the contract declares; asked once when it is loaded, before `open`. OUT is `described`. */
  | { readonly call: "describe" }
  | { readonly call: "open"; readonly tick: number; readonly key: Uint8Array; readonly options: RoomOptions }
  | {
      readonly call: "join";
      readonly tick: number;
      readonly key: Uint8Array;
      readonly player: Player;
      /** What was last kept for them, if anything ever was and the contract keeps records. */
      readonly record?: Value;
      readonly arrival?: Arrival;
      /** Missing for everybody but the world's moderator. */
      readonly moderator?: true;
    }
  | { readonly call: "leave"; readonly tick: number; readonly player: Player }
  | { readonly call: "dropped"; readonly tick: number; readonly player: Player }
  | { readonly call: "returned"; readonly tick: number; readonly player: Player; readonly arrival?: Arrival }
  | { readonly call: "move"; readonly tick: number; readonly player: Player; readonly move: Value }
  /** `rows` lie in the contract's input table when it is called; they are not in IN. See `#protocol/applied-rows.ts`. */
  | { readonly call: "tick"; readonly tick: number; readonly rows?: Uint8Array }
  | { readonly call: "timer"; readonly tick: number; readonly name: string; readonly payload: Value }
  /** What this player owns on the world's chain is known, or different; null: it is not known now. */
  | {
      readonly call: "items";
      readonly tick: number;
      readonly player: Player;
      readonly items: readonly HeldItem[] | null;
    }
  /** Whether an item is used up, once for each that was to be. `owner` is the player's id; null: it is used up. */
  | {
      readonly call: "consumed";
      readonly tick: number;
      readonly owner: string;
      readonly item: string;
      readonly refused: ConsumeRefusal | null;
    }
  /** What came of a request, once. */
  | { readonly call: "answer"; readonly tick: number; readonly id: string; readonly answer: OutsideAnswer }
  /** The room is over because these stayed away; the answer is the result. Nothing hidden may be in it. */
  | { readonly call: "abandon"; readonly tick: number; readonly absent: readonly Player[] }
  | { readonly call: "view"; readonly tick: number; readonly viewers: readonly Viewer[] }
  /** Other rules go on with this room: OUT is the state as they are handed it. It is the last call. */
  | { readonly call: "state"; readonly tick: number }
  /** Instead of `open`: the room goes on from what earlier rules of its lineage answered to `state`. */
  | {
      readonly call: "migrate";
      readonly tick: number;
      readonly key: Uint8Array;
      readonly options: RoomOptions;
      readonly players: readonly Player[];
      readonly state: Value;
    };

/** What a contract asks the room to do. Dropped as a whole when a move is refused or a call faults. */
export type Effect =
  | {
      readonly effect: "send";
      readonly to: "everyone" | "players" | "spectators" | { readonly player: string };
      readonly message: Value;
    }
  /** Replaces a pending timer of the same name. */
  | { readonly effect: "schedule"; readonly name: string; readonly tick: number; readonly payload: Value }
  | { readonly effect: "cancel"; readonly name: string }
  | { readonly effect: "award"; readonly player: string; readonly item: Value; readonly once: string }
  /** Uses up an item of a player's, by its id, once all that led here is durable; `consumed` says whether it is. */
  | { readonly effect: "consume"; readonly player: string; readonly item: string }
  /** In `ticks` rooms a view is computed only for those touched. */
  | { readonly effect: "touch"; readonly who: "everyone" | { readonly player: string } }
  /** What this player looks from: rows that are `near` it are shown. Null: from nowhere. */
  | { readonly effect: "focus"; readonly player: string; readonly entity: Entity | null }
  /** Rows of this team are shown to this player. Null: of none. */
  | { readonly effect: "team"; readonly player: string; readonly team: number | null }
  /**
   * Asks a server outside, once all that led here is durable. While a request of this id waits for its answer, nothing
   * happens. A body only with POST, a content type only with a body.
   */
  | { readonly effect: "request"; readonly id: string; readonly request: OutsideRequest }
  /** Lets a player through to another room of this world, which must have rules of this name. */
  | {
      readonly effect: "travel";
      readonly player: string;
      readonly room: string;
      readonly contract: string;
      readonly payload: Value;
    }
  /** Keeps this for a player, instead of what was kept before. */
  | { readonly effect: "record"; readonly player: string; readonly record: Value }
  /** For the world's moderator, and nobody else. */
  | { readonly effect: "report"; readonly report: Value }
  | { readonly effect: "end"; readonly result: Value };

export type Answer =
  | { readonly answer: "described"; readonly manifest: Value }
  /** `reason` is null unless a move was refused. */
  | {
      readonly answer: "done";
      readonly reason: string | null;
      readonly effects: readonly Effect[];
      readonly result?: Value;
    }
  | { readonly answer: "views"; readonly views: readonly Value[] }
  | { readonly answer: "state"; readonly state: Value };

export const encodeCall = (call: Call): Uint8Array => encodeMsgpack(call);
export const decodeCall = (bytes: Uint8Array): Call => decodeMsgpack(bytes) as Call;
export const encodeAnswer = (answer: Answer): Uint8Array => encodeMsgpack(answer);
