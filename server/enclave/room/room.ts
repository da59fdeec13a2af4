/**
 * A room: puts what players do in order, lets the contract decide, and tells each viewer what that viewer may see.
 *
 * Pure: time and randomness come in, messages go out through `RoomOutput`. Nothing is told between boundaries but
 * admissions and pongs.
 */
import { equalBytes } from "#protocol/bytes.ts";
import type { Listing } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Manifest, RoomOptions } from "#protocol/manifest.ts";
import type { ClientMessage, Phase, Want } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { Player } from "#contract/abi.ts";
import type { LoadedContract } from "../sandbox/sandbox.ts";
import { Audience, updateFor, type ConnectionId, type RoomOutput, type Viewer } from "./audience.ts";
import { RoomClock } from "./clock.ts";
import { MoveLedgers } from "./moves.ts";
import { Notices } from "./notices.ts";
import { Presence } from "./presence.ts";
import { Rules } from "./rules.ts";
import { playerOf, Seats, type Seat } from "./seats.ts";
import type { Timer } from "./timers.ts";
import { Views } from "./views.ts";

export interface RoomSetup {
  readonly id: RoomId;
  readonly contract: LoadedContract;
  readonly options: RoomOptions;
  /** Whether the lobby may list it. */
  readonly listed: boolean;
  /** Secret randomness of the enclave. */
  readonly random: (length: number) => Uint8Array;
  readonly output: RoomOutput;
  /** Told whenever what the lobby may know has changed. */
  readonly announce: (listing: Listing) => void;
  /** What went wrong inside the contract, for its author. May hold secrets: never the operator's logs. */
  readonly fault: (detail: string) => void;
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

type InboxEvent =
  | { readonly event: "join"; readonly seat: Seat; readonly entropy: Uint8Array }
  | { readonly event: "leave" | "dropped" | "returned"; readonly player: Player }
  | { readonly event: "move"; readonly id: PlayerId; readonly n: number; readonly move: Value };

/** Missed ticks that are caught up at once; beyond them time has a gap. */
const catchUpTicks = 5;

export class Room {
  readonly id: RoomId;
  readonly manifest: Manifest;
  readonly options: RoomOptions;
  /** Which opening of the room this is. */
  readonly term = 1;
  readonly #setup: RoomSetup;
  readonly #clock: RoomClock;
  readonly #seats: Seats;
  readonly #presence: Presence;
  readonly #audience: Audience;
  readonly #ledgers = new MoveLedgers();
  readonly #rules: Rules;
  readonly #views: Views;
  readonly #notices: Notices;
  readonly #gridMs: number;
  #inbox: InboxEvent[] = [];
  #invite: Uint8Array | undefined;
  #visited = false;
  #started = false;
  #tick = 0;
  #boundaryAt: number;
  #emptySince: number | undefined;
  #rosterVersion = 0;
  /** Something must be told at the next boundary. */
  #restless = false;

  /** @throws SandboxError "call-faulted" if the contract cannot open. */
  constructor(setup: RoomSetup) {
    const { id, contract, options, random, fault, now } = setup;
    this.#setup = setup;
    this.id = id;
    this.manifest = contract.manifest;
    this.options = options;
    this.#gridMs = 1000 / this.manifest.hz;
    this.#boundaryAt = now;
    this.#emptySince = now;
    this.#clock = new RoomClock(this.manifest.hz, now);
    this.#seats = new Seats(this.manifest);
    this.#presence = new Presence(this.manifest, this.#seats, this.#clock, now);
    this.#audience = new Audience(setup.output);
    this.#rules = new Rules({ room: id, term: this.term, contract, options, audience: this.#audience, random, fault });
    this.#views = new Views(this.manifest, this.#rules, this.#audience);
    this.#notices = new Notices(setup.announce);
    this.#announce();
  }

  /** Newest link of the record chain, 32 bytes. */
  get head(): Uint8Array {
    return this.#rules.head;
  }

  get phase(): Phase {
    if (this.#over) return "ended";
    if (!this.#started) return "open";
    return this.#clock.paused ? "paused" : "playing";
  }

  get asleep(): boolean {
    return this.#rules.asleep;
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
    if (this.#restless || this.#workWaits || ticking) return nextBoundary;
    if (this.#over) return Number.POSITIVE_INFINITY;
    // A paused clock is due never.
    return Math.max(nextBoundary, Math.min(this.#clock.dueAt(this.#rules.timers.next), this.#presence.expiresAt));
  }

  get #over(): boolean {
    return this.#rules.ended !== null;
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
      moves: this.#ledgers.newest(player),
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
    this.#inbox.push({ event: "dropped", player: playerOf(seat) });
    this.#settlePause(now);
  }

  /** Does what is due: at most one boundary, however late it is. */
  boundary(now: number): void {
    this.#boundaryAt = now - ((now - this.#boundaryAt) % this.#gridMs);
    this.#restless = false;
    this.#expireAbsences(now);
    const busy = this.#running ? this.#advance(now) : this.#answerLate();
    this.#settlePause(now);
    this.#tell(busy);
    this.#announce();
  }

  /** Gives the contract's memory back while nobody is here. The next boundary with work wakes it. */
  sleep(): void {
    if (this.#audience.size === 0) this.#rules.sleep();
  }

  /** Ends the room for good and tells whoever is still here. */
  close(): void {
    for (const viewer of this.#audience.all()) this.#audience.close(viewer.connection, "room-ended");
    this.#rules.close();
  }

  // Coming and going

  #checkInvite(entry: Entry, seated: boolean): void {
    if (entry.lock === true && entry.invite !== undefined && this.#invite === undefined) {
      // Whoever was here before may still come back; the creator must not believe to be alone.
      if (this.#visited) throw new ProtocolError("lock-refused");
      this.#invite = entry.invite;
    }
    if (this.#invite === undefined || seated) return;
    if (entry.invite === undefined || !equalBytes(entry.invite, this.#invite))
      throw new ProtocolError("invite-required");
  }

  #takeSeat(entry: Entry): Seat {
    if (this.#over) throw new ProtocolError("room-ended");
    const seat = this.#seats.take(entry.player, entry.name);
    this.#inbox.push({ event: "join", seat, entropy: entry.entropy });
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
    this.#inbox.push({ event: "returned", player: playerOf(seat) });
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
      return this.#abandon();
    }
    this.#seats.give(seat);
    this.#rosterVersion += 1;
    this.#inbox.push({ event: "leave", player: playerOf(seat) });
  }

  // Presence

  #settlePause(now: number): void {
    this.#presence.settle(this.#started && !this.#over, now);
  }

  #expireAbsences(now: number): void {
    this.#presence.charge(now);
    if (this.#over) return;
    if (this.#presence.exhausted) return this.#abandon();
    for (const seat of this.#presence.overdue(now)) {
      this.#seats.give(seat);
      this.#rosterVersion += 1;
      this.#inbox.push({ event: "leave", player: playerOf(seat) });
    }
  }

  #abandon(): void {
    this.#rules.abandon(this.#tick, this.#seats.absent().map(playerOf));
    this.#restless = true;
  }

  // Moves

  #takeMove(viewer: Viewer, n: number, move: Value): void {
    const arrival = this.#ledgers.take(viewer.player, n);
    if (arrival.arrival === "new") this.#inbox.push({ event: "move", id: viewer.player, n, move });
    else if (arrival.arrival === "answered") viewer.outcomes.push(arrival.outcome);
    this.#restless = true;
  }

  /** Applies what waits, fires timers, ticks. Returns whether anything happened that the host can see came in. */
  #advance(now: number): boolean {
    const last = this.#tick;
    this.#tick = this.#clock.tick(now);
    const events = this.#inbox;
    this.#inbox = [];
    for (const event of events) this.#apply(event);
    let fired = false;
    for (let timer = this.#nextTimer(); timer !== undefined; timer = this.#nextTimer()) {
      this.#rules.recordOrFail({ call: "timer", tick: this.#tick, name: timer.name, payload: timer.payload });
      fired = true;
    }
    if (this.manifest.pace === "ticks") {
      for (let tick = Math.max(last + 1, this.#tick - catchUpTicks + 1); tick <= this.#tick && this.#running; tick++) {
        this.#rules.recordOrFail({ call: "tick", tick });
      }
    }
    return events.length > 0 || fired;
  }

  #nextTimer(): Timer | undefined {
    return this.#over ? undefined : this.#rules.timers.takeDue(this.#tick);
  }

  /** After the end, moves that were still on their way are answered too. While paused they wait. */
  #answerLate(): boolean {
    if (!this.#over) return false;
    const events = this.#inbox;
    this.#inbox = [];
    for (const event of events) if (event.event === "move") this.#answer(event.id, event.n, "The game is over.");
    return events.length > 0;
  }

  #apply(event: InboxEvent): void {
    if (event.event === "move") return this.#applyMove(event.id, event.n, event.move);
    if (this.#over) return;
    if (event.event === "join") return this.#applyJoin(event.seat, event.entropy);
    this.#rules.record({ call: event.event, tick: this.#tick, player: event.player });
  }

  #applyJoin(seat: Seat, entropy: Uint8Array): void {
    this.#rules.join(this.#tick, playerOf(seat), entropy);
    if (this.#seats.taken >= this.manifest.players.min) this.#started = true;
  }

  #applyMove(id: PlayerId, n: number, move: Value): void {
    const seat = this.#seats.of(id);
    if (this.#over) return this.#answer(id, n, "The game is over.");
    if (seat === undefined) return this.#answer(id, n, "You are watching.");
    const answer = this.#rules.record({ call: "move", tick: this.#tick, player: playerOf(seat), move });
    if (answer?.answer !== "done") return this.#answer(id, n, "The rules failed on this move.");
    this.#answer(id, n, answer.reason);
  }

  #answer(id: PlayerId, n: number, reason: string | null): void {
    this.#ledgers.answer(id, [n, reason]);
    this.#audience.ofPlayer(id)?.outcomes.push([n, reason]);
  }

  // Telling

  /** @param busy in rooms of fixed frame size everybody gets a frame then: silence would tell the host something. */
  #tell(busy: boolean): void {
    // Computing views may end the room, by a fault: the status comes after them.
    const viewOf = this.#clock.paused ? () => undefined : this.#views.at(this.#tick);
    const waiting = this.#clock.paused ? this.#seats.absent() : [];
    const { spectators } = this.#audience;
    this.#notices.settle({ phase: this.phase, waiting, spectators, ended: this.#rules.ended });
    const shared = {
      tick: this.#tick,
      roster: this.#seats.roster(),
      rosterVersion: this.#rosterVersion,
      status: this.#notices.status,
      statusVersion: this.#notices.version,
    };
    const steady = this.manifest.frameBytes > 0 && busy;
    for (const viewer of this.#audience.all()) {
      const update = updateFor(viewer, shared, viewOf(viewer), steady);
      if (update !== undefined) this.#audience.say(viewer.connection, update);
    }
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
