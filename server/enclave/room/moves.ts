/** Each player's moves by number: taken once, answered once, answered again if asked again. Survives reconnections. */
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { movesPendingMax, outcomesKept } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";

interface Ledger {
  /** Newest number taken. */
  taken: number;
  /** Taken and not yet answered. */
  pending: number;
  readonly outcomes: OutcomeEntry[];
}

/** What to do with a move that arrived. */
export type Arrival =
  | { readonly arrival: "new" }
  /** Already answered: say the same again. */
  | { readonly arrival: "answered"; readonly outcome: OutcomeEntry }
  /** Already waiting, or answered so long ago that nobody can still be asking. */
  | { readonly arrival: "known" };

export class MoveLedgers {
  readonly #ledgers = new Map<PlayerId, Ledger>();

  /** Number of this player's newest move; the next is one more. */
  newest(player: PlayerId): number {
    return this.#ledgers.get(player)?.taken ?? 0;
  }

  /** @throws ProtocolError "malformed" on a gap in the numbers, which begin at 1; "too-many-moves" when too many wait. */
  take(player: PlayerId, n: number): Arrival {
    const ledger = this.#of(player);
    if (n < 1) throw new ProtocolError("malformed", "a move without a number");
    if (n <= ledger.taken) {
      const outcome = ledger.outcomes.find(([number]) => number === n);
      return outcome === undefined ? { arrival: "known" } : { arrival: "answered", outcome };
    }
    if (n !== ledger.taken + 1) throw new ProtocolError("malformed", "a gap in the move numbers");
    if (ledger.pending >= movesPendingMax) throw new ProtocolError("too-many-moves");
    ledger.taken = n;
    ledger.pending += 1;
    return { arrival: "new" };
  }

  answer(player: PlayerId, outcome: OutcomeEntry): void {
    const ledger = this.#of(player);
    ledger.pending -= 1;
    ledger.outcomes.push(outcome);
    if (ledger.outcomes.length > outcomesKept) ledger.outcomes.shift();
  }

  #of(player: PlayerId): Ledger {
    let ledger = this.#ledgers.get(player);
    if (ledger === undefined) {
      ledger = { taken: 0, pending: 0, outcomes: [] };
      this.#ledgers.set(player, ledger);
    }
    return ledger;
  }
}
