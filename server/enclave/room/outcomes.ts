/** Each player's newest moves and how they were answered, so that a move that is asked about again gets the same answer. */
import type { PlayerId } from "#protocol/identity.ts";
import { outcomesKept } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";

/** Players whose moves a room remembers: all who are seated, and those others who moved last. A hub lives for weeks. */
export const playersRemembered = 8192;

export class Outcomes {
  /** Who has moved longest ago is first. */
  readonly #byPlayer = new Map<PlayerId, OutcomeEntry[]>();
  readonly #isSeated: (player: PlayerId) => boolean;

  constructor(isSeated: (player: PlayerId) => boolean = () => true) {
    this.#isSeated = isSeated;
  }

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
    const entries = this.#byPlayer.get(player) ?? [];
    this.#byPlayer.delete(player);
    this.#byPlayer.set(player, entries);
    entries.push(outcome);
    if (entries.length > outcomesKept) entries.shift();
    if (!this.#isSeated(player)) this.unseated(player);
  }

  /** Of whoever has no seat the newest is enough: nothing up to it is ever made again. */
  unseated(player: PlayerId): void {
    const entries = this.#byPlayer.get(player);
    entries?.splice(0, entries.length - 1);
    if (this.#byPlayer.size > playersRemembered) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const player of this.#byPlayer.keys()) {
      if (this.#isSeated(player)) continue;
      this.#byPlayer.delete(player);
      return;
    }
  }
}
