/**
 * A room's course: everything about it that follows from contract, options and what it was told, boundary by boundary.
 *
 * It knows no connection, no clock and no link. The same boundaries give the same course, live and repeated, on every
 * machine: state, outcomes, timers, awards and views.
 */
import { InputTable } from "#protocol/applied-rows.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Ended, OutcomeEntry, UpgradeNotice } from "#protocol/message.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { travelLimits } from "#protocol/travel.ts";
import { decodeUpgrade } from "#protocol/upgrade.ts";
import type { Value } from "#protocol/value.ts";
import type { Arrival } from "#contract/abi.ts";
import { VaultError } from "../vault/errors.ts";
import { Arrivals } from "./arrivals.ts";
import { noAwards, tallied, type AwardsTally, type Finale } from "./finale.ts";
import type { Consumption } from "./consuming.ts";
import type { Boundary, RoomInput } from "./inputs.ts";
import type { Kept } from "./kept.ts";
import { asPlayer, Members, type Member } from "./members.ts";
import { Outcomes } from "./outcomes.ts";
import {
  Rules,
  type Happening,
  type Inherited,
  type ItemAward,
  type Passage,
  type RulesSetup,
  type SavedRules,
} from "./rules.ts";
import type { Timer } from "./timers.ts";
import type { Viewpoints } from "./viewpoints.ts";
import { Views, type SavedViews } from "./views.ts";

/** What came of one boundary, for whoever is connected. */
export interface Step {
  readonly outcomes: readonly { readonly player: PlayerId; readonly outcome: OutcomeEntry }[];
  readonly happenings: readonly Happening[];
  /** Whether inputs were applied or timers fired: what a host can see came in. */
  readonly busy: boolean;
}

/** A course between two boundaries. */
export interface SavedCourse {
  readonly tick: number;
  readonly started: boolean;
  readonly watched: boolean;
  readonly invite: Uint8Array | null;
  readonly members: readonly Member[];
  readonly outcomes: readonly (readonly [player: PlayerId, outcomes: readonly OutcomeEntry[]])[];
  readonly views: SavedViews;
  readonly rules: SavedRules;
  /** Of rooms whose log may be revealed. */
  readonly audit?: { readonly awards: AwardsTally; readonly finale: Finale | null };
  /** That was announced and is not in force yet. */
  readonly upgrade?: AnnouncedUpgrade;
  /** Number of the newest upgrade that was announced; missing if none was. */
  readonly upgrades?: number;
  /** Tickets that were used; see `arrivals.ts`. */
  readonly arrivals?: Uint8Array;
}

/** Other rules, by which the room goes on from a tick. */
export interface AnnouncedUpgrade {
  /** See `#protocol/upgrade.ts`. */
  readonly bytes: Uint8Array;
  readonly at: number;
}

export class Course {
  readonly manifest: Manifest;
  readonly members = new Members();
  readonly outcomes = new Outcomes();
  readonly arrivals = new Arrivals();
  readonly views: Views;
  readonly #rules: Rules;
  /** Undefined where nobody pushes. */
  readonly #input: InputTable | undefined;
  #tick = 0;
  #started = false;
  #watched = false;
  #invite: Uint8Array | undefined;
  #answered: { readonly player: PlayerId; readonly outcome: OutcomeEntry }[] = [];
  #awards = noAwards;
  #finale: Finale | undefined;
  #upgrade: AnnouncedUpgrade | undefined;
  #upgrades = 0;

  /**
   * @param saved where to go on; without it the room is opened.
   * @param inherited if that was saved under other rules.
   * @throws SandboxError "call-faulted" if the contract cannot open, "snapshot-refused" if the snapshot is not its own.
   */
  constructor(setup: RulesSetup, saved?: SavedCourse, inherited?: Inherited) {
    this.manifest = setup.contract.manifest;
    const { input, tables } = this.manifest;
    this.#input = input === undefined ? undefined : new InputTable(tables, input);
    this.#rules = new Rules(setup, saved?.rules, inherited);
    this.views = new Views(this.manifest, this.#rules, this.members);
    if (saved === undefined) return;
    this.#tick = saved.tick;
    this.#started = saved.started;
    this.#watched = saved.watched;
    this.#invite = saved.invite ?? undefined;
    for (const member of saved.members) this.members.set(member);
    for (const [player, outcomes] of saved.outcomes) for (const outcome of outcomes) this.outcomes.add(player, outcome);
    this.views.restore(saved.views);
    this.#awards = saved.audit?.awards ?? noAwards;
    this.#finale = saved.audit?.finale ?? undefined;
    this.#upgrade = saved.upgrade;
    this.#upgrades = saved.upgrades ?? 0;
    if (saved.arrivals !== undefined) this.arrivals.restore(saved.arrivals);
  }

  /** All it takes to go on from here. Between boundaries. */
  save(): SavedCourse {
    const arrivals = this.arrivals.save();
    return {
      tick: this.#tick,
      started: this.#started,
      watched: this.#watched,
      invite: this.#invite ?? null,
      members: this.members.all(),
      outcomes: this.outcomes.all(),
      views: this.views.save(),
      rules: this.#rules.save(),
      ...(this.#reveals ? { audit: { awards: this.#awards, finale: this.#finale ?? null } } : {}),
      ...(this.#upgrade === undefined ? {} : { upgrade: this.#upgrade }),
      ...(this.#upgrades === 0 ? {} : { upgrades: this.#upgrades }),
      ...(arrivals === undefined ? {} : { arrivals }),
    };
  }

  /** That was announced and is not in force yet; undefined if there is none. */
  get upgrade(): AnnouncedUpgrade | undefined {
    return this.#upgrade;
  }

  /** The same, for players. */
  get notice(): UpgradeNotice | undefined {
    const { bytes, at } = this.#upgrade ?? {};
    return bytes === undefined || at === undefined ? undefined : { contract: decodeUpgrade(bytes).to, tick: at };
  }

  /** Number of the newest upgrade that was announced; 0 if none was. */
  get upgrades(): number {
    return this.#upgrades;
  }

  /** Whether other rules are to take over now. */
  get upgradeDue(): boolean {
    return this.#upgrade !== undefined && this.#tick >= this.#upgrade.at && this.ended === null;
  }

  /** The upgrade that was announced is not to be tried any more. */
  dropUpgrade(): void {
    this.#upgrade = undefined;
  }

  /**
   * This course as it goes on by other rules, which are handed the state once. Nobody has seen a view of theirs yet.
   *
   * @throws SandboxError "call-faulted" if these cannot hand it over, or those not take it. This course stays as it is.
   */
  upgraded(setup: RulesSetup): Course {
    const { upgrade: _, ...saved } = this.save();
    const players = saved.members.map(asPlayer).toSorted((a, b) => a.seat - b.seat);
    const inherited = { tick: this.#tick, players, state: this.#rules.handOver(this.#tick) };
    return new Course(setup, { ...saved, views: { ...saved.views, newest: [] } }, inherited);
  }

  get tick(): number {
    return this.#tick;
  }

  /** Whether enough players have sat down. */
  get started(): boolean {
    return this.#started;
  }

  /** How it is over; null while it is not. */
  get ended(): Ended | null {
    return this.#rules.ended;
  }

  /**
   * How it ended, if its log may be revealed now: the contract declares so, the rules have ended it, and nobody who had a
   * seat in an `all` room was away then.
   */
  get finale(): Finale | undefined {
    return this.#finale;
  }

  /** SHA-256 over memory and globals of the contract: the same for whoever repeats it. */
  memory(): Uint8Array {
    return this.#rules.fingerprint();
  }

  /** Whether somebody watches, as far as it was told. */
  get watched(): boolean {
    return this.#watched;
  }

  /** The invitation that is needed; undefined if none is. */
  get invite(): Uint8Array | undefined {
    return this.#invite;
  }

  /** When the next timer is due; Infinity if there is none. */
  get nextTimer(): number {
    return this.ended === null ? this.#rules.timers.next : Number.POSITIVE_INFINITY;
  }

  /** Requests that may have been made and were not answered. */
  get underWay(): readonly string[] {
    return this.#rules.underWay();
  }

  /** Items that were awarded so far. */
  get items(): readonly ItemAward[] {
    return this.#rules.items;
  }

  /** Items that were to be used up, and of which it is not known whether they are. */
  get consuming(): readonly Consumption[] {
    return this.#rules.consuming;
  }

  /** What is kept for players, and which of it the room has seen. */
  get kept(): Kept {
    return this.#rules.kept;
  }

  /** How those who were let through to here are let back: once it has ended by its rules. */
  get passages(): readonly (Passage & { readonly player: PlayerId })[] {
    const { ended } = this;
    if (ended?.how !== "finished") return [];
    const back = (seat: number): Passage["back"] => ({ seat, result: carried(ended.result) });
    return this.members
      .all()
      .flatMap(({ id: player, seat, from: to }) =>
        to === undefined ? [] : [{ player, to, moment: "end", payload: null, back: back(seat) }],
      );
  }

  /** From where players look. */
  get viewpoints(): Viewpoints {
    return this.#rules.viewpoints;
  }

  /** All rows of the room's entities, until the next boundary; undefined if nothing hidden may be shown any more. */
  tables(): Uint8Array | undefined {
    const { ended } = this;
    return ended !== null && ended.how !== "finished" ? undefined : this.#rules.tables();
  }

  /** Fuel that repeating it from its beginning would take, if nothing faulted. */
  get spent(): number {
    return this.#rules.spent;
  }

  get asleep(): boolean {
    return this.#rules.asleep;
  }

  /** Gives the contract's memory back until the next boundary. */
  sleep(): void {
    this.#rules.sleep();
  }

  close(): void {
    this.#rules.close();
  }

  /**
   * Lets time pass up to this boundary. In rooms that tick, the ticks before it that were not computed yet are boundaries
   * at which nothing came in: so it does not matter whether they come one by one or, late or repeated, together.
   *
   * @throws VaultError "damaged" for input rows that are not this contract's: then nothing happened.
   */
  step({ tick, from, inputs, rows }: Boundary): Step {
    if (rows !== undefined && this.#input?.fits(rows) !== true) throw new VaultError("damaged", "other input rows");
    const last = this.#tick;
    const over = this.ended !== null;
    let busy = inputs.length > 0 || rows !== undefined;
    if (this.manifest.pace === "ticks") {
      for (let now = from ?? last + 1; now < tick; now++) busy = this.#boundary(now, []) || busy;
    }
    busy = this.#boundary(tick, inputs, rows) || busy;
    const outcomes = this.#answered;
    this.#answered = [];
    const happenings = [...this.#rules.takeHappenings()];
    if (!over) for (const passage of this.passages) happenings.push({ happening: "travelled", ...passage });
    if (this.#reveals) this.#audit(over, happenings);
    return { outcomes, happenings, busy };
  }

  get #reveals(): boolean {
    return this.manifest.reveal === "at-end";
  }

  /** @param over whether it was over before this boundary. */
  #audit(over: boolean, happenings: readonly Happening[]): void {
    const { ended, manifest } = this;
    this.#awards = tallied(this.#awards, happenings);
    const present = manifest.presence === "any" || this.members.all().every((member) => member.present);
    if (over || ended?.how !== "finished" || !present) return;
    const { result } = ended;
    this.#finale = { tick: this.#tick, result, awards: this.#awards, memory: this.#rules.fingerprint() };
  }

  /** Applies the inputs in order, fires what is due, ticks, and computes views. Returns whether a timer fired. */
  #boundary(tick: number, inputs: readonly RoomInput[], rows?: Uint8Array): boolean {
    const later = tick > this.#tick;
    this.#tick = tick;
    for (const input of inputs) this.#apply(input);
    const fired = this.#fireTimers();
    if (this.manifest.pace === "ticks" && later && this.ended === null) {
      this.#rules.tick(tick, rows);
    }
    this.views.refresh(tick, this.#watched);
    return fired;
  }

  #fireTimers(): boolean {
    let fired = false;
    for (let timer = this.#dueTimer(); timer !== undefined; timer = this.#dueTimer()) {
      this.#rules.recordOrFail({ call: "timer", tick: this.#tick, name: timer.name, payload: timer.payload });
      fired = true;
    }
    return fired;
  }

  #dueTimer(): Timer | undefined {
    return this.ended === null ? this.#rules.timers.takeDue(this.#tick) : undefined;
  }

  #apply(input: RoomInput): void {
    switch (input.input) {
      case "move":
        return this.#applyMove(input);
      case "watched":
        this.#watched = input.watched;
        return;
      case "locked":
        this.#invite = input.invite;
        return;
      case "abandon":
        return this.#applyAbandon(input.absent);
      case "upgrade":
        return this.#announce(input.upgrade);
      case "answer":
        return this.#rules.answer(this.#tick, input.id, input.answer);
      case "items":
        return this.#applyItems(input);
      case "consumed":
        return this.#rules.consumed(this.#tick, input.n, input.refused);
      case "kept":
        if (input.version === null) this.kept.overtaken(input.player);
        else this.kept.arrived(input.player, input.version);
        return;
      case "released":
        return;
      case "join":
        return this.#applyJoin(input);
      case "leave":
      case "dropped":
      case "returned":
        return this.#applyPresence(input);
    }
  }

  #applyItems({ player, items }: Extract<RoomInput, { input: "items" }>): void {
    const member = this.members.of(player);
    if (member !== undefined) this.#rules.told(this.#tick, asPlayer(member), items);
  }

  #applyMove({ player, n, move }: Extract<RoomInput, { input: "move" }>): void {
    const member = this.members.of(player);
    if (this.ended !== null) return this.#answer(player, n, "The game is over.");
    if (member === undefined) return this.#answer(player, n, "You are watching.");
    const answer = this.#rules.record({ call: "move", tick: this.#tick, player: asPlayer(member), move });
    this.#answer(player, n, answer?.answer === "done" ? answer.reason : "The rules failed on this move.");
  }

  #answer(player: PlayerId, n: number, reason: string | null): void {
    const outcome: OutcomeEntry = [n, reason];
    this.outcomes.add(player, outcome);
    this.#answered.push({ player, outcome });
  }

  #applyJoin({ player, seat, name, entropy, baggage }: Extract<RoomInput, { input: "join" }>): void {
    const { record, moderator } = baggage ?? {};
    const arrival = this.arrivals.use(baggage?.arrival);
    const { pauseMs: pauseLeftMs } = this.manifest;
    this.members.set({ id: player, seat, name, present: true, pauseLeftMs, ...origin(arrival) });
    if (record !== undefined) this.kept.met(player, record.version);
    if (this.ended !== null) return;
    this.#rules.join(this.#tick, { id: player, seat }, entropy, {
      ...(record === undefined ? {} : { record: record.value }),
      ...(arrival === undefined ? {} : { arrival }),
      ...(moderator === undefined ? {} : { moderator }),
    });
    if (this.members.size >= this.manifest.players.min) this.#started = true;
  }

  #applyPresence(input: Extract<RoomInput, { input: "leave" | "dropped" | "returned" }>): void {
    const member = this.members.of(input.player);
    if (member === undefined) return;
    const arrival = input.input === "returned" ? this.arrivals.use(input.arrival) : undefined;
    if (input.input === "leave") {
      this.members.remove(member);
      this.views.forget(member.seat);
      this.#rules.viewpoints.forget(member.id);
    } else {
      const { pauseLeftMs } = input;
      this.members.set({ ...member, present: input.input === "returned", pauseLeftMs, ...origin(arrival) });
    }
    if (this.ended !== null) return;
    const call = { call: input.input, tick: this.#tick, player: asPlayer(member) };
    this.#rules.record(arrival === undefined ? call : { ...call, call: "returned", arrival });
  }

  /** The notice is of running play: ticks stand still whenever the room does. */
  #announce(bytes: Uint8Array): void {
    const { number, noticeMs } = decodeUpgrade(bytes);
    if (number <= this.#upgrades) return;
    this.#upgrade = { bytes, at: this.#tick + Math.ceil((noticeMs * this.manifest.hz) / 1000) };
    this.#upgrades = number;
  }

  #applyAbandon(absent: readonly PlayerId[]): void {
    if (this.ended !== null) return;
    const away = this.members.all().filter(({ id }) => absent.includes(id));
    this.#rules.abandon(this.#tick, away.map(asPlayer));
  }
}

/** Whoever was let through is let back one day; whoever comes back is where they belong. */
const origin = (arrival: Arrival | undefined): Pick<Member, "from"> =>
  arrival === undefined || arrival.back !== null ? {} : { from: { room: arrival.room, contract: arrival.contract } };

/** What is too long for a ticket stays. */
const carried = (result: Value): Value => (encodeMsgpack(result).length > travelLimits.result ? null : result);
