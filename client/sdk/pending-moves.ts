/**
 * Moves that were made and not answered. The room takes a player's moves by their numbers and remembers its newest answers,
 * so a move that is sent again under its number is applied once and answered as before. What the numbers are, and why
 * each window has a row of its own: `#protocol/move-number.ts`.
 */
import { ClientError } from "./errors.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import { firstMoveNumber } from "#protocol/move-number.ts";
import type { Value } from "#protocol/value.ts";
import type { MoveOutcome } from "./room.ts";

interface Pending {
  /** Undefined as long as it was sent to no room. */
  n: number | undefined;
  readonly move: Value;
  readonly resolve: (outcome: MoveOutcome) => void;
  readonly reject: (error: ClientError) => void;
}

export interface NumberedMove {
  readonly n: number;
  readonly move: Value;
}

export class PendingMoves {
  readonly #window: number;
  #pending: Pending[] = [];
  /** Number of the newest move of this player that the room has taken, by its own word. */
  #taken: number;
  /** Undefined while the row of this window has not begun. */
  #next: number | undefined;
  /** Number of the newest move whose answer we were told. */
  #told = 0;

  /** @param taken number of the newest move of this player that the room has taken. @param window 16 bits, drawn for it. */
  constructor(taken = 0, window = 0) {
    this.#taken = taken;
    this.#window = window;
  }

  get moves(): readonly Value[] {
    return this.#pending.map(({ move }) => move);
  }

  /**
   * Returns the number to send it under, or none if it is not to be sent yet.
   *
   * @throws ClientError "too-many-moves".
   */
  add(move: Value, sent: boolean): { readonly n: number | undefined; readonly outcome: Promise<MoveOutcome> } {
    if (this.#pending.length >= movesPendingMax) throw new ClientError("too-many-moves");
    const n = sent ? this.#number() : undefined;
    const { promise: outcome, resolve, reject } = Promise.withResolvers<MoveOutcome>();
    this.#pending.push({ n, move, resolve, reject });
    return { n, outcome };
  }

  /** An answer to a move we do not wait for is an answer we already had. */
  answer([n, reason]: OutcomeEntry): void {
    this.#told = Math.max(this.#told, n);
    this.#take(n)?.resolve(reason === null ? { accepted: true } : { accepted: false, reason });
  }

  /** Whether a room that has taken our moves up to this number is an older copy of the one that answered us. */
  isBehind(taken: number): boolean {
    return taken < this.#told;
  }

  /**
   * What to send on a new channel, oldest first, given the number of the newest move that the room has taken. Those up to
   * that number are sent too: the room answers them again without applying them.
   */
  resend(taken: number): readonly NumberedMove[] {
    this.#taken = taken;
    // Another window has moved since: what is new goes into a row behind its own.
    if (this.#next !== undefined && taken >= this.#next) this.#next = undefined;
    return this.#pending.map((pending) => ({ n: (pending.n ??= this.#number()), move: pending.move }));
  }

  /** Nobody will answer any more. */
  fail(error: ClientError): void {
    const failed = this.#pending;
    this.#pending = [];
    for (const { reject } of failed) reject(error);
  }

  #number(): number {
    const n = this.#next ?? firstMoveNumber(this.#taken, this.#window);
    this.#next = n + 1;
    return n;
  }

  #take(n: number): Pending | undefined {
    const at = this.#pending.findIndex((pending) => pending.n === n);
    return at < 0 ? undefined : this.#pending.splice(at, 1)[0];
  }
}
