/** What everybody here is told at a boundary: each viewer what that viewer may see, and the lobby what it may know. */
import { vouchersMax } from "#protocol/award.ts";
import type { Listing } from "#protocol/control.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { Phase } from "#protocol/message.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { Agenda } from "./agenda.ts";
import type { Attendance } from "./attendance.ts";
import { updateFor, type Audience, type Viewer } from "./audience.ts";
import type { Course, Step } from "./course.ts";
import type { InputDesk } from "./input-desk.ts";
import { Entities } from "./entities/entities.ts";
import { Notices } from "./notices.ts";
import type { Happening, Passage } from "./happenings.ts";
import type { Seats } from "./seats.ts";
import type { Shown } from "./shown.ts";
import type { Standstill } from "./standstill.ts";
import { hasWords, longWordsLength } from "./words.ts";

export interface TellingSetup {
  readonly id: RoomId;
  readonly options: RoomOptions;
  /** Whether the lobby may list it. */
  readonly listed: boolean;
  readonly course: Course;
  readonly seats: Seats;
  readonly attendance: Attendance;
  readonly agenda: Agenda;
  readonly audience: Audience;
  readonly standstill: Standstill;
  readonly shown: Pick<Shown, "asked" | "complete" | "givenUp">;
  readonly inputs: InputDesk;
  /** Told whenever what the lobby may know has changed. */
  readonly announce: (listing: Listing) => void;
  /** Seals what lets a player through to another room. Where nobody does, nobody is let through. */
  readonly ticket?: (player: PlayerId, passage: Passage) => TicketEntry;
}

export class Telling {
  readonly #setup: TellingSetup;
  readonly #notices: Notices;
  readonly #entities: Entities;

  constructor(setup: TellingSetup) {
    this.#setup = setup;
    this.#notices = new Notices(setup.announce);
    this.#entities = new Entities(setup.course.manifest);
  }

  /** What came of a boundary, to be told at its end to those whom it concerns. */
  collect({ outcomes, happenings }: Pick<Step, "outcomes" | "happenings">): void {
    const { audience } = this.#setup;
    for (const { player, outcome } of outcomes) audience.ofPlayer(player)?.outcomes.push(outcome);
    for (const happening of happenings) {
      for (const viewer of audience.all()) this.#deliver(happening, viewer);
    }
  }

  /** @param busy in rooms of fixed frame size everybody gets a frame then: silence would tell the host something. */
  tell(phase: Phase, busy: boolean): void {
    const { course, seats, attendance, audience, agenda, standstill, shown } = this.#setup;
    if (standstill.frozen !== null) return this.#tellFrozen();
    const waiting = standstill.waiting ? seats.absent() : [];
    const { notice: upgrade } = course;
    // Of a game whose newest moves not everybody knows of, nobody is told more than that it is over.
    const ended = shown.givenUp ? forsaken : standstill.waiting ? null : course.ended;
    const still = standstill.still || shown.givenUp;
    const whole = shown.asked && still;
    this.#notices.settle({ phase, waiting, spectators: audience.spectators, ended, upgrade });
    const shared = {
      tick: course.tick,
      roster: attendance.roster,
      status: this.#notices.status,
      statusVersion: this.#notices.version,
      still,
      whole,
      space: { left: longWordsLength },
    };
    const steady = course.manifest.frameBytes > 0 && busy;
    for (const viewer of audience.all()) {
      const view = still ? undefined : this.#newView(viewer);
      const full = hasWords(viewer) && audience.isFull(viewer.connection);
      const update = updateFor(viewer, shared, view, steady, full);
      if (update !== undefined && whole) audience.sayEarly(viewer.connection, update);
      else if (update !== undefined) audience.say(viewer.connection, update);
      if (!still && hasWords(viewer)) agenda.stir();
      this.#tellVouchers(viewer);
    }
    if (!still && this.#entities.any) this.#tellEntities(busy);
  }

  /** What changed in the rows that each viewer sees. What does not fit is told at the next boundary. */
  #tellEntities(busy: boolean): void {
    const { course, audience, agenda, inputs } = this.#setup;
    const region = audience.size > 0 ? course.tables() : undefined;
    if (region === undefined) return;
    const { tick, members, viewpoints } = course;
    const scene = { tick, region, members, viewpoints, busy, inputs };
    this.#entities.look(scene);
    for (const viewer of audience.all()) {
      const body = this.#entities.tell(viewer, scene, audience.isFull(viewer.connection));
      if (body !== undefined) audience.say(viewer.connection, { type: "entities", body });
      if (this.#entities.owes(viewer)) agenda.stir();
    }
  }

  /** Of a voucher that has come several steps meanwhile, the last one. */
  #tellVouchers(viewer: Viewer): void {
    if (viewer.vouchers.length === 0) return;
    const newest = new Map(viewer.vouchers.map((entry) => [entry.voucher, entry]));
    const vouchers = [...newest.values()].slice(-vouchersMax);
    viewer.vouchers = [];
    this.#setup.audience.say(viewer.connection, { type: "vouchers", vouchers });
  }

  announce(phase: Phase): void {
    const { id, course, seats, options, listed, attendance, standstill, shown } = this.#setup;
    const over = course.ended !== null && (shown.complete || shown.givenUp);
    this.#notices.announce({
      room: id,
      contract: course.manifest.name,
      taken: seats.taken,
      free: over ? 0 : seats.free,
      phase: standstill.frozen === null ? phase : "frozen",
      options,
      listed: listed && !attendance.locked,
    });
  }

  /**
   * Everybody learns who is here, and whoever has just come that nothing moves. How far the game is, and whether it is
   * over, is what may have been rolled back, or what a crash could undo.
   */
  #tellFrozen(): void {
    const { course, attendance, audience, shown } = this.#setup;
    const { roster } = attendance;
    for (const viewer of audience.all()) {
      if (viewer.rosterTold === roster.version) continue;
      const update = {
        type: "update",
        tick: course.tick,
        ...roster.since(shown.asked ? -1 : viewer.rosterTold),
      } as const;
      viewer.rosterTold = roster.version;
      const status = { phase: "paused", waiting: [], spectators: audience.spectators, ended: null } as const;
      audience.sayEarly(viewer.connection, viewer.statusTold === -1 ? { ...update, status } : update);
      if (viewer.statusTold === -1) viewer.statusTold = 0;
    }
  }

  /** To a viewer whom it concerns. */
  #deliver(happening: Happening, viewer: Viewer): void {
    switch (happening.happening) {
      case "awarded": {
        const { item, once } = happening;
        if (viewer.player === happening.player) viewer.awards.push({ item, once });
        return;
      }
      case "travelled":
        if (viewer.player === happening.player) this.letThrough(viewer, happening);
        return;
      case "sent":
        if (isAddressed(viewer, this.#isMember(viewer), happening.to)) viewer.sent.push(happening.message);
        return;
      case "asked":
      case "consuming":
      case "kept":
      case "reported":
        return;
    }
  }

  /** Hands somebody a ticket, with the next update. */
  letThrough(viewer: Viewer, passage: Passage): void {
    const ticket = this.#setup.ticket?.(viewer.player, passage);
    if (ticket !== undefined) viewer.tickets.push(ticket);
  }

  /** What this viewer has not been shown yet; undefined if there is nothing new. */
  #newView(viewer: Viewer): Value | undefined {
    const { seat } = viewer;
    if (seat !== undefined && !this.#isMember(viewer)) return undefined;
    const newest = this.#setup.course.views.of(seat?.seat ?? "spectators");
    if (newest === undefined || newest.version === viewer.viewTold) return undefined;
    viewer.viewTold = newest.version;
    return newest.value;
  }

  /** Whether they sit there as far as the room has been told: somebody else may, until the boundary that says otherwise. */
  #isMember({ seat, player }: Viewer): boolean {
    return seat !== undefined && this.#setup.course.members.at(seat.seat)?.id === player;
  }
}

/** What is told of a room that ended before everybody had shown that they keep what happened in it. */
const forsaken = { how: "abandoned", result: null } as const;

function isAddressed(viewer: Viewer, isMember: boolean, to: Extract<Happening, { happening: "sent" }>["to"]): boolean {
  if (to === "everyone") return true;
  if (to === "players") return isMember;
  if (to === "spectators") return viewer.seat === undefined;
  return viewer.player === to.player;
}
