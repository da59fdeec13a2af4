/**
 * How far everybody who has a seat has shown that their device keeps what became of the room. In `all` rooms that somebody
 * keeps, nothing is told to anybody before: a host that holds a player's frames back and then shows an older copy of the
 * room would otherwise have learnt what that player does not know to have given away.
 *
 * Counts boundaries, as the journal does. In other rooms nobody has to show anything.
 */
import { equalBytes } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Course } from "./course.ts";
import type { RoomJournal } from "./journal.ts";
import type { Seat, Seats } from "./seats.ts";

/**
 * Whoever has not shown for so long what they were handed, in ms, counts as somebody whose line dropped. A device answers
 * within a round trip; this is what clients wait between two pings, and less than players put up with a page that is silent.
 */
export const showingMs = 5000;

export interface ShownSetup {
  readonly course: Pick<Course, "manifest" | "started" | "ended" | "endShown">;
  readonly journal: RoomJournal;
  readonly seats: Pick<Seats, "all" | "of">;
}

interface Keeper {
  /** Boundaries that their device keeps a witness of. */
  shown: number;
  /** After which of them the newest of their own moves was answered. */
  moved: number;
  /** Since when they have not shown the newest that they were handed, in ms; undefined if they have. */
  since: number | undefined;
}

export class Shown {
  readonly #setup: ShownSetup;
  readonly #keepers = new Map<PlayerId, Keeper>();
  /** Witnesses on their way, the oldest first, and the newest that everybody has shown. */
  #handed: { readonly count: number; readonly witness: Uint8Array }[] = [];
  /** The boundary that ended the room: what is said of it later gives nothing more away. */
  #end: number | undefined;
  #givenUp = false;

  constructor(setup: ShownSetup) {
    this.#setup = setup;
    this.settle();
  }

  /** Whether this room waits for it at all. Once all have shown the end, or it was revealed for that, nobody is asked any more. */
  get asked(): boolean {
    const { course, journal } = this.#setup;
    if (course.endShown || journal.revealed !== undefined) return false;
    return course.manifest.presence === "all" && journal.witness !== undefined;
  }

  /** Whether somebody sits there, and all who do have shown the end: then the room's log says so, for those who reopen it. */
  get endComplete(): boolean {
    if (!this.asked || this.#givenUp || this.#end === undefined) return false;
    return this.#setup.seats.all().length > 0 && this.complete;
  }

  /** Whether the room is over without it: what was not shown by then is never told. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** Whether everybody has shown that they keep the first `count` boundaries, as far as anything rests on them. */
  covers(count: number): boolean {
    if (!this.asked) return true;
    const needed = Math.min(count, this.#end ?? count);
    return this.#setup.seats.all().every((seat) => !this.#counts(seat) || this.#of(seat.id).shown >= needed);
  }

  /** Whether all that has happened may be told. */
  get complete(): boolean {
    return this.covers(this.#setup.journal.recorded);
  }

  /** Whether the room cannot do without this player, because of what they have not shown. */
  owes({ id }: Pick<Seat, "id">): boolean {
    if (!this.asked || this.#givenUp) return false;
    const { course, journal } = this.#setup;
    const { shown, moved } = this.#of(id);
    if (this.#end !== undefined) return shown < this.#end;
    // Before the game has begun nobody is awaited, but whoever has done something already.
    return course.started ? shown < journal.recorded : shown < moved;
  }

  /** A boundary, and what came of it: these have their answers. */
  answered(players: Iterable<PlayerId>): void {
    if (!this.asked) return;
    for (const id of players) this.#keep(id).moved = this.#setup.journal.recorded;
  }

  /** Whether the room has ended may be different now. */
  settle(): void {
    const { course, journal } = this.#setup;
    if (course.ended !== null) this.#end ??= journal.recorded;
  }

  /**
   * Those who stay away are waited for no longer: the room ends for what all have shown.
   *
   * @returns whether somebody who is away has not.
   */
  abandon(): boolean {
    const { journal, seats } = this.#setup;
    if (seats.all().some((seat) => !seat.present && this.owes(seat))) this.#givenUp = true;
    this.#end ??= journal.recorded;
    return this.#givenUp;
  }

  /** Somebody was handed what speaks for everything durable; in ms. */
  handed(player: PlayerId, witness: Uint8Array, now: number): void {
    if (!this.asked) return;
    const { journal, seats } = this.#setup;
    const { durable } = journal;
    if ((this.#handed.at(-1)?.count ?? 0) < durable) this.#handed.push({ count: durable, witness });
    if (seats.of(player) === undefined) return;
    const keeper = this.#keep(player);
    if (keeper.shown < durable) keeper.since ??= now;
  }

  /**
   * Somebody shows a witness that their device keeps; in ms.
   *
   * @returns whether anybody may be told more now.
   */
  take(player: PlayerId, witness: Uint8Array, now: number): boolean {
    if (!this.asked || this.#setup.seats.of(player) === undefined) return false;
    const found = this.#handed.findLast((one) => equalBytes(one.witness, witness));
    const keeper = this.#keep(player);
    if (found === undefined || found.count <= keeper.shown) return false;
    keeper.shown = found.count;
    keeper.since = found.count < this.#handed.at(-1)!.count ? now : undefined;
    this.#forget();
    return true;
  }

  /** Those who are here and have had time enough; in ms. */
  late(now: number): readonly Seat[] {
    return this.#awaited().filter((seat) => now - this.#of(seat.id).since! >= showingMs);
  }

  /** When somebody's time runs out, in ms; Infinity if nobody's does. */
  get dueAt(): number {
    return Math.min(...this.#awaited().map((seat) => this.#of(seat.id).since! + showingMs));
  }

  /** Somebody is here on another line: their time begins when they are handed something there. */
  came(player: PlayerId): void {
    const keeper = this.#keepers.get(player);
    if (keeper !== undefined) keeper.since = undefined;
  }

  /** Time in which the room was frozen is nobody's; in ms. */
  excuse(now: number): void {
    for (const keeper of this.#keepers.values()) if (keeper.since !== undefined) keeper.since = now;
  }

  #awaited(): readonly Seat[] {
    if (!this.asked) return [];
    return this.#setup.seats.all().filter(({ id, present }) => present && this.#of(id).since !== undefined);
  }

  /** Whoever is away from a game that has not begun, and has done nothing in it, is not awaited. */
  #counts(seat: Seat): boolean {
    return this.#setup.course.started || seat.present || !seat.cameBack || this.owes(seat);
  }

  #of(id: PlayerId): Readonly<Keeper> {
    return this.#keepers.get(id) ?? nothing;
  }

  #keep(id: PlayerId): Keeper {
    const keeper = this.#keepers.get(id) ?? { ...nothing };
    this.#keepers.set(id, keeper);
    return keeper;
  }

  /** What everybody has shown, and who has gone. */
  #forget(): void {
    const { seats } = this.#setup;
    for (const id of this.#keepers.keys()) if (seats.of(id) === undefined) this.#keepers.delete(id);
    const least = Math.min(...seats.all().map(({ id }) => this.#of(id).shown));
    while (this.#handed.length > 1 && this.#handed[1]!.count <= least) this.#handed.shift();
  }
}

const nothing: Readonly<Keeper> = { shown: 0, moved: 0, since: undefined };
