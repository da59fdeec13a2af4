/**
 * Moves that were made and not answered. The room counts a player's moves and remembers its newest answers, so a move
 * that is sent again under its number is applied once and answered as before.
 */
import { ClientError } from "./errors.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { MoveOutcome } from "./room.ts";

interface Pending {
  n: number;
  /** Whether a room may have it under this number. */
  sent: boolean;
  readonly move: Value;
  readonly resolve: (outcome: MoveOutcome) => void;
  readonly reject: (error: ClientError) => void;
}

export interface NumberedMove {
  readonly n: number;
  readonly move: Value;
}

export class PendingMoves {
  #pending: Pending[] = [];
  #next: number;
  /** Number of the newest move whose answer we were told. */
  #told = 0;

  /** @param answered number of the newest move of this player that the room has answered. */
  constructor(answered = 0) {
    this.#next = answered + 1;
  }

  get moves(): readonly Value[] {
    return this.#pending.map(({ move }) => move);
  }

  /**
   * @param sent whether it is sent now; otherwise its number is settled once it is.
   * @throws ClientError "too-many-moves".
   */
  add(move: Value, sent = true): NumberedMove & { readonly outcome: Promise<MoveOutcome> } {
    if (this.#pending.length >= movesPendingMax) throw new ClientError("too-many-moves");
    const n = this.#next++;
    const { promise: outcome, resolve, reject } = Promise.withResolvers<MoveOutcome>();
    this.#pending.push({ n, sent, move, resolve, reject });
    return { n, move, outcome };
  }

  /** An answer to a move we do not wait for is an answer we already had. */
  answer([n, reason]: OutcomeEntry): void {
    this.#told = Math.max(this.#told, n);
    this.#take(n)?.resolve(reason === null ? { accepted: true } : { accepted: false, reason });
  }

  /**
   * Whether a room that counts so many moves of ours is an older copy of the one that answered us. Numbers mean something
   * else there: whoever sent a move to it could be told of another one.
   */
  isBehind(answered: number): boolean {
    return answered < this.#told;
  }

  /**
   * What to send on a new channel, oldest first, given the number of the newest move that the room has answered.
   * Those up to that number are sent too: the room answers them again without applying them.
   */
  resend(answered: number): readonly NumberedMove[] {
    const sent = this.#pending.filter((pending) => pending.sent);
    // The room went back to before our oldest unanswered move, so it never had it: it counts on from where it stands.
    const back = Math.max(0, (sent[0]?.n ?? 0) - (answered + 1));
    let last = answered;
    for (const pending of this.#pending) {
      pending.n = pending.sent ? pending.n - back : Math.max(last, answered) + 1;
      pending.sent = true;
      last = pending.n;
    }
    this.#next = Math.max(answered, last) + 1;
    return this.#pending.map(({ n, move }) => ({ n, move }));
  }

  /** Nobody will answer any more. */
  fail(error: ClientError): void {
    const failed = this.#pending;
    this.#pending = [];
    for (const { reject } of failed) reject(error);
  }

  #take(n: number): Pending | undefined {
    const at = this.#pending.findIndex((pending) => pending.n === n);
    return at < 0 ? undefined : this.#pending.splice(at, 1)[0];
  }
}
