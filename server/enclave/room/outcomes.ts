/** Each player's newest moves and how they were answered, so that a move that is asked about again gets the same answer. */
import type { PlayerId } from "#protocol/identity.ts";
import { outcomesKept } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";

export class Outcomes {
  readonly #byPlayer = new Map<PlayerId, OutcomeEntry[]>();

  all(): (readonly [player: PlayerId, outcomes: readonly OutcomeEntry[]])[] {
    return [...this.#byPlayer];
  }

  /** Number of this player's newest answered move; 0 before the first. */
  newest(player: PlayerId): number {
    return this.#byPlayer.get(player)?.at(-1)?.[0] ?? 0;
  }

  /** Undefined if it was never answered, or so long ago that nobody can still be asking. */
  of(player: PlayerId, n: number): OutcomeEntry | undefined {
    return this.#byPlayer.get(player)?.find(([number]) => number === n);
  }

  add(player: PlayerId, outcome: OutcomeEntry): void {
    let entries = this.#byPlayer.get(player);
    if (entries === undefined) {
      entries = [];
      this.#byPlayer.set(player, entries);
    }
    entries.push(outcome);
    if (entries.length > outcomesKept) entries.shift();
  }
}
