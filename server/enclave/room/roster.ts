/**
 * Who sits where, as everybody in the room is told it. In a large room only the seats that have changed are told: a thousand
 * players who come one after the other would otherwise be told of a thousand seats a thousand times each.
 */
import type { RosterEntry, SeatNews, UpdateMessage } from "#protocol/message.ts";
import type { Seats } from "./seats.ts";

/** A roster that is no longer than this is told whole. */
const wholeMax = 64;

export type RosterNews = Pick<UpdateMessage, "roster" | "seats">;

export class Roster {
  readonly #seats: Seats;
  #version = 0;
  /** By seat: the version at which it last changed. */
  readonly #changedAt = new Map<number, number>();
  #whole: readonly RosterEntry[] | undefined;
  /** What was told last, since nearly everybody is told the same. */
  #told: { readonly from: number; readonly to: number; readonly news: RosterNews } | undefined;

  constructor(seats: Seats) {
    this.#seats = seats;
  }

  /** Counts up whenever the roster changes. */
  get version(): number {
    return this.#version;
  }

  /** Somebody else sits there, nobody does, or whoever does has come or gone. */
  change(seat: number): void {
    this.#version += 1;
    this.#changedAt.set(seat, this.#version);
    this.#whole = undefined;
  }

  /** What somebody has to be told who knows it as of a version; -1: who knows nothing. */
  since(version: number): RosterNews {
    const known = this.#told;
    if (known !== undefined && known.from === version && known.to === this.#version) return known.news;
    const news = this.#newsSince(version);
    this.#told = { from: version, to: this.#version, news };
    return news;
  }

  #newsSince(version: number): RosterNews {
    const whole = (this.#whole ??= this.#seats.roster());
    if (version === -1 || whole.length <= wholeMax) return { roster: whole };
    const seats: SeatNews[] = [];
    for (const [seat, changedAt] of this.#changedAt) {
      if (changedAt > version) seats.push(this.#seats.entryAt(seat) ?? seat);
    }
    return seats.length > whole.length / 2 ? { roster: whole } : { seats };
  }
}
