/**
 * Between a room and those outside: what its rules want of them is handed out once nothing can undo it, and what they say
 * happens at the next boundary.
 */
import type { VoucherEntry } from "#protocol/award.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { OutsideAnswer, OutsideRequest } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { Agenda } from "./agenda.ts";
import type { Attendance } from "./attendance.ts";
import type { Audience } from "./audience.ts";
import type { Consumption } from "./consuming.ts";
import type { Course } from "./course.ts";
import type { HeldOutput } from "./held-output.ts";
import type { Saving, Version } from "./kept.ts";
import type { Happening, ItemAward } from "./happenings.ts";

export interface Outsiders {
  /**
   * Asks a server outside and gives `answer` what came of it, later. Called at most once for each request, when all that
   * led to it is durable. Where nobody asks, requests wait for an answer for good.
   */
  readonly ask?: (id: string, request: OutsideRequest) => void;
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
  /** Hands a report to the world's moderator, when all that led to it is durable. Where nobody does, it is lost. */
  readonly report?: (report: Value) => void;
}

export interface OutsideSetup {
  readonly course: Course;
  readonly agenda: Agenda;
  readonly attendance: Attendance;
  readonly audience: Audience;
  readonly output: Pick<HeldOutput, "inTurn">;
  readonly outsiders: Outsiders;
}

export class Outside {
  readonly #setup: OutsideSetup;

  constructor(setup: OutsideSetup) {
    this.#setup = setup;
  }

  /** The room was opened: goes on with what was under way when it was closed. */
  resume(): void {
    const { course, output, outsiders } = this.#setup;
    const { keep, award, consume } = outsiders;
    // Whoever asked for these is gone. They may have reached their servers: they are not made again.
    for (const id of course.underWay) this.answer(id, { failed: "interrupted" });
    if (consume !== undefined) for (const one of course.consuming) output.inTurn(() => consume(one));
    if (award !== undefined) for (const item of course.items) output.inTurn(() => award(item));
    if (keep !== undefined) for (const saving of course.kept.underWay()) output.inTurn(() => keep(saving));
  }

  /** Hands out what came of a boundary, once nothing can undo it. */
  handOut(happenings: readonly Happening[]): void {
    const { output, outsiders } = this.#setup;
    const { ask, award, consume, keep, report } = outsiders;
    for (const happening of happenings) {
      if (happening.happening === "asked") output.inTurn(() => ask?.(happening.id, happening.request));
      if (happening.happening === "awarded") output.inTurn(() => award?.(happening));
      if (happening.happening === "consuming") output.inTurn(() => consume?.(happening));
      if (happening.happening === "kept") output.inTurn(() => keep?.(happening));
      if (happening.happening === "reported") output.inTurn(() => report?.(happening.report));
    }
  }

  /** What came of a request: said at the next boundary. */
  answer(id: string, answer: OutsideAnswer): void {
    this.#setup.agenda.push({ input: "answer", id, answer });
  }

  /** Whether the rules are told what players own. */
  get wantsItems(): boolean {
    const { course } = this.#setup;
    return course.manifest.items === true && course.ended === null;
  }

  /** Who is seated. */
  get seated(): readonly PlayerId[] {
    return this.#setup.course.members.all().map(({ id }) => id);
  }

  /** What a player owns: said at the next boundary. Null: it is not known now. */
  tellItems(player: PlayerId, items: readonly HeldItem[] | null): void {
    this.#setup.agenda.push({ input: "items", player, items });
  }

  /** Whether an item is used up that was to be, by its number; null: it is. Said at the next boundary. */
  consumed(n: number, refused: ConsumeRefusal | null): void {
    this.#setup.agenda.push({ input: "consumed", n, refused });
  }

  /** What a player has earned stands differently: told at the next boundary. @returns whether they are here. */
  tellVouchers(player: PlayerId, entries: readonly VoucherEntry[]): boolean {
    const { audience, agenda } = this.#setup;
    const viewer = audience.ofPlayer(player);
    if (viewer === undefined) return false;
    viewer.vouchers.push(...entries);
    agenda.stir();
    return true;
  }

  /** What was to be kept for a player is, as this version; null: something else was, in another room. */
  kept(player: PlayerId, version: Version | null, now: number): void {
    const { agenda, attendance } = this.#setup;
    agenda.push({ input: "kept", player, version });
    if (version === null) attendance.overtake(player, now);
  }

  /** The newest version of a player's record that this room has seen; undefined if it has seen none. */
  versionOf(player: PlayerId): Version | undefined {
    return this.#setup.course.kept.versionOf(player);
  }

  /** What is on its way to be kept for a player; undefined if nothing is. */
  pendingFor(player: PlayerId): Value | undefined {
    return this.#setup.course.kept.pending(player);
  }
}
