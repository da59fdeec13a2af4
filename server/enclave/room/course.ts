/**
 * A room's course: everything about it that follows from contract, options and what it was told, boundary by boundary.
 *
 * It knows no connection, no clock and no link. The same boundaries give the same course, live and repeated, on every
 * machine: state, outcomes, timers, awards and views.
 */
import { InputTable } from "#protocol/applied-rows.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { Ended, UpgradeNotice } from "#protocol/message.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { travelLimits } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { VaultError } from "../vault/errors.ts";
import { Applying, type Answered } from "./applying.ts";
import { Arrivals } from "./arrivals.ts";
import { Audit } from "./audit.ts";
import type { Consumption } from "./consuming.ts";
import type { Finale } from "./finale.ts";
import type { Boundary, RoomInput } from "./inputs.ts";
import type { Kept } from "./kept.ts";
import { asPlayer, Members } from "./members.ts";
import { Outcomes } from "./outcomes.ts";
import type { Happening, ItemAward, Passage } from "./happenings.ts";
import { Rules, type Inherited, type RulesSetup } from "./rules.ts";
import type { SavedCourse } from "./saved-course.ts";
import type { Timer } from "./timers.ts";
import { Upgrades, type AnnouncedUpgrade } from "./upgrades.ts";
import type { Viewpoints } from "./viewpoints.ts";
import { Views } from "./views.ts";

/** What came of one boundary, for whoever is connected. */
export interface Step {
  readonly outcomes: readonly Answered[];
  readonly happenings: readonly Happening[];
  /** Whether inputs were applied or timers fired: what a host can see came in. */
  readonly busy: boolean;
}

export class Course {
  readonly manifest: Manifest;
  readonly members = new Members();
  readonly outcomes = new Outcomes((player) => this.members.of(player) !== undefined);
  readonly arrivals = new Arrivals();
  readonly views: Views;
  readonly #rules: Rules;
  /** Undefined where nobody pushes. */
  readonly #input: InputTable | undefined;
  readonly #applying: Applying;
  readonly #upgrades: Upgrades;
  /** Undefined where nothing is revealed. */
  readonly #audit: Audit | undefined;
  #tick = 0;

  /**
   * @param saved where to go on; without it the room is opened.
   * @param inherited if that was saved under other rules.
   * @throws SandboxError "call-faulted" if the contract cannot open, "snapshot-refused" if the snapshot is not its own.
   */
  constructor(setup: RulesSetup, saved?: SavedCourse, inherited?: Inherited) {
    this.manifest = setup.contract.manifest;
    const { input, tables } = this.manifest;
    this.#input = input === undefined ? undefined : new InputTable(tables, input);
    this.#audit = this.manifest.reveal === "at-end" ? new Audit(saved?.audit) : undefined;
    this.#upgrades = new Upgrades(this.manifest.hz, saved);
    const rules = (this.#rules = new Rules(setup, saved?.rules, inherited));
    const { manifest, members, outcomes, arrivals } = this;
    const views = (this.views = new Views(manifest, rules, members));
    const parts = { manifest, rules, members, outcomes, arrivals, views, upgrades: this.#upgrades };
    this.#applying = new Applying(parts, saved);
    if (saved === undefined) return;
    this.#tick = saved.tick;
    for (const member of saved.members) members.set(member);
    outcomes.restore(saved.outcomes);
    views.restore(saved.views);
    if (saved.arrivals !== undefined) arrivals.restore(saved.arrivals);
  }

  /** All it takes to go on from here. Between boundaries. */
  save(): SavedCourse {
    const arrivals = this.arrivals.save();
    const { announced, number } = this.#upgrades;
    return {
      tick: this.#tick,
      started: this.started,
      watched: this.watched,
      invite: this.invite ?? null,
      ...(this.endShown && { endShown: true as const }),
      members: this.members.all(),
      outcomes: this.outcomes.all(),
      views: this.views.save(),
      rules: this.#rules.save(),
      ...(this.#audit === undefined ? {} : { audit: this.#audit.save() }),
      ...(announced === undefined ? {} : { upgrade: announced }),
      ...(number === 0 ? {} : { upgrades: number }),
      ...(arrivals === undefined ? {} : { arrivals }),
    };
  }

  /** Whether everybody who sat there has shown that they keep the end. */
  get endShown(): boolean {
    return this.#applying.endShown;
  }

  /** That was announced and is not in force yet; undefined if there is none. */
  get upgrade(): AnnouncedUpgrade | undefined {
    return this.#upgrades.announced;
  }

  /** The same, for players. */
  get notice(): UpgradeNotice | undefined {
    return this.#upgrades.notice;
  }

  /** Number of the newest upgrade that was announced; 0 if none was. */
  get upgrades(): number {
    return this.#upgrades.number;
  }

  /** Whether other rules are to take over now. */
  get upgradeDue(): boolean {
    const { upgrade } = this;
    return upgrade !== undefined && this.#tick >= upgrade.at && this.ended === null;
  }

  /** The upgrade that was announced is not to be tried any more. */
  dropUpgrade(): void {
    this.#upgrades.drop();
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
    return new Course(setup, { ...saved, views: { computedTick: saved.views.computedTick, newest: [] } }, inherited);
  }

  get tick(): number {
    return this.#tick;
  }

  /** Whether enough players have sat down. */
  get started(): boolean {
    return this.#applying.started;
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
    return this.#audit?.finale;
  }

  /** SHA-256 over memory and globals of the contract: the same for whoever repeats it. */
  memory(): Uint8Array {
    return this.#rules.fingerprint();
  }

  /** Whether somebody watches, as far as it was told. */
  get watched(): boolean {
    return this.#applying.watched;
  }

  /** The invitation that is needed; undefined if none is. */
  get invite(): Uint8Array | undefined {
    return this.#applying.invite;
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
    const outcomes = this.#applying.takeAnswered();
    const happenings = [...this.#rules.takeHappenings()];
    if (!over) for (const passage of this.passages) happenings.push({ happening: "travelled", ...passage });
    if (this.#audit !== undefined) this.#review(this.#audit, over, happenings);
    return { outcomes, happenings, busy };
  }

  /** @param over whether it was over before this boundary. */
  #review(audit: Audit, over: boolean, happenings: readonly Happening[]): void {
    const { ended, manifest } = this;
    audit.add(happenings);
    const present = manifest.presence === "any" || this.members.all().every((member) => member.present);
    if (over || ended?.how !== "finished" || !present) return;
    audit.end({ tick: this.#tick, result: ended.result, memory: this.#rules.fingerprint() });
  }

  /** Applies the inputs in order, fires what is due, ticks, and computes views. Returns whether a timer fired. */
  #boundary(tick: number, inputs: readonly RoomInput[], rows?: Uint8Array): boolean {
    const later = tick > this.#tick;
    this.#tick = tick;
    for (const input of inputs) this.#applying.apply(tick, input);
    const fired = this.#fireTimers();
    if (this.manifest.pace === "ticks" && later && this.ended === null) {
      this.#rules.tick(tick, rows);
    }
    this.views.refresh(tick, this.watched);
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
}

/** What is too long for a ticket stays. */
const carried = (result: Value): Value => (encodeMsgpack(result).length > travelLimits.result ? null : result);
