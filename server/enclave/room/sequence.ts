/** What happens in a room, in order: moves are taken once, inputs wait for the next boundary, and boundaries are recorded. */
import type { PlayerId } from "#protocol/identity.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { Agenda } from "./agenda.ts";
import type { Audience } from "./audience.ts";
import { BoundaryLog } from "./boundary-log.ts";
import type { RoomClock } from "./clock.ts";
import type { Course, Step } from "./course.ts";
import type { Boundary, RoomInput } from "./inputs.ts";
import type { RoomJournal } from "./journal.ts";
import { Moves } from "./moves.ts";
import type { Presence } from "./presence.ts";
import type { Standstill } from "./standstill.ts";

export interface SequenceSetup {
  readonly course: Course;
  readonly journal: RoomJournal;
  readonly clock: RoomClock;
  readonly standstill: Standstill;
  readonly presence: Presence;
  readonly audience: Audience;
  readonly agenda: Agenda;
  /** The input rows that a tick uses, which is computed now, if there are any; asked once for each, in order. */
  readonly rowsAt: (tick: number, now: number) => Uint8Array | undefined;
  /** Told what came of each boundary. */
  readonly collect: (step: Step) => void;
}

/** Missed ticks that are caught up at once; beyond them time has a gap. */
const catchUpTicks = 5;

export class Sequence {
  readonly #setup: SequenceSetup;
  readonly #moves: Moves;
  readonly #log: BoundaryLog;
  /** Whether the course knows that somebody watches. */
  #watched: boolean;

  constructor(setup: SequenceSetup) {
    const { course, journal } = setup;
    this.#setup = setup;
    this.#moves = new Moves(course.outcomes);
    this.#log = new BoundaryLog(course.manifest, course.tick, (boundary) => journal.record(boundary));
    this.#watched = course.watched;
  }

  /** Whether inputs wait that a boundary would apply. */
  get workWaits(): boolean {
    return !this.#setup.agenda.empty && !this.#setup.standstill.still;
  }

  /** Whether time goes on. */
  get running(): boolean {
    return this.#setup.course.ended === null && !this.#setup.standstill.still;
  }

  /** Number of this player's newest move that was taken. */
  newestMove(player: PlayerId): number {
    return this.#moves.newest(player);
  }

  /**
   * Takes a move, or finds that it was answered already; undefined while the answer is to come.
   *
   * @throws ProtocolError "malformed", "too-many-moves".
   */
  takeMove(player: PlayerId, n: number, move: Value): OutcomeEntry | undefined {
    const { agenda } = this.#setup;
    const arrival = this.#moves.take(player, n);
    agenda.stir();
    if (arrival.arrival === "new") agenda.push({ input: "move", player, n, move });
    return arrival.arrival === "answered" ? arrival.outcome : undefined;
  }

  /**
   * Lets happen what is due. Returns whether anything did that the host can see came in.
   *
   * @param hurried missed ticks are not caught up.
   */
  advance(now: number, hurried: boolean): boolean {
    const { course, presence, clock } = this.#setup;
    const { tick: last, manifest } = course;
    if (presence.abandoned && course.ended === null)
      return this.#step({ tick: last, inputs: [presence.abandonment()] });
    const inputs = this.#takeInputs();
    if (!this.running) return inputs.length > 0 && this.#step({ tick: last, inputs });
    const tick = clock.tick(now);
    const from = Math.max(last + 1, tick - (hurried ? 0 : catchUpTicks - 1));
    const gap = manifest.pace === "ticks" && from > last + 1 ? { from } : {};
    if (manifest.input === undefined || tick === last) return this.#step({ tick, inputs, ...gap });
    return this.#tickWithRows(from, now, { tick, inputs, ...gap });
  }

  /** Each tick that is caught up has its own input rows, and so its own boundary. */
  #tickWithRows(first: number, now: number, { tick, inputs, ...gap }: Boundary): boolean {
    let busy = false;
    for (let one = first; one <= tick; one++) {
      const rows = this.#setup.rowsAt(one, now);
      const boundary = { tick: one, inputs: one === tick ? inputs : [], ...(one === first ? gap : {}) };
      busy = this.#step(rows === undefined ? boundary : { ...boundary, rows }) || busy;
    }
    return busy;
  }

  /** While the room stands still everything waits. */
  #takeInputs(): readonly RoomInput[] {
    const { standstill, audience, agenda } = this.#setup;
    if (standstill.still) return [];
    const watched = audience.spectators > 0;
    if (watched !== this.#watched) {
      this.#watched = watched;
      agenda.push({ input: "watched", watched });
    }
    this.#moves.settle();
    return agenda.take();
  }

  #step(boundary: Boundary): boolean {
    const { course, collect } = this.#setup;
    const { version } = course.views;
    // What comes after the end of a log that is revealed is nobody's business.
    const closed = course.finale !== undefined;
    const step = course.step(boundary);
    const { busy, happenings } = step;
    const matters = busy || happenings.length > 0 || course.ended !== null || version !== course.views.version;
    if (!closed) this.#log.add(boundary, matters);
    collect(step);
    return busy;
  }
}
