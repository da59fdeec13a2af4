/**
 * The contract as its room knows it: calls go in and become history, effects come out, faults stay here.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { Ended } from "#protocol/message.ts";
import type { OutsideAnswer, OutsideRequest } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { Answer, Arrival, Call, Effect, Player, Viewer as ViewerCall } from "#contract/abi.ts";
import { SandboxError, type LoadedContract } from "../sandbox/sandbox.ts";
import { collectionOfItem } from "../reward/award.ts";
import { Asked } from "./asked.ts";
import { CheckpointedInstance } from "./checkpoint.ts";
import { Consuming, type Consumption, type SavedConsuming } from "./consuming.ts";
import { Kept, type SavedKept, type Saving } from "./kept.ts";
import { Timers, type Timer } from "./timers.ts";
import { Viewpoints, type SavedViewpoints } from "./viewpoints.ts";

export interface RulesSetup {
  readonly contract: LoadedContract;
  readonly options: RoomOptions;
  /** The room's first randomness: 32 secret bytes of the enclave. */
  readonly seed: Uint8Array;
  /** What went wrong inside the contract, for its author. */
  readonly fault: (detail: string) => void;
}

/** Something the contract told somebody, gave somebody, or asked somebody outside. */
export type Happening =
  | { readonly happening: "sent"; readonly to: SendTarget; readonly message: Value }
  | ({ readonly happening: "awarded" } & ItemAward)
  | ({ readonly happening: "consuming" } & Consumption)
  | { readonly happening: "asked"; readonly id: string; readonly request: OutsideRequest }
  /** A player is let through to another room; or back to where they came from, with what came of this one. */
  | ({ readonly happening: "travelled"; readonly player: string } & Passage)
  /** Something goes on its way to be kept. */
  | ({ readonly happening: "kept" } & Saving)
  /** For the world's moderator. */
  | { readonly happening: "reported"; readonly report: Value };

/** Where somebody is let through to, and with what; `moment` tells it from others to the same room. */
export interface Passage {
  readonly to: { readonly room: string; readonly contract: string };
  readonly moment: number | "end";
  readonly payload: Value;
  readonly back: Arrival["back"];
}

type SendTarget = Extract<Effect, { effect: "send" }>["to"];

/** What of the rules outlasts a worker. */
export interface SavedRules {
  readonly instance: Uint8Array;
  readonly streamKey: Uint8Array;
  readonly timers: readonly Timer[];
  readonly awarded: readonly string[];
  /** Of those, what somebody outside keeps. Absent if it is nothing. */
  readonly items?: readonly ItemAward[];
  readonly faults: number;
  readonly ended: Ended | null;
  /** Absent if the contract has said nothing of them. */
  readonly viewpoints?: SavedViewpoints;
  /** Ids of requests that wait for an answer. Absent if there are none. */
  readonly asked?: readonly string[];
  /** Absent if nothing was ever to be used up. */
  readonly consuming?: SavedConsuming;
  /** Absent if nobody was here for whom anything could be kept. */
  readonly kept?: SavedKept;
}

/** What somebody who sits down comes with. */
export type Baggage = Pick<Extract<Call, { call: "join" }>, "record" | "arrival" | "moderator">;

/** What a player was given; of the items among it `awardOf` makes vouchers. */
export interface ItemAward {
  readonly player: PlayerId;
  readonly item: Value;
  readonly once: string;
}

/** What rules go on from that were others before. */
export interface Inherited {
  readonly tick: number;
  /** By seat. */
  readonly players: readonly Player[];
  /** As the rules before wrote it down. */
  readonly state: Value;
}

/** Items that one room awards: each is kept with the room for as long as it lives. */
const itemAwardsMax = 16_384;

/** Faults of one room after which it is stopped. */
const faultsMax = 3;

export class Rules {
  readonly timers = new Timers();
  readonly viewpoints = new Viewpoints();
  readonly kept = new Kept();
  readonly #asked = new Asked();
  readonly #consuming = new Consuming();
  #touched = new Set<string>();
  #changed = false;
  #happenings: Happening[] = [];
  readonly #setup: RulesSetup;
  readonly #instance: CheckpointedInstance;
  readonly #awarded = new Set<string>();
  readonly #items: ItemAward[] = [];
  /** Behind the room's randomness: enclave entropy, and 32 bytes from each player who joined. */
  #streamKey: Uint8Array;
  #ended: Ended | null = null;
  #faults = 0;

  /**
   * @param saved what to go on with; without it the contract is opened.
   * @param inherited if that was saved by other rules, of which these take over what does not lie in their memory.
   * @throws SandboxError "call-faulted" if the contract cannot open or go on from other rules, "snapshot-refused" if the
   *   snapshot is not its own.
   */
  constructor(setup: RulesSetup, saved?: SavedRules, inherited?: Inherited) {
    const { contract, options, seed } = setup;
    this.#setup = setup;
    this.#instance = new CheckpointedInstance(contract, inherited === undefined ? saved?.instance : undefined);
    if (saved === undefined) {
      this.#streamKey = sha256(lengthPrefixed("phatroom/1/random", seed));
      this.record({ call: "open", tick: 0, key: this.#streamKey, options });
      return;
    }
    this.#streamKey = saved.streamKey;
    this.#faults = saved.faults;
    this.#ended = saved.ended;
    for (const timer of saved.timers) this.timers.set(timer);
    for (const once of saved.awarded) this.#awarded.add(once);
    this.#items.push(...(saved.items ?? []));
    this.viewpoints.restore(saved.viewpoints ?? []);
    for (const id of saved.asked ?? []) this.#asked.restore(id);
    if (saved.consuming !== undefined) this.#consuming.restore(saved.consuming);
    if (saved.kept !== undefined) this.kept.restore(saved.kept);
    if (inherited === undefined) return;
    this.#streamKey = sha256(lengthPrefixed("phatroom/1/migrate", this.#streamKey));
    const { tick, players, state } = inherited;
    this.record({ call: "migrate", tick, key: this.#streamKey, options, players, state });
  }

  /** The state as the rules that follow these are handed it. @throws SandboxError "call-faulted". */
  handOver(tick: number): Value {
    const answer = this.#instance.call({ call: "state", tick });
    if (answer.answer !== "state") throw new SandboxError("call-faulted", "state is answered by state");
    return answer.state;
  }

  /** Between boundaries, when nothing waits to be handed out. */
  save(): SavedRules {
    const viewpoints = this.viewpoints.save();
    const asked = this.#asked.all();
    const consuming = this.#consuming.save();
    const kept = this.kept.save();
    return {
      instance: this.#instance.snapshot(),
      streamKey: this.#streamKey,
      timers: this.timers.all(),
      awarded: [...this.#awarded],
      ...(this.#items.length === 0 ? {} : { items: [...this.#items] }),
      faults: this.#faults,
      ended: this.#ended,
      ...(viewpoints.length === 0 ? {} : { viewpoints }),
      ...(asked.length === 0 ? {} : { asked }),
      ...(consuming === undefined ? {} : { consuming }),
      ...(kept === undefined ? {} : { kept }),
    };
  }

  /** How it is over; null while it is not. */
  get ended(): Ended | null {
    return this.#ended;
  }

  /** What the contract caused since this was last asked, in order. */
  takeHappenings(): readonly Happening[] {
    const happenings = this.#happenings;
    for (const saving of this.kept.take()) happenings.push({ happening: "kept", ...saving });
    this.#happenings = [];
    this.#asked.handOut();
    return happenings;
  }

  /** Items that were awarded so far. */
  get items(): readonly ItemAward[] {
    return this.#items;
  }

  /** Items that were to be used up, and of which it is not known whether they are. */
  get consuming(): readonly Consumption[] {
    return this.#consuming.all();
  }

  /** Whether an item is used up. Said a second time it is nothing. */
  consumed(tick: number, n: number, refused: ConsumeRefusal | null): void {
    const consumption = this.#consuming.settled(n);
    if (consumption === undefined || this.#ended !== null) return;
    const { player: owner, item } = consumption;
    this.recordOrFail({ call: "consumed", tick, owner, item, refused });
  }

  /** Ids of requests that were among these happenings and wait for an answer. */
  underWay(): readonly string[] {
    return this.#asked.handedOut();
  }

  /** What a player owns. Rules that do not ask are not told. */
  told(tick: number, player: Player, items: readonly HeldItem[] | null): void {
    if (this.#setup.contract.manifest.items !== true || this.#ended !== null) return;
    this.recordOrFail({ call: "items", tick, player, items });
  }

  /** What came of a request. A second answer to it is none. */
  answer(tick: number, id: string, answer: OutsideAnswer): void {
    if (this.#asked.answered(id) && this.#ended === null) this.recordOrFail({ call: "answer", tick, id, answer });
  }

  /**
   * Whether state may have changed since this was last asked, and whose views the contract asked to be computed again:
   * "everyone", or players' ids.
   */
  takeChanges(): { readonly changed: boolean; readonly touched: ReadonlySet<string> } {
    const changes = { changed: this.#changed, touched: this.#touched };
    this.#changed = false;
    this.#touched = new Set();
    return changes;
  }

  /** The contract's tables, as long as nothing is called. */
  tables(): Uint8Array {
    return this.#instance.tables();
  }

  /** SHA-256 over memory and globals of the contract. */
  fingerprint(): Uint8Array {
    return this.#instance.fingerprint();
  }

  /** Fuel of all calls so far. */
  get spent(): number {
    return this.#instance.spent;
  }

  get asleep(): boolean {
    return this.#instance.asleep;
  }

  sleep(): void {
    this.#instance.sleep();
  }

  close(): void {
    this.#instance.close();
  }

  /** Somebody sits down, and adds to the room's randomness. A contract that cannot bear it stops the room. */
  join(tick: number, player: Player, entropy: Uint8Array, baggage: Baggage = {}): void {
    this.#streamKey = sha256(lengthPrefixed("phatroom/1/random", this.#streamKey, entropy));
    if (this.record({ call: "join", tick, key: this.#streamKey, player, ...baggage }) === undefined) this.fail();
  }

  /** The room is over because these stay away. Nothing hidden may be shown after this. */
  abandon(tick: number, absent: readonly Player[]): void {
    const answer = this.record({ call: "abandon", tick, absent });
    this.#end({ how: "abandoned", result: answer?.answer === "done" ? (answer.result ?? null) : null });
  }

  /** One call that becomes part of the history, with its effects. Undefined after a fault: then it did not happen. */
  record(call: Call): Answer | undefined {
    let answer: Answer;
    try {
      answer = this.#instance.call(call);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.#setup.fault(error.detail);
      this.#faults += 1;
      if (call.call === "open" || call.call === "migrate") throw error;
      if (this.#faults > faultsMax) this.fail();
      return undefined;
    }
    if (answer.answer === "done" && answer.reason === null) {
      this.#changed = true;
      for (const effect of answer.effects) this.#apply(effect, "tick" in call ? call.tick : 0);
    }
    return answer;
  }

  /** For calls that nobody can be refused: once more, then the room stops. */
  recordOrFail(call: Call): void {
    if (this.record(call) === undefined && this.#ended === null && this.record(call) === undefined) this.fail();
  }

  /** A tick with the input rows that are used at it. If it faults with them it happens without; see `recordOrFail`. */
  tick(tick: number, rows: Uint8Array | undefined): void {
    if (rows === undefined) return this.recordOrFail({ call: "tick", tick });
    if (this.record({ call: "tick", tick, rows }) !== undefined || this.#ended !== null) return;
    if (this.record({ call: "tick", tick }) === undefined) this.fail();
  }

  /** One view for each viewer; undefined after a fault, which stops the room. */
  views(tick: number, viewers: readonly ViewerCall[]): readonly Value[] | undefined {
    try {
      const answer = this.#instance.call({ call: "view", tick, viewers });
      return answer.answer === "views" ? answer.views : undefined;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.#setup.fault(error.detail);
      this.fail();
      return undefined;
    }
  }

  fail(): void {
    this.#end({ how: "faulted", result: null });
  }

  #end(ended: Ended): void {
    this.#ended ??= ended;
  }

  #apply(effect: Effect, tick: number): void {
    switch (effect.effect) {
      case "send":
        this.#happenings.push({ happening: "sent", to: effect.to, message: effect.message });
        return;
      case "schedule":
        if (!this.timers.set({ name: effect.name, tick: effect.tick, payload: effect.payload })) this.fail();
        return;
      case "cancel":
        return this.timers.cancel(effect.name);
      case "award":
        return this.#award(effect);
      case "consume":
        return this.#consume(effect.player as PlayerId, effect.item);
      case "touch":
        this.#touched.add(effect.who === "everyone" ? "everyone" : effect.who.player);
        return;
      case "focus":
        return this.viewpoints.focus(effect.player, effect.entity);
      case "team":
        return this.viewpoints.team(effect.player, effect.team);
      case "request":
        return this.#ask(effect.id, effect.request);
      case "travel":
        return this.#travel(effect, tick);
      case "record":
        if (this.#setup.contract.manifest.records === true) this.kept.keep(effect.player, effect.record);
        return;
      case "report":
        this.#happenings.push({ happening: "reported", report: effect.report });
        return;
      case "end":
        return this.#end({ how: "finished", result: effect.result });
    }
  }

  #consume(player: PlayerId, item: string): void {
    const consumption = this.#consuming.add(player, item);
    if (consumption === undefined) this.fail();
    else this.#happenings.push({ happening: "consuming", ...consumption });
  }

  #ask(id: string, request: OutsideRequest): void {
    const added = this.#asked.add(id);
    if (added === "full") this.fail();
    if (added === "new") this.#happenings.push({ happening: "asked", id, request });
  }

  #travel({ player, room, contract, payload }: Extract<Effect, { effect: "travel" }>, moment: number): void {
    this.#happenings.push({ happening: "travelled", player, to: { room, contract }, moment, payload, back: null });
  }

  #award({ player, item, once }: Extract<Effect, { effect: "award" }>): void {
    if (this.#awarded.has(once)) return;
    this.#awarded.add(once);
    const collection = collectionOfItem(item);
    if (collection !== undefined && Object.hasOwn(this.#setup.contract.manifest.collections ?? {}, collection)) {
      if (this.#items.length === itemAwardsMax) return this.#setup.fault("a room awards no more items than it has");
      this.#items.push({ player: player as PlayerId, item, once });
    }
    this.#happenings.push({ happening: "awarded", player: player as PlayerId, item, once });
  }
}
