/**
 * A room: puts what players do in order, lets the contract decide, and tells each viewer what that viewer may see.
 *
 * Pure: time and randomness come in, messages go out through `RoomOutput`. Nothing is told between boundaries but
 * admissions and pongs.
 */
import { equalBytes } from "#protocol/bytes.ts";
import type { Listing } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Manifest, RoomOptions } from "#protocol/manifest.ts";
import type { ClientMessage, Phase, Want } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import { Audience, updateFor, type ConnectionId, type RoomOutput, type Viewer } from "./audience.ts";
import { RoomClock } from "./clock.ts";
import { encodeCourse } from "./course-codec.ts";
import type { Course } from "./course.ts";
import { BoundaryLog } from "./boundary-log.ts";
import { HeldOutput } from "./held-output.ts";
import type { Boundary, RoomInput } from "./inputs.ts";
import type { RoomJournal } from "./journal.ts";
import { Moves } from "./moves.ts";
import { Notices } from "./notices.ts";
import { Presence } from "./presence.ts";
import type { Happening } from "./rules.ts";
import { Seats, type Seat } from "./seats.ts";

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
  /** Keeps every boundary that the room's course depends on. */
  readonly journal: RoomJournal;
  /** Monotonic, in ms. */
  readonly now: number;
}

/** Somebody whose account was checked. */
export interface Entry {
  readonly player: PlayerId;
  readonly want: Want;
  readonly name: string;
  readonly entropy: Uint8Array;
  readonly invite?: Uint8Array;
  readonly lock?: boolean;
}

/** Missed ticks that are caught up at once; beyond them time has a gap. */
const catchUpTicks = 5;

export class Room {
  readonly id: RoomId;
  readonly manifest: Manifest;
  readonly options: RoomOptions;
  readonly #setup: RoomSetup;
  readonly #clock: RoomClock;
  readonly #seats: Seats;
  readonly #presence: Presence;
  readonly #audience: Audience;
  readonly #course: Course;
  readonly #moves: Moves;
  readonly #journal: RoomJournal;
  readonly #output: HeldOutput;
  readonly #log: BoundaryLog;
  readonly #notices: Notices;
  readonly #gridMs: number;
  #inbox: RoomInput[] = [];
  #invite: Uint8Array | undefined;
  #visited = false;
  /** Whether the course knows that somebody watches. */
  #watched: boolean;
  /** Whoever is absent has stayed away for too long. */
  #abandoned = false;
  #boundaryAt: number;
  #emptySince: number | undefined;
  #rosterVersion = 0;
  /** Something must be told at the next boundary. */
  #restless = false;

  constructor(setup: RoomSetup) {
    const { id, course, options, journal, now } = setup;
    this.#setup = setup;
    this.id = id;
    this.manifest = course.manifest;
    this.options = options;
    this.#gridMs = 1000 / this.manifest.hz;
    this.#boundaryAt = now;
    this.#emptySince = now;
    this.#clock = new RoomClock(this.manifest.hz, now, course.tick);
    this.#seats = new Seats(this.manifest);
    this.#presence = new Presence(this.manifest, this.#seats, this.#clock, now);
    this.#journal = journal;
    this.#output = new HeldOutput(setup.output, journal);
    this.#audience = new Audience(this.#output);
    this.#course = course;
    this.#moves = new Moves(course.outcomes);
    this.#log = new BoundaryLog(this.manifest, course.tick, (boundary) => journal.record(boundary));
    this.#notices = new Notices(setup.announce);
    this.#invite = course.invite;
    this.#watched = course.watched;
    this.#reseat(now);
    this.#announce();
  }

  /** Which opening of the room this is. */
  get term(): number {
    return this.#journal.term;
  }

  /** 32 bytes; see `journal.ts`. */
  get head(): Uint8Array {
    return this.#journal.head;
  }

  get phase(): Phase {
    if (this.#over) return "ended";
    if (!this.#course.started) return "open";
    return this.#clock.paused ? "paused" : "playing";
  }

  get asleep(): boolean {
    return this.#course.asleep;
  }

  /** Since when nobody is connected, in ms; undefined while somebody is. */
  get emptySince(): number | undefined {
    return this.#emptySince;
  }

  /**
   * When the next boundary is due, in ms. Infinity if nothing will happen until somebody does something.
   */
  get dueAt(): number {
    const nextBoundary = this.#boundaryAt + this.#gridMs;
    const ticking = this.manifest.pace === "ticks" && this.#running && this.#audience.size > 0;
    if (this.#restless || this.#workWaits || ticking || this.#abandoned) return nextBoundary;
    if (this.#over) return Number.POSITIVE_INFINITY;
    // A paused clock is due never.
    return Math.max(nextBoundary, Math.min(this.#clock.dueAt(this.#course.nextTimer), this.#presence.expiresAt));
  }

  get #over(): boolean {
    return this.#course.ended !== null;
  }

  get #running(): boolean {
    return !this.#over && !this.#clock.paused;
  }

  get #workWaits(): boolean {
    return this.#inbox.length > 0 && !this.#clock.paused;
  }

  /**
   * Lets somebody in, or back in, and answers `admitted`. The first update follows at the next boundary.
   *
   * @throws ProtocolError "invite-required", "lock-refused", "room-full", "room-ended", "watching-refused".
   */
  enter(connection: ConnectionId, entry: Entry, now: number): void {
    const seat = this.#seats.of(entry.player);
    this.#checkInvite(entry, seat !== undefined);
    this.#visited = true;
    if (seat === undefined && entry.want === "play") this.#admit(connection, entry.player, this.#takeSeat(entry), now);
    else this.reenter(connection, entry.player, now);
  }

  /**
   * Lets in somebody whose channel is resumed: back to the seat, or among the spectators.
   *
   * @throws ProtocolError "watching-refused".
   */
  reenter(connection: ConnectionId, player: PlayerId, now: number): void {
    const seat = this.#seats.of(player);
    if (seat === undefined) this.#checkSpectators(player);
    this.#admit(connection, player, seat, now);
    if (seat !== undefined && !seat.present) this.#return(seat, now);
  }

  #admit(connection: ConnectionId, player: PlayerId, seat: Seat | undefined, now: number): void {
    // One connection per account and room: the newest window has it.
    const here = this.#audience.ofPlayer(player);
    if (here !== undefined) this.#audience.close(here.connection, "taken-over");
    this.#audience.add(connection, player, seat);
    this.#presence.charge(now);
    this.#emptySince = undefined;
    this.#restless = true;
    this.#audience.say(connection, {
      type: "admitted",
      player,
      seat: seat?.seat ?? null,
      hz: this.manifest.hz,
      moves: this.#moves.newest(player),
      locked: this.#invite !== undefined,
    });
  }

  /** @throws ProtocolError "malformed", "not-admitted", "too-many-moves"; the channel must be closed then. */
  receive(connection: ConnectionId, message: ClientMessage, now: number): void {
    const viewer = this.#audience.get(connection);
    if (viewer === undefined) throw new ProtocolError("not-admitted");
    switch (message.type) {
      case "move":
        return this.#takeMove(viewer, message.n, message.move);
      case "leave":
        return this.#leave(viewer, now);
      case "ping":
        return this.#audience.say(connection, { type: "pong", at: message.at });
      case "close":
        return this.drop(connection, now);
      case "auth":
        throw new ProtocolError("malformed", "already admitted");
    }
  }

  /** A connection is gone, for whatever reason. The seat is held. */
  drop(connection: ConnectionId, now: number): void {
    const viewer = this.#audience.remove(connection);
    if (viewer === undefined) return;
    this.#restless = true;
    if (this.#audience.size === 0) this.#emptySince = now;
    const { seat } = viewer;
    if (seat === undefined) return;
    this.#presence.charge(now);
    seat.present = false;
    seat.absentSince = now;
    this.#rosterVersion += 1;
    this.#inbox.push({ input: "dropped", player: seat.id, pauseLeftMs: seat.pauseLeftMs });
    this.#settlePause(now);
  }

  /** Does what is due: at most one boundary, however late it is. */
  boundary(now: number): void {
    this.#boundaryAt = now - ((now - this.#boundaryAt) % this.#gridMs);
    this.#restless = false;
    this.#expireAbsences(now);
    const busy = this.#advance(now);
    this.#settlePause(now);
    this.#tell(busy);
    this.#announce();
  }

  /** The journal has got further: says what waited for that. */
  release(): void {
    this.#output.release();
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

  /** Everybody who sat here when the course was last stepped is away, and may come back. */
  #reseat(now: number): void {
    for (const member of this.#course.members.all()) {
      const seat = this.#seats.restore(member, now);
      if (member.present) this.#inbox.push({ input: "dropped", player: seat.id, pauseLeftMs: seat.pauseLeftMs });
      this.#visited = true;
    }
    this.#settlePause(now);
  }

  // Coming and going

  #checkInvite(entry: Entry, seated: boolean): void {
    if (entry.lock === true && entry.invite !== undefined && this.#invite === undefined) {
      // Whoever was here before may still come back; the creator must not believe to be alone.
      if (this.#visited) throw new ProtocolError("lock-refused");
      this.#invite = entry.invite;
      this.#inbox.push({ input: "locked", invite: entry.invite });
    }
    if (this.#invite === undefined || seated) return;
    if (entry.invite === undefined || !equalBytes(entry.invite, this.#invite))
      throw new ProtocolError("invite-required");
  }

  #takeSeat(entry: Entry): Seat {
    if (this.#over) throw new ProtocolError("room-ended");
    const seat = this.#seats.take(entry.player, entry.name);
    this.#inbox.push({
      input: "join",
      player: seat.id,
      seat: seat.seat,
      name: seat.name,
      entropy: entry.entropy,
    });
    this.#rosterVersion += 1;
    return seat;
  }

  #checkSpectators(player: PlayerId): void {
    const others = this.#audience.spectators - (this.#audience.ofPlayer(player) === undefined ? 0 : 1);
    if (others >= this.manifest.spectators) throw new ProtocolError("watching-refused");
  }

  #return(seat: Seat, now: number): void {
    this.#presence.charge(now);
    seat.present = true;
    seat.absentSince = undefined;
    this.#rosterVersion += 1;
    this.#inbox.push({ input: "returned", player: seat.id, pauseLeftMs: seat.pauseLeftMs });
    this.#settlePause(now);
  }

  #leave(viewer: Viewer, now: number): void {
    const { seat } = viewer;
    this.#audience.close(viewer.connection, "left");
    this.#restless = true;
    if (this.#audience.size === 0) this.#emptySince = now;
    if (seat === undefined || this.#over) return;
    this.#presence.charge(now);
    if (this.#clock.paused) {
      // Applying this as a move would let a host advance a copy of the room without those who are absent.
      seat.present = false;
      this.#abandoned = true;
      return;
    }
    this.#seats.give(seat);
    this.#rosterVersion += 1;
    this.#inbox.push({ input: "leave", player: seat.id });
  }

  // Presence

  #settlePause(now: number): void {
    this.#presence.settle(this.#course.started && !this.#over, now);
  }

  #expireAbsences(now: number): void {
    this.#presence.charge(now);
    if (this.#over) return;
    if (this.#presence.exhausted) {
      this.#abandoned = true;
      return;
    }
    for (const seat of this.#presence.overdue(now)) {
      this.#seats.give(seat);
      this.#rosterVersion += 1;
      this.#inbox.push({ input: "leave", player: seat.id });
    }
  }

  // Moves

  #takeMove(viewer: Viewer, n: number, move: Value): void {
    const arrival = this.#moves.take(viewer.player, n);
    if (arrival.arrival === "new") this.#inbox.push({ input: "move", player: viewer.player, n, move });
    else if (arrival.arrival === "answered") viewer.outcomes.push(arrival.outcome);
    this.#restless = true;
  }

  /** Lets happen what is due. Returns whether anything did that the host can see came in. */
  #advance(now: number): boolean {
    const inputs = this.#takeInputs();
    const { tick: last } = this.#course;
    if (!this.#running || this.#abandoned) {
      this.#abandoned = false;
      return inputs.length > 0 && this.#step({ tick: last, inputs });
    }
    const tick = this.#clock.tick(now);
    const from = Math.max(last + 1, tick - catchUpTicks + 1);
    return this.#step({ tick, inputs, ...(this.manifest.pace === "ticks" && from > last + 1 ? { from } : {}) });
  }

  /** While the room is paused everything waits, but for the end that its absence brings. */
  #takeInputs(): readonly RoomInput[] {
    if (this.#abandoned && !this.#over) {
      const absent = this.#seats.absent().map(({ id }) => id);
      return [{ input: "abandon", absent }];
    }
    if (this.#clock.paused && !this.#over) return [];
    const watched = this.#audience.spectators > 0;
    if (watched !== this.#watched) {
      this.#watched = watched;
      this.#inbox.push({ input: "watched", watched });
    }
    const inputs = this.#inbox;
    this.#inbox = [];
    return inputs;
  }

  /** Takes a boundary and hands out what came of it. Returns whether the host could see that something would. */
  #step(boundary: Boundary): boolean {
    const { version } = this.#course.views;
    const { outcomes, happenings, busy } = this.#course.step(boundary);
    this.#log.add(boundary, busy || happenings.length > 0 || this.#over || version !== this.#course.views.version);
    for (const { player, outcome } of outcomes) this.#audience.ofPlayer(player)?.outcomes.push(outcome);
    for (const happening of happenings) {
      for (const viewer of this.#audience.all()) deliver(happening, viewer);
    }
    return busy;
  }

  // Telling

  /** @param busy in rooms of fixed frame size everybody gets a frame then: silence would tell the host something. */
  #tell(busy: boolean): void {
    const { paused } = this.#clock;
    const { spectators } = this.#audience;
    const waiting = paused ? this.#seats.absent() : [];
    this.#notices.settle({ phase: this.phase, waiting, spectators, ended: this.#course.ended });
    const shared = {
      tick: this.#course.tick,
      roster: this.#seats.roster(),
      rosterVersion: this.#rosterVersion,
      status: this.#notices.status,
      statusVersion: this.#notices.version,
    };
    const steady = this.manifest.frameBytes > 0 && busy;
    for (const viewer of this.#audience.all()) {
      const view = paused ? undefined : this.#newView(viewer);
      const update = updateFor(viewer, shared, view, steady);
      if (update !== undefined) this.#audience.say(viewer.connection, update);
    }
  }

  /** What this viewer has not been shown yet; undefined if there is nothing new. */
  #newView(viewer: Viewer): Value | undefined {
    const newest = this.#course.views.of(viewer.seat?.seat ?? "spectators");
    if (newest === undefined || newest.version === viewer.viewTold) return undefined;
    viewer.viewTold = newest.version;
    return newest.value;
  }

  #announce(): void {
    this.#notices.announce({
      room: this.id,
      contract: this.manifest.name,
      taken: this.#seats.taken,
      free: this.#over ? 0 : this.#seats.free,
      phase: this.phase,
      options: this.options,
      listed: this.#setup.listed && this.#invite === undefined,
    });
  }
}

/** To a viewer whom it concerns. */
function deliver(happening: Happening, viewer: Viewer): void {
  if (happening.happening === "awarded") {
    const { item, once } = happening;
    if (viewer.player === happening.player) viewer.awards.push({ item, once });
  } else if (isAddressed(viewer, happening.to)) {
    viewer.sent.push(happening.message);
  }
}

function isAddressed(viewer: Viewer, to: Extract<Happening, { happening: "sent" }>["to"]): boolean {
  if (to === "everyone") return true;
  if (to === "players") return viewer.seat !== undefined;
  if (to === "spectators") return viewer.seat === undefined;
  return viewer.player === to.player;
}
