/**
 * A room: puts what players do in order, lets the contract decide, and tells each viewer what that viewer may see.
 *
 * Pure: time and randomness come in, messages go out through `RoomOutput`. Everything the contract learns is a `Call` in
 * the record chain; nothing is told between boundaries but admissions and pongs.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import type { Listing } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Manifest, RoomOptions } from "#protocol/manifest.ts";
import type { ClientMessage, Ended, Phase, Status, Want } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { Answer, Call, Effect, Player, Viewer as ViewerCall } from "#contract/abi.ts";
import { SandboxError, type LoadedContract } from "../sandbox/sandbox.ts";
import { Audience, updateFor, type ConnectionId, type RoomOutput, type Viewer } from "./audience.ts";
import { CheckpointedInstance } from "./checkpoint.ts";
import { RoomClock } from "./clock.ts";
import { MoveLedgers } from "./moves.ts";
import { RecordChain } from "./record-chain.ts";
import { playerOf, Seats, type Seat } from "./seats.ts";
import { Timers } from "./timers.ts";

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

/** Faults of one room after which it is stopped. */
const faultsMax = 3;
/** Missed ticks that are caught up at once; beyond them time has a gap. */
const catchUpTicks = 5;
/** In rooms that tick, views are computed at most so often. */
const viewsPerSecond = 5;

export class Room {
  readonly id: RoomId;
  readonly manifest: Manifest;
  readonly options: RoomOptions;
  /** Which opening of the room this is. */
  readonly term = 1;
  readonly #setup: RoomSetup;
  readonly #instance: CheckpointedInstance;
  readonly #clock: RoomClock;
  readonly #chain: RecordChain;
  readonly #seats: Seats;
  readonly #audience: Audience;
  readonly #ledgers = new MoveLedgers();
  readonly #timers = new Timers();
  readonly #gridMs: number;
  readonly #awarded = new Set<string>();
  #inbox: InboxEvent[] = [];
  #streamKey: Uint8Array;
  #invite: Uint8Array | undefined;
  #visited = false;
  #started = false;
  #ended: Ended | null = null;
  #faults = 0;
  #tick = 0;
  #boundaryAt: number;
  #chargedAt: number;
  #emptySince: number | undefined;
  /** State may have changed since views were last computed. */
  #viewsDue = false;
  #viewedTick = 0;
  readonly #touched = new Set<string>();
  #rosterVersion = 0;
  #statusVersion = 0;
  #statusKey = "";
  #status: Status = { phase: "open", waiting: [], spectators: 0, ended: null };
  #listingKey = "";
  /** Something must be told at the next boundary. */
  #restless = false;

  /** @throws SandboxError "call-faulted" if the contract cannot open. */
  constructor(setup: RoomSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.manifest = setup.contract.manifest;
    this.options = setup.options;
    this.#gridMs = 1000 / this.manifest.hz;
    this.#clock = new RoomClock(this.manifest.hz, setup.now);
    this.#seats = new Seats(this.manifest);
    this.#audience = new Audience(setup.output);
    this.#chain = new RecordChain(setup.random(32), setup.id, this.term);
    this.#boundaryAt = setup.now;
    this.#chargedAt = setup.now;
    this.#emptySince = setup.now;
    this.#streamKey = sha256(lengthPrefixed("phatroom/1/random", setup.random(32)));
    this.#instance = new CheckpointedInstance(setup.contract);
    this.#record({ call: "open", tick: 0, key: this.#streamKey, options: setup.options });
    this.#announce();
  }

  /** Newest link of the record chain, 32 bytes. */
  get head(): Uint8Array {
    return this.#chain.head;
  }

  get phase(): Phase {
    if (this.#ended !== null) return "ended";
    if (!this.#started) return "open";
    return this.#clock.paused ? "paused" : "playing";
  }

  get asleep(): boolean {
    return this.#instance.asleep;
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
    const due = Math.min(
      this.#running ? this.#clock.dueAt(this.#timers.next) : Number.POSITIVE_INFINITY,
      this.#expiresAt,
    );
    return Math.max(due, nextBoundary);
  }

  get #running(): boolean {
    return this.#ended === null && !this.#clock.paused;
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
    this.#charge(now);
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
    this.#charge(now);
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
    if (this.#audience.size === 0) this.#instance.sleep();
  }

  /** Ends the room for good and tells whoever is still here. */
  close(): void {
    for (const viewer of this.#audience.all()) this.#audience.close(viewer.connection, "room-ended");
    this.#instance.close();
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
    if (this.#ended !== null) throw new ProtocolError("room-ended");
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
    this.#charge(now);
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
    if (seat === undefined || this.#ended !== null) return;
    this.#charge(now);
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

  /** In `all` rooms that have started, absence stops the clock; nothing is applied and no view leaves. */
  #settlePause(now: number): void {
    const wait =
      this.manifest.presence === "all" && this.#started && this.#ended === null && this.#seats.absent().length > 0;
    if (wait) this.#clock.pause(now);
    else this.#clock.resume(now);
  }

  /** Takes the time since the last charge off the budgets of those who keep somebody waiting. */
  #charge(now: number): void {
    const elapsed = now - this.#chargedAt;
    this.#chargedAt = now;
    if (!this.#clock.paused || this.#seats.absent().length === this.#seats.taken) return;
    for (const seat of this.#seats.absent()) seat.pauseLeftMs -= elapsed;
  }

  /** When the next absence runs out of patience. */
  get #expiresAt(): number {
    const absent = this.#seats.absent();
    if (this.#ended !== null || absent.length === 0) return Number.POSITIVE_INFINITY;
    if (!this.#clock.paused) return Math.min(...absent.map((seat) => (seat.absentSince ?? 0) + this.manifest.graceMs));
    if (absent.length === this.#seats.taken) return Number.POSITIVE_INFINITY;
    return this.#chargedAt + Math.min(...absent.map((seat) => seat.pauseLeftMs));
  }

  #expireAbsences(now: number): void {
    this.#charge(now);
    if (this.#ended !== null) return;
    if (this.#clock.paused) {
      if (this.#seats.absent().some((seat) => seat.pauseLeftMs <= 0)) this.#abandon();
      return;
    }
    for (const seat of this.#seats.absent()) {
      if (now - (seat.absentSince ?? now) < this.manifest.graceMs) continue;
      this.#seats.give(seat);
      this.#rosterVersion += 1;
      this.#inbox.push({ event: "leave", player: playerOf(seat) });
    }
  }

  /** Ends the room because of those who are absent. Nothing hidden is shown: no view is built any more. */
  #abandon(): void {
    const absent = this.#seats.absent().map(playerOf);
    const answer = this.#record({ call: "abandon", tick: this.#tick, absent });
    this.#end({ how: "abandoned", result: answer?.answer === "done" ? (answer.result ?? null) : null });
  }

  // Moves and rules

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
      this.#recordOrFail({ call: "timer", tick: this.#tick, name: timer.name, payload: timer.payload });
      fired = true;
    }
    if (this.manifest.pace === "ticks") {
      for (let tick = Math.max(last + 1, this.#tick - catchUpTicks + 1); tick <= this.#tick && this.#running; tick++) {
        this.#recordOrFail({ call: "tick", tick });
      }
    }
    return events.length > 0 || fired;
  }

  #nextTimer(): ReturnType<Timers["takeDue"]> {
    return this.#ended === null ? this.#timers.takeDue(this.#tick) : undefined;
  }

  /** After the end, moves that were still on their way are answered too. While paused they wait. */
  #answerLate(): boolean {
    if (this.#ended === null) return false;
    const events = this.#inbox;
    this.#inbox = [];
    for (const event of events) if (event.event === "move") this.#answer(event.id, event.n, "The game is over.");
    return events.length > 0;
  }

  #apply(event: InboxEvent): void {
    if (event.event === "move") return this.#applyMove(event.id, event.n, event.move);
    if (this.#ended !== null) return;
    if (event.event === "join") return this.#applyJoin(event.seat, event.entropy);
    this.#record({ call: event.event, tick: this.#tick, player: event.player });
  }

  #applyJoin(seat: Seat, entropy: Uint8Array): void {
    this.#streamKey = sha256(lengthPrefixed("phatroom/1/random", this.#streamKey, entropy));
    const answer = this.#record({ call: "join", tick: this.#tick, key: this.#streamKey, player: playerOf(seat) });
    if (answer === undefined) return this.#fail();
    if (this.#seats.taken >= this.manifest.players.min) this.#started = true;
  }

  #applyMove(id: PlayerId, n: number, move: Value): void {
    const seat = this.#seats.of(id);
    if (this.#ended !== null) return this.#answer(id, n, "The game is over.");
    if (seat === undefined) return this.#answer(id, n, "You are watching.");
    const answer = this.#record({ call: "move", tick: this.#tick, player: playerOf(seat), move });
    if (answer?.answer !== "done") return this.#answer(id, n, "The rules failed on this move.");
    this.#answer(id, n, answer.reason);
  }

  #answer(id: PlayerId, n: number, reason: string | null): void {
    this.#ledgers.answer(id, [n, reason]);
    this.#audience.ofPlayer(id)?.outcomes.push([n, reason]);
  }

  /** One call that becomes part of the history, with its effects. Undefined after a fault: then it did not happen. */
  #record(call: Call): Answer | undefined {
    let answer: Answer;
    try {
      answer = this.#instance.call(call);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.#setup.fault(error.detail);
      this.#faults += 1;
      if (call.call === "open") throw error;
      if (this.#faults > faultsMax) this.#fail();
      return undefined;
    }
    this.#chain.append(call);
    if (answer.answer === "done" && answer.reason === null) {
      this.#viewsDue = true;
      for (const effect of answer.effects) this.#effect(effect);
    }
    return answer;
  }

  /** For calls that nobody can be refused: once more, then the room stops. */
  #recordOrFail(call: Call): void {
    if (this.#record(call) === undefined && this.#ended === null && this.#record(call) === undefined) this.#fail();
  }

  #fail(): void {
    this.#end({ how: "faulted", result: null });
  }

  #end(ended: Ended): void {
    this.#ended ??= ended;
    this.#timers.clear();
    this.#restless = true;
  }

  #effect(effect: Effect): void {
    switch (effect.effect) {
      case "send":
        for (const viewer of this.#audience.all()) if (isAddressed(viewer, effect.to)) viewer.sent.push(effect.message);
        return;
      case "schedule":
        if (!this.#timers.set({ name: effect.name, tick: effect.tick, payload: effect.payload })) this.#fail();
        return;
      case "cancel":
        return this.#timers.cancel(effect.name);
      case "award":
        return this.#award(effect);
      case "touch":
        this.#touched.add(effect.who === "everyone" ? "everyone" : effect.who.player);
        return;
      case "end":
        return this.#end({ how: "finished", result: effect.result });
    }
  }

  #award({ player, item, once }: Extract<Effect, { effect: "award" }>): void {
    if (this.#awarded.has(once)) return;
    this.#awarded.add(once);
    for (const viewer of this.#audience.all()) if (viewer.player === player) viewer.awards.push({ item, once });
  }

  // Telling

  #tell(busy: boolean): void {
    const views = this.#views();
    this.#settleStatus();
    const shared = {
      tick: this.#tick,
      roster: this.#seats.roster(),
      rosterVersion: this.#rosterVersion,
      status: this.#status,
      statusVersion: this.#statusVersion,
    };
    const steady = this.manifest.frameBytes > 0 && busy;
    for (const viewer of this.#audience.all()) {
      const update = updateFor(viewer, shared, views?.get(viewer.seat?.seat ?? "spectators"), steady);
      if (update !== undefined) this.#audience.say(viewer.connection, update);
    }
  }

  /** Views of everybody who is due one, by seat; undefined if nobody is or none may leave. */
  #views(): Map<number | "spectators", Value> | undefined {
    if (this.#clock.paused || (this.#ended !== null && this.#ended.how !== "finished")) return undefined;
    const due = [...this.#audience.all()].filter((viewer) => this.#viewDue(viewer));
    if (due.length === 0) return undefined;
    const keys = [...new Set(due.map((viewer) => viewer.seat?.seat ?? ("spectators" as const)))];
    const viewers = keys.map((key): ViewerCall => {
      const seat = due.find((viewer) => viewer.seat !== undefined && viewer.seat.seat === key)?.seat;
      return seat === undefined ? { kind: "spectator" } : { kind: "player", ...playerOf(seat) };
    });
    this.#viewsDue = false;
    this.#viewedTick = this.#tick;
    this.#touched.clear();
    try {
      const answer = this.#instance.ask({ call: "view", tick: this.#tick, viewers });
      if (answer.answer !== "views") return undefined;
      return new Map(keys.map((key, i) => [key, answer.views[i] ?? null]));
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.#setup.fault(error.detail);
      this.#fail();
      return undefined;
    }
  }

  #viewDue(viewer: Viewer): boolean {
    if (viewer.view === undefined) return true;
    if (this.manifest.pace === "turns" || this.#ended !== null) return this.#viewsDue;
    if (this.#tick - this.#viewedTick < this.manifest.hz / viewsPerSecond) return false;
    return this.#touched.has("everyone") || this.#touched.has(viewer.player);
  }

  #settleStatus(): void {
    const waiting = this.#clock.paused ? this.#seats.absent() : [];
    const { phase } = this;
    const { spectators } = this.#audience;
    const key = JSON.stringify([phase, waiting.map(({ seat }) => seat), spectators, this.#ended !== null]);
    if (key === this.#statusKey) return;
    this.#statusKey = key;
    this.#statusVersion += 1;
    this.#status = {
      phase,
      waiting: waiting.map(({ seat, pauseLeftMs }) => [seat, Math.max(0, Math.round(pauseLeftMs))]),
      spectators,
      ended: this.#ended,
    };
  }

  #announce(): void {
    const listing: Listing = {
      room: this.id,
      contract: this.manifest.name,
      taken: this.#seats.taken,
      free: this.#ended === null ? this.#seats.free : 0,
      phase: this.phase,
      options: this.options,
      listed: this.#setup.listed && this.#invite === undefined,
    };
    const key = JSON.stringify(listing);
    if (key === this.#listingKey) return;
    this.#listingKey = key;
    this.#setup.announce(listing);
  }
}

function isAddressed(viewer: Viewer, to: Extract<Effect, { effect: "send" }>["to"]): boolean {
  if (to === "everyone") return true;
  if (to === "players") return viewer.seat !== undefined;
  if (to === "spectators") return viewer.seat === undefined;
  return viewer.player === to.player;
}
