/** Moves that are on their way: each is taken once by its number, however often it is sent. */
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import type { Outcomes } from "./outcomes.ts";

/** What to do with a move that arrived. */
export type Arrival =
  | { readonly arrival: "new" }
  /** Already answered: say the same again. */
  | { readonly arrival: "answered"; readonly outcome: OutcomeEntry }
  /** Already waiting, or answered so long ago that nobody can still be asking. */
  | { readonly arrival: "known" };

export class Moves {
  readonly #outcomes: Outcomes;
  readonly #taken = new Map<PlayerId, number>();

  constructor(outcomes: Outcomes) {
    this.#outcomes = outcomes;
  }

  /** Number of this player's newest move; the next is one more. */
  newest(player: PlayerId): number {
    return Math.max(this.#taken.get(player) ?? 0, this.#outcomes.newest(player));
  }

  /** @throws ProtocolError "malformed" on a gap in the numbers, which begin at 1; "too-many-moves" when too many wait. */
  take(player: PlayerId, n: number): Arrival {
    if (n < 1) throw new ProtocolError("malformed", "a move without a number");
    const newest = this.newest(player);
    if (n <= newest) {
      const outcome = this.#outcomes.of(player, n);
      return outcome === undefined ? { arrival: "known" } : { arrival: "answered", outcome };
    }
    if (n !== newest + 1) throw new ProtocolError("malformed", "a gap in the move numbers");
    if (newest - this.#outcomes.newest(player) >= movesPendingMax) throw new ProtocolError("too-many-moves");
    this.#taken.set(player, n);
    return { arrival: "new" };
  }
}
