/**
 * Moves that are on their way: each is taken once by its number, however often it is sent. What the numbers are:
 * `#protocol/move-number.ts`.
 */
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import { mayBeginRow } from "#protocol/move-number.ts";
import type { Outcomes } from "./outcomes.ts";

/** What to do with a move that arrived. */
export type Arrival =
  | { readonly arrival: "new" }
  /** Already answered: say the same again. */
  | { readonly arrival: "answered"; readonly outcome: OutcomeEntry }
  /** Already waiting. */
  | { readonly arrival: "known" };

/** What a player is told of a move that is older than others of theirs, and that the room has not, or not any more. */
export const movedOn =
  "You have moved since, and the room cannot say any more what became of this move: look for yourself.";

export class Moves {
  readonly #outcomes: Outcomes;
  /** Numbers of moves that no boundary has applied yet, in order. */
  readonly #waiting = new Map<PlayerId, readonly number[]>();

  constructor(outcomes: Outcomes) {
    this.#outcomes = outcomes;
  }

  /** Number of this player's newest move; 0 before the first. */
  newest(player: PlayerId): number {
    return this.#waitingOf(player).at(-1) ?? this.#outcomes.newest(player);
  }

  /** @throws ProtocolError "malformed" on a gap in the numbers; "too-many-moves" when too many wait. */
  take(player: PlayerId, n: number): Arrival {
    if (n < 1) throw new ProtocolError("malformed", "a move without a number");
    const waiting = this.#waitingOf(player);
    const newest = this.newest(player);
    if (n <= newest) {
      if (waiting.includes(n)) return { arrival: "known" };
      return { arrival: "answered", outcome: this.#outcomes.of(player, n) ?? [n, movedOn] };
    }
    if (n !== newest + 1 && !mayBeginRow(n)) throw new ProtocolError("malformed", "a gap in the move numbers");
    if (waiting.length >= movesPendingMax) throw new ProtocolError("too-many-moves");
    this.#waiting.set(player, [...waiting, n]);
    return { arrival: "new" };
  }

  /** A boundary has come that applies all that waited: it is answered then. */
  settle(): void {
    this.#waiting.clear();
  }

  #waitingOf(player: PlayerId): readonly number[] {
    const waiting = this.#waiting.get(player) ?? [];
    const applied = this.#outcomes.newest(player);
    return waiting.length > 0 && waiting[0]! <= applied ? waiting.filter((n) => n > applied) : waiting;
  }
}
