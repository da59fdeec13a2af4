/**
 * A room: puts what players do in order, lets the contract decide, and tells each viewer what that viewer may see.
 *
 * Pure: time and randomness come in, messages go out through `RoomOutput`. Nothing is told between boundaries but
 * admissions, pongs, witnesses, that the room is frozen, that its log is revealed, and what waited for the store or for
 * somebody to show what they keep.
 */
import type { Listing } from "#protocol/control.ts";
import type { VoucherEntry } from "#protocol/award.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Manifest, RoomOptions } from "#protocol/manifest.ts";
import type { ClientMessage, FrozenReason, Phase } from "#protocol/message.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import { Agenda } from "./agenda.ts";
import { Attendance, type Entry } from "./attendance.ts";
import { Audience, type ConnectionId, type RoomOutput, type Viewer } from "./audience.ts";
import { RoomClock } from "./clock.ts";
import { encodeCourse } from "./course-codec.ts";
import type { Course } from "./course.ts";
import { Freezing } from "./freezing.ts";
import { InputDesk } from "./input-desk.ts";
import { HeldOutput } from "./held-output.ts";
import type { RoomJournal } from "./journal.ts";
import { Outside, type Outsiders } from "./outside.ts";
import { Presence } from "./presence.ts";
import { Revealing } from "./revealing.ts";
import type { Passage } from "./happenings.ts";
import { Seats } from "./seats.ts";
import { Sequence } from "./sequence.ts";
import { Shown } from "./shown.ts";
import { Standing } from "./standing.ts";
import { Standstill } from "./standstill.ts";
import { Telling } from "./telling.ts";
import { Witnesses } from "./witnesses.ts";

export type { Entry } from "./attendance.ts";

export interface RoomSetup extends Outsiders {
  readonly id: RoomId;
  /** From its beginning, or as far as it was repeated from a log. */
  readonly course: Course;
  readonly options: RoomOptions;
  /** Whether the lobby may list it. */
  readonly listed: boolean;
  readonly output: RoomOutput;
  /** Told whenever what the lobby may know has changed. */
  readonly announce: (listing: Listing) => void;
  /** Seals what lets a player through to another room. Where nobody does, nobody is let through. */
  readonly ticket?: (player: PlayerId, passage: Passage) => TicketEntry;
  /** How far what this player earned has come, anywhere in this world. */
  readonly vouchersOf?: (player: PlayerId) => readonly VoucherEntry[];
  /** Keeps every boundary that the room's course depends on. */
  readonly journal: RoomJournal;
  /** Monotonic, in ms. */
  readonly now: number;
}

export class Room {
  readonly id: RoomId;
  readonly manifest: Manifest;
  readonly options: RoomOptions;
  /** What those outside say and ask. */
  readonly outside: Outside;
  readonly #course: Course;
  readonly #journal: RoomJournal;
  readonly #freezing: Freezing;
  readonly #standing: Standing;
  readonly #presence: Presence;
  readonly #output: HeldOutput;
  readonly #audience: Audience;
  readonly #agenda = new Agenda();
  readonly #attendance: Attendance;
  readonly #sequence: Sequence;
  readonly #telling: Telling;
  readonly #shown: Shown;
  /** Whether the log is to say that everybody has shown the end. */
  #endSaid = false;
  readonly #witnesses: Witnesses;
  readonly #revealing: Revealing;
  readonly #inputs: InputDesk;
  readonly #vouchersOf: RoomSetup["vouchersOf"];
  readonly #gridMs: number;
  #boundaryAt: number;

  constructor(setup: RoomSetup) {
    const { id, course, options, journal, now } = setup;
    const { manifest } = course;
    this.id = id;
    this.manifest = manifest;
    this.options = options;
    this.#gridMs = 1000 / manifest.hz;
    this.#boundaryAt = now;
    this.#vouchersOf = setup.vouchersOf;
    this.#course = course;
    this.#journal = journal;
    const clock = new RoomClock(manifest.hz, now, course.tick);
    const agenda = this.#agenda;
    const standstill = new Standstill(clock);
    const inputs = (this.#inputs = new InputDesk(manifest));
    const seats = new Seats(manifest);
    const shown = (this.#shown = new Shown({ course, journal, seats }));
    const presence = (this.#presence = new Presence(manifest, seats, standstill, shown, now));
    const output = (this.#output = new HeldOutput(setup.output, journal, shown));
    const audience = (this.#audience = new Audience(output));
    const witnesses = (this.#witnesses = new Witnesses({ manifest, journal, audience, standstill, shown, output }));
    this.#freezing = new Freezing({ standstill, presence, audience, output });
    this.#revealing = new Revealing({ course, journal, shown, audience, standstill, output });
    const welcome = (viewer: Viewer): void => this.#welcome(viewer);
    const attendance = new Attendance({ course, seats, presence, standstill, audience, agenda, welcome, now });
    this.#attendance = attendance;
    // What lies in the rows of those who were here before is nobody's wish any more.
    for (const { seat } of seats.all()) inputs.forget(seat);
    const parts = { course, agenda, attendance, audience, standstill, presence, clock, shown };
    const telling = (this.#telling = new Telling({ ...setup, ...parts, seats, inputs }));
    const outside = (this.outside = new Outside({ ...parts, output, outsiders: setup }));
    const sequence = (this.#sequence = new Sequence({
      ...parts,
      journal,
      rowsAt: (tick, at) => inputs.next(tick, at),
      collect: (step) => {
        shown.answered(step.outcomes.map(({ player }) => player));
        telling.collect(step);
        outside.handOut(step.happenings);
      },
    }));
    this.#standing = new Standing({ ...parts, sequence, witnesses });
    outside.resume();
    telling.announce(this.#standing.shownPhase);
  }

  /** Which opening of the room this is. */
  get term(): number {
    return this.#journal.term;
  }

  /** 32 bytes; see `journal.ts`. */
  get head(): Uint8Array {
    return this.#journal.head;
  }

  /** Boundaries since it began. */
  get tick(): number {
    return this.#course.tick;
  }

  /** Number of the newest upgrade that was announced here; 0 if none was. */
  get upgrades(): number {
    return this.#course.upgrades;
  }

  /** Whether other rules are to take over now. */
  get upgradeDue(): boolean {
    return this.#course.upgradeDue;
  }

  get phase(): Phase {
    return this.frozen === null ? this.#standing.phase : "frozen";
  }

  /** Why it is frozen; null while it is not. */
  get frozen(): FrozenReason | null {
    return this.#freezing.reason;
  }

  /** Fuel of all that its contract has done. */
  get spent(): number {
    return this.#course.spent;
  }

  get asleep(): boolean {
    return this.#course.asleep;
  }

  /** Since when nobody is connected, in ms; undefined while somebody is. */
  get emptySince(): number | undefined {
    return this.#attendance.emptySince;
  }

  /** When the next boundary is due, in ms. Infinity if nothing will happen until somebody does something. */
  get dueAt(): number {
    return this.#standing.dueAt(this.#boundaryAt + this.#gridMs);
  }

  /**
   * Lets somebody in, or back in, and answers `admitted`. The first update follows at the next boundary.
   *
   * @throws ProtocolError "invite-required", "lock-refused", "room-full", "room-ended", "watching-refused"; while the
   * room is frozen because of its store, why.
   */
  enter(connection: ConnectionId, entry: Entry, now: number): void {
    this.#freezing.checkStore();
    this.#attendance.enter(connection, entry, now);
  }

  /**
   * Lets in somebody whose channel is resumed: back to the seat, or among the spectators.
   *
   * @throws ProtocolError "watching-refused"; while the room is frozen because of its store, why.
   */
  reenter(connection: ConnectionId, player: PlayerId, now: number): void {
    this.#freezing.checkStore();
    this.#attendance.reenter(connection, player, now);
  }

  /** @throws ProtocolError "malformed", "not-admitted", "too-many-moves"; the channel must be closed then. */
  receive(connection: ConnectionId, message: ClientMessage, now: number): void {
    const viewer = this.#audience.get(connection);
    if (viewer === undefined) throw new ProtocolError("not-admitted");
    switch (message.type) {
      case "move":
        return this.#takeMove(viewer, message);
      case "input":
        return this.#inputs.receive(viewer.seat?.seat, message.rows, now);
      case "leave":
        this.#forgetInputs(viewer);
        return this.#attendance.leave(viewer, now);
      case "ping":
        return this.#output.sendAtOnce(connection, { type: "pong", at: message.at });
      case "close":
        return this.drop(connection, now);
      case "witness":
        return this.#takeWitness(viewer, message.witness, now);
      case "auth":
        throw new ProtocolError("malformed", "already admitted");
      case "wallet":
        throw new ProtocolError("malformed", "not a room's affair");
    }
  }

  /** The lineage's keys want other rules, which was checked. Said in the room's log, and to its players, once it plays. */
  announceUpgrade(upgrade: Uint8Array): void {
    this.#agenda.push({ input: "upgrade", upgrade });
    this.#agenda.stir();
  }

  /** So many bytes wait for a client, as the gateway says. */
  buffered(connection: ConnectionId, bytes: number): void {
    const viewer = this.#audience.get(connection);
    if (viewer !== undefined) viewer.buffered = bytes;
  }

  /** A connection is gone, for whatever reason. The seat is held. */
  drop(connection: ConnectionId, now: number): void {
    this.#forgetInputs(this.#audience.get(connection));
    this.#attendance.drop(connection, now);
  }

  /**
   * Does what is due: at most one boundary, however late it is.
   *
   * @param hurried missed ticks are not caught up.
   */
  boundary(now: number, hurried = false): void {
    this.#boundaryAt = now - ((now - this.#boundaryAt) % this.#gridMs);
    this.#agenda.settle();
    if (this.frozen !== null) this.#presence.charge(now);
    else this.#expire(now);
    this.#rememberEnd();
    const busy = this.#sequence.advance(now, hurried);
    this.#shown.settle();
    this.#standing.settle(now);
    this.#witnesses.boundary(now);
    this.#telling.tell(this.#standing.phase, busy);
    this.#revealing.settle();
    this.#announce();
  }

  /**
   * The journal has got further: says what waited for that.
   *
   * @param now in ms, as far as it is known.
   */
  release(now = this.#boundaryAt): void {
    this.#witnesses.durable(Math.max(now, this.#boundaryAt));
    this.#release();
  }

  /**
   * Stops everything: no input is applied, no clock runs, no budget is charged, and nothing leaves but the reason. What is
   * rolled back does not go on here: it is read again, or closed.
   */
  freeze(reason: FrozenReason, now: number): void {
    if (this.#freezing.freeze(reason, now)) this.#announce();
  }

  /** Goes on after the store was away. Nothing was lost: everything that was held has been said by now. */
  thaw(now: number): void {
    if (!this.#freezing.thaw(now)) return;
    this.#shown.excuse(now);
    this.#standing.settle(now);
    this.#agenda.stir();
    this.#announce();
  }

  /** Gives the contract's memory back while nobody is here. The next boundary with work wakes it. */
  sleep(): void {
    if (this.#audience.size === 0) this.#course.sleep();
  }

  /** All it takes to go on from here, encoded. Between boundaries. */
  save(): Uint8Array {
    return encodeCourse(this.#course.save());
  }

  /** Ends the room for good, or its life in this worker, and tells whoever is still here. */
  close(code: ErrorCode = "room-ended"): void {
    this.#output.abandon();
    for (const viewer of this.#audience.all()) this.#audience.close(viewer.connection, code);
    this.#course.close();
  }

  #announce(): void {
    this.#telling.announce(this.#standing.shownPhase);
  }

  #release(): void {
    this.#output.release();
    this.#revealing.settle();
  }

  /** Somebody here shows what their device keeps: what waited for that is said. */
  #takeWitness({ player }: Viewer, witness: Uint8Array, now: number): void {
    if (!this.#shown.take(player, witness, now)) return;
    this.#release();
    if (this.#course.ended !== null) this.#agenda.stir();
  }

  /** A log that is revealed has come to its end, and being revealed says the same. */
  #rememberEnd(): void {
    if (this.#endSaid || this.frozen !== null || this.#course.finale !== undefined || !this.#shown.endComplete) return;
    this.#endSaid = true;
    this.#agenda.push({ input: "shown" });
  }

  /** Ends what has lasted for too long: silences, absences, and the room that waits for them. */
  #expire(now: number): void {
    const { ended } = this.#course;
    for (const seat of this.#shown.late(now)) {
      this.#inputs.forget(seat.seat);
      this.#attendance.lose(seat, now);
    }
    this.#attendance.expire(now);
    const over = ended === null ? this.#presence.abandoned : this.#presence.exhausted;
    if (over && this.#shown.abandon()) this.#output.forgo();
  }

  #forgetInputs(viewer: Viewer | undefined): void {
    if (viewer?.seat !== undefined) this.#inputs.forget(viewer.seat.seat);
  }

  #welcome(viewer: Viewer): void {
    const { connection, player, seat } = viewer;
    this.#forgetInputs(viewer);
    this.#shown.came(player);
    // Whoever was away when it ended has still to be let back.
    for (const passage of this.#course.passages) {
      if (passage.player === player) this.#telling.letThrough(viewer, passage);
    }
    this.#audience.sayEarly(connection, {
      type: "admitted",
      player,
      seat: seat?.seat ?? null,
      hz: this.manifest.hz,
      moves: this.#sequence.newestMove(player),
      locked: this.#attendance.locked,
      presence: this.manifest.presence,
    });
    this.#freezing.tell(connection);
    viewer.vouchers.push(...(this.#vouchersOf?.(player) ?? []));
  }

  #takeMove({ player, outcomes }: Viewer, { n, move }: Extract<ClientMessage, { type: "move" }>): void {
    const answered = this.#sequence.takeMove(player, n, move);
    if (answered !== undefined) outcomes.push(answered);
  }
}
