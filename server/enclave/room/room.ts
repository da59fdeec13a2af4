/**
 * A room: puts what players do in order, lets the contract decide, and tells each viewer what that viewer may see.
 *
 * Pure: time and randomness come in, messages go out through `RoomOutput`. Nothing is told between boundaries but
 * admissions, pongs, witnesses, that the room is frozen, and that its log is revealed.
 */
import type { Listing } from "#protocol/control.ts";
import type { VoucherEntry } from "#protocol/award.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Manifest, RoomOptions } from "#protocol/manifest.ts";
import type { ClientMessage, FrozenReason, Phase } from "#protocol/message.ts";
import type { OutsideAnswer, OutsideRequest } from "#protocol/request.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { Agenda } from "./agenda.ts";
import { Attendance, type Entry } from "./attendance.ts";
import { Audience, type ConnectionId, type RoomOutput, type Viewer } from "./audience.ts";
import { RoomClock } from "./clock.ts";
import type { Consumption } from "./consuming.ts";
import { encodeCourse } from "./course-codec.ts";
import type { Course, Step } from "./course.ts";
import { InputDesk } from "./input-desk.ts";
import type { Saving, Version } from "./kept.ts";
import type { ItemAward, Passage } from "./rules.ts";
import { HeldOutput } from "./held-output.ts";
import type { RoomJournal } from "./journal.ts";
import { Presence } from "./presence.ts";
import { Revealing } from "./revealing.ts";
import { Seats } from "./seats.ts";
import { Sequence } from "./sequence.ts";
import { Standstill } from "./standstill.ts";
import { Telling } from "./telling.ts";
import { Witnesses } from "./witnesses.ts";

export type { Entry } from "./attendance.ts";

export interface RoomSetup {
  readonly id: RoomId;
  /** From its beginning, or as far as it was repeated from a log. */
  readonly course: Course;
  readonly options: RoomOptions;
  /** Whether the lobby may list it. */
  readonly listed: boolean;
  readonly output: RoomOutput;
  /** Told whenever what the lobby may know has changed. */
  readonly announce: (listing: Listing) => void;
  /**
   * Asks a server outside and gives `answer` what came of it, later. Called at most once for each request, when all that
   * led to it is durable. Where nobody asks, requests wait for an answer for good.
   */
  readonly ask?: (id: string, request: OutsideRequest) => void;
  /** Seals what lets a player through to another room. Where nobody does, nobody is let through. */
  readonly ticket?: (player: PlayerId, passage: Passage) => TicketEntry;
  /**
   * Keeps a record of a player's and gives `kept` what came of it, later. Called when all that led to it is durable; once
   * more with the same, if nobody knows whether it was kept. Where nobody does, records stay on their way.
   */
  readonly keep?: (saving: Saving) => void;
  /**
   * Keeps what was awarded, if it is an item. Called when the award is durable, and for items again each time the room is
   * opened. Where nobody does, they are the room's own affair.
   */
  readonly award?: (award: ItemAward) => void;
  /**
   * Uses up an item and gives `consumed` what came of it, later. Called when all that led to it is durable, and again when the
   * room is opened while it is not known what came of it. Where nobody does, it waits for good.
   */
  readonly consume?: (consumption: Consumption) => void;
  /** How far what this player earned has come, anywhere in this world. */
  readonly vouchersOf?: (player: PlayerId) => readonly VoucherEntry[];
  /** Hands a report to the world's moderator, when all that led to it is durable. Where nobody does, it is lost. */
  readonly report?: (report: Value) => void;
  /** Keeps every boundary that the room's course depends on. */
  readonly journal: RoomJournal;
  /** Monotonic, in ms. */
  readonly now: number;
}

export class Room {
  readonly id: RoomId;
  readonly manifest: Manifest;
  readonly options: RoomOptions;
  readonly #course: Course;
  readonly #journal: RoomJournal;
  readonly #clock: RoomClock;
  readonly #standstill: Standstill;
  readonly #presence: Presence;
  readonly #output: HeldOutput;
  readonly #audience: Audience;
  readonly #agenda = new Agenda();
  readonly #attendance: Attendance;
  readonly #sequence: Sequence;
  readonly #telling: Telling;
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
    this.#clock = new RoomClock(manifest.hz, now, course.tick);
    const standstill = (this.#standstill = new Standstill(this.#clock));
    const inputs = (this.#inputs = new InputDesk(manifest));
    const seats = new Seats(manifest);
    const presence = (this.#presence = new Presence(manifest, seats, standstill, now));
    const output = (this.#output = new HeldOutput(setup.output, journal));
    const audience = (this.#audience = new Audience(output));
    this.#witnesses = new Witnesses({ manifest, journal, audience, standstill, output });
    this.#revealing = new Revealing({ course, journal, seats, audience, standstill, output });
    const welcome = (viewer: Viewer): void => this.#welcome(viewer);
    const agenda = this.#agenda;
    const attendance = new Attendance({ course, seats, presence, standstill, audience, agenda, welcome, now });
    this.#attendance = attendance;
    // What lies in the rows of those who were here before is nobody's wish any more.
    for (const { seat } of seats.all()) inputs.forget(seat);
    const telling = (this.#telling = new Telling({
      ...setup,
      seats,
      attendance,
      agenda,
      audience,
      standstill,
      inputs,
    }));
    this.#sequence = new Sequence({
      course,
      journal,
      clock: this.#clock,
      standstill,
      presence,
      audience,
      agenda,
      rowsAt: (tick) => inputs.next(tick),
      collect: (step) => {
        telling.collect(step);
        this.#handOut(step, setup);
      },
    });
    // Whoever asked for these is gone. They may have reached their servers: they are not made again.
    for (const id of course.underWay) this.answer(id, { failed: "interrupted" });
    const { keep } = setup;
    const { award, consume } = setup;
    if (consume !== undefined) for (const one of course.consuming) output.inTurn(() => consume(one));
    if (award !== undefined) for (const item of course.items) output.inTurn(() => award(item));
    if (keep !== undefined) for (const saving of course.kept.underWay()) output.inTurn(() => keep(saving));
    this.#telling.announce(this.#standing);
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
    return this.#standstill.frozen === null ? this.#standing : "frozen";
  }

  /** Why it is frozen; null while it is not. */
  get frozen(): FrozenReason | null {
    return this.#standstill.frozen;
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

  /**
   * When the next boundary is due, in ms. Infinity if nothing will happen until somebody does something.
   */
  get dueAt(): number {
    const nextBoundary = this.#boundaryAt + this.#gridMs;
    const ticking = this.manifest.pace === "ticks" && this.#sequence.running && this.#audience.size > 0;
    if (this.#agenda.restless || this.#sequence.workWaits || ticking || this.#presence.abandoned) return nextBoundary;
    const witnessAt = this.#audience.size > 0 ? this.#witnesses.dueAt : Number.POSITIVE_INFINITY;
    if (this.#over) return Math.max(nextBoundary, witnessAt);
    // A paused clock is due never.
    const timerAt = this.#clock.dueAt(Math.min(this.#course.nextTimer, this.#course.upgrade?.at ?? Infinity));
    return Math.max(nextBoundary, Math.min(timerAt, this.#presence.expiresAt, witnessAt));
  }

  get #over(): boolean {
    return this.#course.ended !== null;
  }

  /** The phase that it has or, while it is frozen, would have. */
  get #standing(): Exclude<Phase, "frozen"> {
    if (this.#over) return "ended";
    if (this.#standstill.waiting) return "paused";
    return this.#course.started ? "playing" : "open";
  }

  /**
   * Lets somebody in, or back in, and answers `admitted`. The first update follows at the next boundary.
   *
   * @throws ProtocolError "invite-required", "lock-refused", "room-full", "room-ended", "watching-refused"; while the
   * room is frozen because of its store, why.
   */
  enter(connection: ConnectionId, entry: Entry, now: number): void {
    this.#checkStore();
    this.#attendance.enter(connection, entry, now);
  }

  /**
   * Lets in somebody whose channel is resumed: back to the seat, or among the spectators.
   *
   * @throws ProtocolError "watching-refused"; while the room is frozen because of its store, why.
   */
  reenter(connection: ConnectionId, player: PlayerId, now: number): void {
    this.#checkStore();
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
        return this.#inputs.receive(viewer.seat?.seat, message.rows);
      case "leave":
        this.#forgetInputs(viewer);
        return this.#attendance.leave(viewer, now);
      case "ping":
        return this.#output.sendAtOnce(connection, { type: "pong", at: message.at });
      case "close":
        return this.drop(connection, now);
      case "witness":
        if (this.#revealing.kept(viewer.player, message.witness)) this.#agenda.stir();
        return;
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

  /** What came of a request: said at the next boundary. */
  answer(id: string, answer: OutsideAnswer): void {
    this.#agenda.push({ input: "answer", id, answer });
  }

  /** Whether the rules are told what players own. */
  get wantsItems(): boolean {
    return this.manifest.items === true && !this.#over;
  }

  /** Who is seated. */
  get seated(): readonly PlayerId[] {
    return this.#course.members.all().map(({ id }) => id);
  }

  /** What a player owns: said at the next boundary. Null: it is not known now. */
  tellItems(player: PlayerId, items: readonly HeldItem[] | null): void {
    this.#agenda.push({ input: "items", player, items });
  }

  /** Whether an item is used up that was to be, by its number; null: it is. Said at the next boundary. */
  consumed(n: number, refused: ConsumeRefusal | null): void {
    this.#agenda.push({ input: "consumed", n, refused });
  }

  /** What a player has earned stands differently: told at the next boundary. @returns whether they are here. */
  tellVouchers(player: PlayerId, entries: readonly VoucherEntry[]): boolean {
    const viewer = this.#audience.ofPlayer(player);
    if (viewer === undefined) return false;
    viewer.vouchers.push(...entries);
    this.#agenda.stir();
    return true;
  }

  /** What was to be kept for a player is, as this version; null: something else was, in another room. */
  kept(player: PlayerId, version: Version | null, now: number): void {
    this.#agenda.push({ input: "kept", player, version });
    if (version === null) this.#attendance.overtake(player, now);
  }

  /** The newest version of a player's record that this room has seen; undefined if it has seen none. */
  versionOf(player: PlayerId): Version | undefined {
    return this.#course.kept.versionOf(player);
  }

  /** What is on its way to be kept for a player; undefined if nothing is. */
  pendingFor(player: PlayerId): Value | undefined {
    return this.#course.kept.pending(player);
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
    if (this.#standstill.frozen !== null) this.#presence.charge(now);
    else this.#attendance.expire(now);
    const busy = this.#sequence.advance(now, hurried);
    this.#settlePause(now);
    this.#witnesses.boundary(now);
    this.#telling.tell(this.#standing, busy);
    this.#revealing.settle();
    this.#telling.announce(this.#standing);
  }

  /** The journal has got further: says what waited for that. */
  release(): void {
    this.#witnesses.durable();
    this.#output.release();
    this.#revealing.settle();
  }

  /**
   * Stops everything: no input is applied, no clock runs, no budget is charged, and nothing leaves but the reason. What is
   * rolled back does not go on here: it is read again, or closed.
   */
  freeze(reason: FrozenReason, now: number): void {
    const { frozen } = this.#standstill;
    if (frozen === reason || frozen === "rolled-back") return;
    this.#presence.charge(now);
    this.#standstill.freeze(reason, now);
    // What is held rests on a history that is in doubt.
    if (reason === "rolled-back") this.#output.abandon();
    for (const { connection } of this.#audience.all()) this.#output.sendAtOnce(connection, { type: "frozen", reason });
    this.#telling.announce(this.#standing);
  }

  /** Goes on after the store was away. Nothing was lost: everything that was held has been said by now. */
  thaw(now: number): void {
    const { frozen } = this.#standstill;
    if (frozen === null || frozen === "rolled-back") return;
    this.#presence.charge(now);
    this.#presence.excuse(this.#standstill.thaw(now));
    this.#settlePause(now);
    this.#agenda.stir();
    for (const { connection } of this.#audience.all()) {
      this.#output.sendAtOnce(connection, { type: "frozen", reason: null });
    }
    this.#telling.announce(this.#standing);
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

  /** Being let in rests on what the store has not confirmed. */
  #checkStore(): void {
    const { frozen } = this.#standstill;
    if (frozen !== null && frozen !== "rolled-back") throw new ProtocolError(frozen);
  }

  #forgetInputs(viewer: Viewer | undefined): void {
    if (viewer?.seat !== undefined) this.#inputs.forget(viewer.seat.seat);
  }

  #welcome(viewer: Viewer): void {
    const { connection, player, seat } = viewer;
    this.#forgetInputs(viewer);
    // Whoever was away when it ended has still to be let back.
    for (const passage of this.#course.passages) {
      if (passage.player === player) this.#telling.letThrough(viewer, passage);
    }
    this.#audience.say(connection, {
      type: "admitted",
      player,
      seat: seat?.seat ?? null,
      hz: this.manifest.hz,
      moves: this.#sequence.newestMove(player),
      locked: this.#attendance.locked,
      presence: this.manifest.presence,
    });
    const { frozen: reason } = this.#standstill;
    if (reason !== null) this.#output.sendAtOnce(connection, { type: "frozen", reason });
    viewer.vouchers.push(...(this.#vouchersOf?.(player) ?? []));
  }

  #takeMove({ player, outcomes }: Viewer, { n, move }: Extract<ClientMessage, { type: "move" }>): void {
    const answered = this.#sequence.takeMove(player, n, move);
    if (answered !== undefined) outcomes.push(answered);
  }

  /** To those outside, once nothing can undo it. */
  #handOut({ happenings }: Step, { ask, award, consume, keep, report }: RoomSetup): void {
    const output = this.#output;
    for (const happening of happenings) {
      if (happening.happening === "asked") output.inTurn(() => ask?.(happening.id, happening.request));
      if (happening.happening === "awarded") output.inTurn(() => award?.(happening));
      if (happening.happening === "consuming") output.inTurn(() => consume?.(happening));
      if (happening.happening === "kept") output.inTurn(() => keep?.(happening));
      if (happening.happening === "reported") output.inTurn(() => report?.(happening.report));
    }
  }

  #settlePause(now: number): void {
    this.#presence.settle({ started: this.#course.started, over: this.#over }, now);
  }
}
