/** Each player's newest moves and how they were answered, so that a move that is asked about again gets the same answer. */
import type { PlayerId } from "#protocol/identity.ts";
import { movesPendingMax, outcomesKept } from "#protocol/limits.ts";
import type { OutcomeEntry } from "#protocol/message.ts";

/** Players whose moves a room remembers: all who are seated, and those others who were here last. A hub lives for weeks. */
export const playersRemembered = 8192;

/** Of so many who gave up their seats last, or lost them, all that they may still be asking for; of the others the newest. */
export const leaversAnswered = 256;

export class Outcomes {
  /** Who has moved, or left, longest ago is first. */
  readonly #byPlayer = new Map<PlayerId, OutcomeEntry[]>();
  /** Of those without a seat all of whom more than the newest is remembered, in the same order. */
  readonly #leavers = new Set<PlayerId>();
  readonly #isSeated: (player: PlayerId) => boolean;

  constructor(isSeated: (player: PlayerId) => boolean = () => true) {
    this.#isSeated = isSeated;
  }

  all(): (readonly [player: PlayerId, outcomes: readonly OutcomeEntry[]])[] {
    return [...this.#byPlayer];
  }

  /** As `all` gave it, of players who are seated as they were. */
  restore(all: readonly (readonly [player: PlayerId, outcomes: readonly OutcomeEntry[]])[]): void {
    for (const [player, entries] of all) {
      this.#byPlayer.set(player, [...entries]);
      if (entries.length > 1 && !this.#isSeated(player)) this.#leavers.add(player);
    }
  }

  /** Number of this player's newest answered move; 0 before the first. */
  newest(player: PlayerId): number {
    return this.#byPlayer.get(player)?.at(-1)?.[0] ?? 0;
  }

  /** Undefined if it was never answered, or so long ago that it is forgotten. */
  of(player: PlayerId, n: number): OutcomeEntry | undefined {
    return this.#byPlayer.get(player)?.find(([number]) => number === n);
  }

  add(player: PlayerId, outcome: OutcomeEntry): void {
    const entries = this.#moveToEnd(player);
    entries.push(outcome);
    if (this.#isSeated(player)) {
      if (entries.length > outcomesKept) entries.shift();
    } else {
      // Whoever only watches is refused every move, and asks for none of them.
      this.#shorten(entries, this.#leavers.has(player) ? movesPendingMax : 1);
      if (this.#byPlayer.size > playersRemembered) this.#forgetOldest();
    }
  }

  seated(player: PlayerId): void {
    this.#leavers.delete(player);
  }

  /** Whoever lost the seat while away comes back and asks for everything that was not answered. */
  unseated(player: PlayerId): void {
    if (!this.#byPlayer.has(player)) return;
    const entries = this.#moveToEnd(player);
    this.#shorten(entries, movesPendingMax);
    if (entries.length > 1) this.#leavers.add(player);
    if (this.#leavers.size > leaversAnswered) this.#shortenOldest();
    if (this.#byPlayer.size > playersRemembered) this.#forgetOldest();
  }

  #moveToEnd(player: PlayerId): OutcomeEntry[] {
    const entries = this.#byPlayer.get(player) ?? [];
    this.#byPlayer.delete(player);
    this.#byPlayer.set(player, entries);
    if (this.#leavers.delete(player)) this.#leavers.add(player);
    return entries;
  }

  #shorten(entries: OutcomeEntry[], length: number): void {
    if (entries.length > length) entries.splice(0, entries.length - length);
  }

  #shortenOldest(): void {
    for (const player of this.#leavers) {
      this.#leavers.delete(player);
      this.#shorten(this.#byPlayer.get(player)!, 1);
      return;
    }
  }

  #forgetOldest(): void {
    for (const player of this.#byPlayer.keys()) {
      if (this.#isSeated(player)) continue;
      this.#byPlayer.delete(player);
      this.#leavers.delete(player);
      return;
    }
  }
}
