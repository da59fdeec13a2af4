/**
 * Who comes and goes: invitations, seats taken, held and given up, and what the room is told of it. Whoever is let in
 * here has been checked by the gate: the account is theirs, and nothing they know of this room contradicts it.
 */
import { equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { Want } from "#protocol/message.ts";
import type { Agenda } from "./agenda.ts";
import type { UsedTicket } from "./arrivals.ts";
import type { Audience, ConnectionId, Viewer } from "./audience.ts";
import type { Course } from "./course.ts";
import type { Brought } from "./inputs.ts";
import type { Presence } from "./presence.ts";
import { Roster } from "./roster.ts";
import type { Seat, Seats } from "./seats.ts";
import type { Standstill } from "./standstill.ts";

/** Somebody whose account was checked. */
export interface Entry {
  readonly player: PlayerId;
  readonly want: Want;
  readonly name: string;
  readonly entropy: Uint8Array;
  readonly invite?: Uint8Array;
  readonly lock?: boolean;
  /** What they bring from outside; see `inputs.ts`. */
  readonly baggage?: Brought;
}

export interface AttendanceSetup {
  readonly course: Course;
  readonly seats: Seats;
  readonly presence: Presence;
  readonly standstill: Standstill;
  readonly audience: Audience;
  readonly agenda: Agenda;
  /** Tells somebody that they are in. */
  readonly welcome: (viewer: Viewer) => void;
  /** In ms. */
  readonly now: number;
}

export class Attendance {
  readonly #setup: AttendanceSetup;
  readonly #manifest: Manifest;
  #invite: Uint8Array | undefined;
  #visited = false;
  #emptySince: number | undefined;
  readonly #roster: Roster;

  /** Everybody who sat here when the course was last stepped is away, and may come back. */
  constructor(setup: AttendanceSetup) {
    const { course, seats, agenda, now } = setup;
    this.#setup = setup;
    this.#roster = new Roster(seats);
    this.#manifest = course.manifest;
    this.#invite = course.invite;
    this.#emptySince = now;
    for (const member of course.members.all()) {
      const seat = seats.restore(member, now);
      if (member.present) agenda.push({ input: "dropped", player: seat.id, pauseLeftMs: seat.pauseLeftMs });
      this.#visited = true;
    }
    this.#settle(now);
  }

  /** Since when nobody is connected, in ms; undefined while somebody is. */
  get emptySince(): number | undefined {
    return this.#emptySince;
  }

  get roster(): Roster {
    return this.#roster;
  }

  /** Whether an invitation is needed. */
  get locked(): boolean {
    return this.#invite !== undefined;
  }

  /** @throws ProtocolError "invite-required", "lock-refused", "room-full", "room-ended", "watching-refused". */
  enter(connection: ConnectionId, entry: Entry, now: number): void {
    const seat = this.#setup.seats.of(entry.player);
    this.#checkInvite(entry, seat !== undefined);
    this.#checkTicket(entry, seat);
    this.#visited = true;
    if (seat === undefined && entry.want === "play") this.#admit(connection, entry.player, this.#takeSeat(entry), now);
    else this.reenter(connection, entry.player, now, entry.baggage?.arrival);
  }

  /** @throws ProtocolError "watching-refused". */
  reenter(connection: ConnectionId, player: PlayerId, now: number, arrival?: UsedTicket): void {
    const seat = this.#setup.seats.of(player);
    if (seat === undefined) this.#checkSpectators(player);
    this.#admit(connection, player, seat, now);
    if (seat === undefined) return;
    if (!seat.present) return this.#return(seat, now, arrival);
    // Whoever comes from elsewhere was away, even if their old connection was not missed yet.
    if (arrival === undefined || this.#setup.course.arrivals.has(arrival.id)) return;
    this.#miss(seat, now);
    this.#return(seat, now, arrival);
  }

  /** A connection is gone, for whatever reason. The seat is held. */
  drop(connection: ConnectionId, now: number): void {
    const { audience, agenda, presence } = this.#setup;
    const viewer = audience.remove(connection);
    if (viewer === undefined) return;
    agenda.stir();
    if (audience.size === 0) this.#emptySince = now;
    presence.charge(now);
    if (viewer.seat !== undefined) this.#miss(viewer.seat, now);
  }

  /** Somebody goes for good. */
  leave({ connection, seat }: Viewer, now: number): void {
    const { audience, agenda, presence, standstill, course } = this.#setup;
    audience.close(connection, "left");
    agenda.stir();
    if (audience.size === 0) this.#emptySince = now;
    if (seat === undefined) return;
    presence.charge(now);
    if (course.ended !== null) return this.#leaveAfterEnd(seat, now);
    if (!standstill.still) return this.#vacate(seat);
    // Applying this as a move would let a host advance a copy of the room without those who are absent.
    if (standstill.waiting) presence.abandon();
    this.#miss(seat, now);
  }

  /** Ends what absences have lasted for too long. */
  expire(now: number): void {
    const { presence, course } = this.#setup;
    presence.charge(now);
    if (course.ended !== null) return;
    if (presence.exhausted) return presence.abandon();
    for (const seat of presence.overdue(now)) this.#vacate(seat);
  }

  /** Somebody here has not answered for too long: as if their line had dropped. */
  lose({ id }: Seat, now: number): void {
    const viewer = this.#setup.audience.ofPlayer(id);
    if (viewer === undefined) return;
    this.drop(viewer.connection, now);
    this.#setup.audience.closeAtOnce(viewer.connection, "channel-broken");
  }

  #admit(connection: ConnectionId, player: PlayerId, seat: Seat | undefined, now: number): void {
    const { audience, presence, agenda, welcome } = this.#setup;
    // One connection per account and room: the newest window has it.
    const here = audience.ofPlayer(player);
    if (here !== undefined) audience.close(here.connection, "taken-over");
    const viewer = audience.add(connection, player, seat);
    presence.charge(now);
    this.#emptySince = undefined;
    agenda.stir();
    welcome(viewer);
  }

  #checkInvite(entry: Entry, seated: boolean): void {
    if (entry.lock === true && entry.invite !== undefined && this.#invite === undefined) {
      // Whoever was here before may still come back; the creator must not believe to be alone.
      if (this.#visited) throw new ProtocolError("lock-refused");
      this.#invite = entry.invite;
      this.#setup.agenda.push({ input: "locked", invite: entry.invite });
    }
    if (this.#invite === undefined || seated) return;
    if (entry.invite === undefined || !equalBytes(entry.invite, this.#invite))
      throw new ProtocolError("invite-required");
  }

  /** Whoever is here already has come with it. */
  #checkTicket({ baggage, want }: Entry, seat: Seat | undefined): void {
    const { arrival } = baggage ?? {};
    if (arrival === undefined || want === "watch" || seat?.present === true) return;
    if (this.#setup.course.arrivals.has(arrival.id)) throw new ProtocolError("ticket-refused", "used");
  }

  #takeSeat({ player, name: chosen, entropy, baggage }: Entry): Seat {
    const { course, seats, agenda } = this.#setup;
    if (course.ended !== null) throw new ProtocolError("room-ended");
    const seat = seats.take(player, chosen);
    const brought = baggage === undefined ? {} : { baggage };
    agenda.push({ input: "join", player: seat.id, seat: seat.seat, name: seat.name, entropy, ...brought });
    this.#roster.change(seat.seat);
    return seat;
  }

  #checkSpectators(player: PlayerId): void {
    const { audience } = this.#setup;
    const others = audience.spectators - (audience.ofPlayer(player) === undefined ? 0 : 1);
    if (others >= this.#manifest.spectators) throw new ProtocolError("watching-refused");
  }

  #miss(seat: Seat, now: number): void {
    seat.present = false;
    seat.absentSince = now;
    this.#roster.change(seat.seat);
    this.#setup.agenda.push({ input: "dropped", player: seat.id, pauseLeftMs: seat.pauseLeftMs });
    this.#settle(now);
  }

  #return(seat: Seat, now: number, arrival: UsedTicket | undefined): void {
    const { presence, agenda } = this.#setup;
    presence.charge(now);
    seat.present = true;
    seat.cameBack = true;
    seat.absentSince = undefined;
    this.#roster.change(seat.seat);
    const { id: player, pauseLeftMs } = seat;
    agenda.push({ input: "returned", player, pauseLeftMs, ...(arrival === undefined ? {} : { arrival }) });
    this.#settle(now);
  }

  /** Somebody has gone on elsewhere: nothing that is kept for them here would count. */
  overtake(player: PlayerId, now: number): void {
    const { seats, audience, presence, agenda, course } = this.#setup;
    const seat = seats.of(player);
    const viewer = audience.ofPlayer(player);
    if (viewer !== undefined) audience.close(viewer.connection, "record-elsewhere");
    if (audience.size === 0) this.#emptySince = now;
    agenda.stir();
    if (seat === undefined) return;
    presence.charge(now);
    if (course.ended !== null) return this.#leaveAfterEnd(seat, now);
    if (!presence.needs(seat)) return this.#vacate(seat);
    presence.abandon();
    this.#miss(seat, now);
  }

  /** Nobody misses them, unless the others may not be told of the end without them. */
  #leaveAfterEnd(seat: Seat, now: number): void {
    if (seat.present && this.#setup.presence.needs(seat)) this.#miss(seat, now);
  }

  #vacate(seat: Seat): void {
    this.#setup.seats.give(seat);
    this.#roster.change(seat.seat);
    this.#setup.agenda.push({ input: "leave", player: seat.id });
  }

  #settle(now: number): void {
    const { presence, course } = this.#setup;
    presence.settle({ started: course.started, over: course.ended !== null }, now);
  }
}
