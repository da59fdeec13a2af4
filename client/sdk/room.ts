/** A verified room, as a page or a bot sees it. */
import type { VoucherEntry } from "#protocol/award.ts";
import type { AwardEntry, Ended, RosterEntry, Status } from "#protocol/message.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { Rows } from "#contract/components.ts";
import type { Entities } from "./entities/entities.ts";
import type { ClientError } from "./errors.ts";
import type { Input } from "./input/input.ts";
import type { Predictor } from "./input/predictor.ts";
import type { Shield } from "./shield.ts";
import type { Traffic } from "./traffic.ts";
import type { Wallet } from "./wallet.ts";

/** The room's answer to a move. A refusal is a sentence for the player who moved. */
export type MoveOutcome = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

/**
 * `joined`: what is shown is what the room last said. `reconnecting`: the line is lost or silent, and what is shown may
 * be old. `closed`: for good; `room.closed` says why.
 */
export type ConnectionState = "joined" | "reconnecting" | "closed";

/** What listeners are called with. All of one update's changes are in place before the first of them. */
export interface RoomEvents<View> {
  /** The view changed. Parts that did not are the same objects as before. */
  view: [next: View, previous: View | null];
  status: [next: Status, previous: Status];
  roster: [next: readonly RosterEntry[], previous: readonly RosterEntry[]];
  /** The contract sent something. It is not part of any view, and is gone once delivered. */
  message: [message: Value];
  /** The player earned something. */
  award: [award: AwardEntry];
  /** The rules let this player through to another room: join it with `ticket`. */
  ticket: [ticket: TicketEntry];
  /** Something that the player has earned, in any room of this world, is new or has come further on its way to the chain. */
  voucher: [voucher: VoucherEntry];
  connection: [next: ConnectionState, previous: ConnectionState];
  /** After a new full handshake: another opening of the room, another worker or another key. */
  shield: [next: Shield, previous: Shield];
  /** The room is over. It can still be looked at. */
  ended: [ended: Ended];
  /** Everybody may read its log now. Whoever keeps the head can tell the log from any other: `phatroom replay --head`. */
  revealed: [log: RevealedLog];
  /** The connection is over for good. Called once. */
  closed: [error: ClientError];
}

/** What names a log that was revealed. */
export interface RevealedLog {
  readonly records: number;
  /** 32 bytes: of its last record. */
  readonly head: Uint8Array;
}

export interface InputOptions {
  readonly predictor?: Predictor;
}

/** How the line is: for a display while a page is made, or for a player who wonders. */
export interface RoomFigures {
  /** Of the newest ping that was answered, there and back, in ms; undefined before the first. */
  readonly roundTripMs: number | undefined;
  /** Since joining. */
  readonly received: Traffic;
  readonly sent: Traffic;
  /** How far behind the newest news other rows are drawn, in ms; undefined without components. */
  readonly drawnBehindMs: number | undefined;
}

export interface Room<View = Value, Move = Value> {
  readonly room: string;
  /** The newest view. Null until the room shows one: while it waits for absent players it shows nothing. Immutable. */
  readonly view: View | null;
  /** Null for spectators. */
  readonly seat: number | null;
  /** This player in this world. */
  readonly player: string;
  readonly roster: readonly RosterEntry[];
  /** While the room is frozen its phase is "frozen", and `frozen` says why; the rest is as it was told last. */
  readonly status: Status;
  /** Whether this room needs an invitation. */
  readonly locked: boolean;
  /** `all`: no copy of this room goes on without everybody seated. `any`: it goes on, and a host can explore a copy. */
  readonly presence: "all" | "any";
  /** Boundaries per second. */
  readonly hz: number;
  /** The boundary of the newest update. */
  readonly tick: number;
  /** An estimate of the boundary that the room has reached by now, with fractions. Stands still while the room does. */
  tickNow(): number;
  /** What the player has earned in this world that goes on a chain, and how far each has come. */
  readonly vouchers: readonly VoucherEntry[];
  /** Null unless the room has revealed its log. */
  readonly revealed: RevealedLog | null;
  readonly connection: ConnectionState;
  /** What was verified about the worker, for the player to inspect. */
  readonly shield: Shield;
  /** Why the connection is over; null while it is not. */
  readonly closed: ClientError | null;
  /** Moves that were made and are not answered yet, oldest first. */
  readonly pending: readonly Move[];

  /**
   * The rows of one component that this player sees. `join` has to be given all components of the contract.
   *
   * @throws TypeError if this is none of them.
   */
  entities<C extends Rows>(component: C): Entities<C>;

  /**
   * What the player wants at every tick, in a room that takes inputs: from now on a row a tick is sent. The same object at
   * every call; one component only. Nothing is sent while the room stands still, nor by spectators.
   *
   * @param options a predictor of the contract, to see what is pushed at once; the first call's counts.
   * @throws TypeError if this is none of the components, or cannot be an input, or the predictor is another contract's.
   */
  input<C extends Rows>(component: C, options?: InputOptions): Input<C>;

  readonly figures: RoomFigures;

  /** Calls `listener` from now on. Returns how to stop. */
  on<Name extends keyof RoomEvents<View>>(
    name: Name,
    listener: (...values: RoomEvents<View>[Name]) => void,
  ): () => void;

  /** Calls `listener` whenever `pick` of the view gives another value (by `Object.is`). Returns how to stop. */
  select<Part>(pick: (view: View) => Part, listener: (next: Part, previous: Part | undefined) => void): () => void;

  /**
   * Makes a move. It is applied once, however often the line drops on the way.
   *
   * Rejects with ClientError "not-admitted" (spectators), "too-many-moves" (32 are unanswered), "too-long",
   * "malformed" (no value tree), or why the room closed before it answered: the move may have been applied then.
   */
  move(move: Move): Promise<MoveOutcome>;

  /**
   * The account on chain that receives what this player earns in this world, 32 bytes; null while none is linked.
   *
   * Rejects with ClientError "store-unavailable", "store-damaged", or "unreachable" if the line is lost meanwhile.
   */
  wallet(): Promise<Uint8Array | null>;
  /**
   * Links a wallet, which is asked to sign. Another one that is linked by now has to be given as `before`, and signs too.
   *
   * Rejects as `wallet`, and with ClientError "wallet-declined", "wallet-refused" or "wallet-linked".
   */
  linkWallet(wallet: Wallet, before?: Wallet): Promise<Uint8Array>;
  /** Gives up the seat, tells the room so and closes. Resolves once the room has answered, or after a few seconds. */
  leave(): Promise<void>;
  /** Disconnects. The seat is held for a while; joining again takes it back. */
  close(): void;
  /** While reconnecting: tries now instead of after the pause. */
  retryNow(): void;
}
