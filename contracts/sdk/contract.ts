/** What a contract author writes. One object: who may play, what moves there are, and functions of state and move. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { Manifest, RoomOptions } from "#protocol/manifest.ts";
import type { OutsideAnswer } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { Arrival, Entity, Player, Viewer } from "./abi.ts";
import type { Components } from "./components.ts";

export type { Arrival, Entity, Player, Viewer } from "./abi.ts";
export type { ConsumeRefusal } from "#protocol/consumption.ts";
export type { HeldItem } from "#protocol/held-item.ts";
export type { OutsideAnswer } from "#protocol/request.ts";
export type { Value } from "#protocol/value.ts";

/** A rule's answer to a move. */
export type Outcome<State> =
  | { readonly accepted: true; readonly state: State }
  /** Said to the player who moved. Nothing else of the move remains: no effect, no change. */
  | { readonly accepted: false; readonly reason: string };

export const accept = <State>(state: State): Outcome<State> => ({ accepted: true, state });
export const refuse = (reason: string): Outcome<never> => ({ accepted: false, reason });

/** Draws from the room's stream: enclave entropy mixed with 32 bytes from each player who joined. */
export interface Random {
  /** A whole number from 0 to `below - 1`, without bias. `below` is 1 to 2³². */
  below(below: number): number;
  /** A number from 0 up to but not including 1, in steps of 2⁻³². */
  unit(): number;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
  /** A new array in random order. */
  shuffle<T>(items: readonly T[]): T[];
}

/** Somebody who takes a seat. */
export interface Newcomer extends Player {
  /** What was last kept for them by `context.record`, in any room of this contract; null if nothing was. Check it like a move. */
  readonly record: Value;
  /** How they came, if another room let them through, or they come back from one; else null. */
  readonly arrival: Arrival | null;
  /** Whether they hold the key of the world's moderator. */
  readonly moderator: boolean;
}

/** A player, with what they own on the world's chain: in contracts that have the rule `items`. */
export interface Holder extends Player {
  /**
   * Proven by the chain's own final blocks, at most 64, in no collection that matters more than the contract's own. Null: it
   * is not known now, because the chain is silent or nobody has asked it yet. Whoever gates by it lets nobody through then.
   */
  readonly items: readonly HeldItem[] | null;
}

/** An item that was to be used up. */
export interface Use {
  /** Whose it was to be. */
  readonly player: string;
  readonly item: string;
  /** Null: it is used up. */
  readonly refused: ConsumeRefusal | null;
}

/** Somebody who had dropped and is back. */
export type Returning = Pick<Newcomer, "id" | "seat" | "arrival">;

/** All that a rule may know besides state and move, and all that it may cause. */
export interface Context {
  /** Boundaries since the room opened. The only clock there is; it stands still while the room is paused. */
  readonly tick: number;
  /** Ticks in so many seconds at this room's pace, rounded up. */
  seconds(seconds: number): number;
  readonly random: Random;
  readonly options: RoomOptions;
  /** Everybody seated now, by seat: in `join` with the newcomer, in `leave` without who left. */
  readonly players: readonly Player[];
  /** Delivers a message with the next update. Not part of any view; gone once delivered. */
  send(to: "everyone" | "players" | "spectators" | Player, message: Value): void;
  /** Calls `timer` after so many ticks, at least one. A pending timer of the same name is replaced. */
  schedule(name: string, afterTicks: number, payload?: Value): void;
  cancel(name: string): void;
  /**
   * Items of the contract's `collections` that this room can still award, as this call began: a room awards 16,384 in its
   * life. Undefined as long as they are 256 or more, which is all that one call can award.
   */
  readonly itemsLeft?: number | undefined;
  /**
   * This player earned this item. `once` names the reason: the same reason never counts twice in this room; for what is no
   * item of the contract's `collections`, not among the newest 16,384 such awards of the room. Where no item is left
   * (`itemsLeft`) none is awarded, and nobody is told: refuse the move before, and say why.
   */
  award(player: Player, item: Value, terms: { readonly once: string }): void;
  /**
   * Uses up an item of a player's, by its `id`, and calls `consumed` with what came of it: always once. It must be of one of
   * the contract's `collections`, and the player's by what the chain proves now. What is used up counts nowhere any more, in
   * no room of the world, whoever burns it or not, and is never issued again. Act on it in `consumed`, not before.
   */
  consume(player: Player, item: string): void;
  /** At pace "ticks": the view of this player, or of everybody, is computed again, at most five times a second. */
  touch(who: "everyone" | Player): void;
  /**
   * From now on this player looks from this entity, `Body.entity(row)`, and sees the rows that are `near` it, until another
   * is named or it is gone. Null: sees nothing near.
   */
  focus(player: Player, entity: Entity | null): void;
  /** From now on this player sees the rows of this team, a whole number. Null: of none. */
  team(player: Player, team: number | null): void;
  /**
   * Asks a server outside, below one of the contract's `requests`, and calls `answer` with what came of it: always once,
   * also if nobody was asked. The server is asked once or, if a machine stops at the wrong moment, not at all: then the
   * answer is `{ failed: "interrupted" }`. While a request of this id waits for its answer, asking again does nothing.
   *
   * The server learns what it is asked, and the host when, how long it is, and the server's name. Text is sent as UTF-8.
   */
  request(id: string, request: RequestTerms): void;
  /**
   * Lets a player through to another room of this world: their page is handed a ticket, with which they arrive there, once,
   * within ten minutes. `payload` (at most 1 KB) comes with them; nobody on the way can read or change it. When that room
   * has ended by its rules, they are handed one for the way back, with its result.
   *
   * @param to the room's id, which the player's page may have made, and the name of its rules. A room of that name is not
   *   always the one you know: whoever runs the machine may run rules of their own under it.
   */
  travel(player: Player, to: { readonly room: string; readonly contract: string }, payload?: Value): void;
  /**
   * Keeps this for a player, instead of what was kept before: it is their `record` when they take a seat the next time, in
   * any room of this contract. At most 4 KB; only in contracts with `records`. Whoever is seated elsewhere meanwhile, and is
   * kept something there, loses the seat here.
   */
  record(player: Player, record: Value): void;
  /** Tells the world's moderator, and nobody else: sealed to their key. At most 32 KB. Lost in worlds without a moderator. */
  report(report: Value): void;
  /** The room is over. Views still show what `view` builds; no move is taken any more. */
  end(result: Value): void;
}

export interface RequestTerms {
  readonly url: string;
  /** Default: POST with a body, GET without. */
  readonly method?: "GET" | "POST";
  readonly body?: string | Uint8Array;
  /** Default application/json. */
  readonly contentType?: string;
}

export interface MoveContext extends Context {
  /** Who moves. */
  readonly player: Holder;
}

export interface Contract<State, Move, View> {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly players: { readonly min: number; readonly max: number };
  /** Spectators at once; default 100. */
  readonly spectators?: number;
  /** Default "turns". */
  readonly pace?: "turns" | "ticks";
  /** Ticks per second for "ticks"; default 20. */
  readonly hz?: number;
  /** Default "all" for up to 8 seats, else "any". */
  readonly presence?: "all" | "any";
  /**
   * "at-end": when the rules have ended a room, its log is revealed: everybody may read every move and all randomness, and
   * repeat the game. Default "never". Part of the contract hash, so that players know before they join.
   */
  readonly reveal?: "never" | "at-end";
  /**
   * Places outside that the rules may ask, such as "https://api.example/scores/": at most 8. Default none. Part of the
   * contract hash, so that players know before they join.
   */
  readonly requests?: readonly string[];
  /** Whether something is kept for players, by `context.record`; default false. Part of the contract hash. */
  readonly records?: boolean;
  /**
   * Collections of items that the rules award, by symbol: `{ SWORDS: { max: 1000, metadata: "ipfs://…" } }`. Items of them
   * go on the world's chain, issued by a key that only the contract's rooms have, `max` of each collection at most. Their
   * `resources` are forms that each item gets: `{ id: "worn", src: "ipfs://…", slot: "spirit.hat" }`, in a slot of a base
   * that the world's owner made. Default none. Part of the contract hash.
   */
  readonly collections?: Manifest["collections"];
  /** How long a dropped player's seat is held; default 60 s. */
  readonly graceMs?: number;
  /** How long one player's absences may pause the room in total; default 180 s. */
  readonly pauseMs?: number;
  readonly options?: { readonly [name: string]: readonly string[] };
  /** Size of every frame to a viewer; default 1024 for "turns", padded to buckets for "ticks". */
  readonly frameBytes?: number;
  /** Memory in pages of 64 KiB; default 256 (16 MiB). In TypeScript engine and SDK take 42 of them. */
  readonly memoryPages?: number;
  /** Work one call may cost; default 20,000,000, which is some milliseconds. `phatroom build --profile` shows what it takes. */
  readonly fuel?: number;
  /** What the room's entities consist of: `import * as components from "./components.ts"`. */
  readonly components?: Components;
  /**
   * For "ticks": which of the components players write, one row a tick into the row of their seat. Its capacity is
   * `players.max`, its audience `nobody`; a field `seen: u32` is the tick that the player saw, at most 250 ms ago. Before
   * each `tick` it holds every seat's newest row, or the one before if none has come; 0 in all fields before the first.
   */
  readonly input?: string;

  /** Parses a move before `apply` sees it. Any synchronous Standard Schema: valibot, zod, arktype. */
  readonly moves: StandardSchemaV1<unknown, Move>;
  open(context: Context): State;
  /** Somebody took a seat. The room plays once `players.min` are seated; a seat given up before that is free again. */
  join?(state: State, player: Newcomer, context: Context): State | void;
  /** Somebody gave up the seat, or did not return in time. */
  leave?(state: State, player: Player, context: Context): State | void;
  /** Somebody's connection was lost. The seat is held; an `all` room pauses. */
  dropped?(state: State, player: Player, context: Context): State | void;
  /** Somebody who had dropped is back. */
  returned?(state: State, player: Returning, context: Context): State | void;
  /** Owns `state`: mutate it or return a new one. Refuse before the first write. */
  apply(state: State, move: Move, context: MoveContext): Outcome<State>;
  tick?(state: State, context: Context): State | void;
  timer?(state: State, timer: { readonly name: string; readonly payload: Value }, context: Context): State | void;
  /**
   * What a player owns is known, or different, or is not known any more. A contract that has this rule is told: with its
   * first words after somebody has sat down, and whenever it changes. Before that `player.items` is null.
   */
  items?(state: State, player: Holder, context: Context): State | void;
  /**
   * Whether an item is used up. `refused` is null if it is, and else why not: the item is as it was. `consumeRefusals` has a
   * sentence for each. The player, named by id, may have left meanwhile.
   */
  consumed?(state: State, use: Use, context: Context): State | void;
  /** What came of a request. `textOf(answer.body)` is its text. */
  answer?(
    state: State,
    answered: { readonly id: string; readonly answer: OutsideAnswer },
    context: Context,
  ): State | void;
  /** The room ends because these stayed away. Returns the result, in which nothing hidden may be; default null. */
  abandon?(state: State, absent: readonly Player[], context: Context): Value;
  /** The state as a tree, for the rules that follow these; default: the state itself. At most 60 KB. */
  save?(state: State): Value;
  /**
   * Goes on with a room from what earlier rules of its lineage saved. Runs once, instead of `open`; whoever is seated then
   * is in `context.players`, and timers go on. Rules without it follow no others.
   */
  migrate?(saved: Value, context: Context): State;
  /** What one viewer may see, built up field by field. Must not change state. */
  view(state: State, viewer: Viewer): View;
}

/** A contract of any types, as the runtime holds it. */
// oxlint-disable-next-line no-explicit-any -- State and Move are the author's own on both sides
export type AnyContract = Contract<any, any, any>;
