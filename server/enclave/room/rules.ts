/**
 * The contract as its room knows it: calls go in and become history, effects come out, faults stay here.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import { effectsMax } from "#protocol/limits.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { Ended } from "#protocol/message.ts";
import type { OutsideAnswer } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { Answer, Call, Player, Viewer as ViewerCall } from "#contract/abi.ts";
import { SandboxError, type LoadedContract } from "../sandbox/sandbox.ts";
import { CheckpointedInstance } from "./checkpoint.ts";
import type { Consumption } from "./consuming.ts";
import { Effects, type SavedEffects } from "./effects.ts";
import type { Happening, ItemAward } from "./happenings.ts";
import type { Kept } from "./kept.ts";
import type { Timers } from "./timers.ts";
import type { Viewpoints } from "./viewpoints.ts";

export interface RulesSetup {
  readonly contract: LoadedContract;
  readonly options: RoomOptions;
  /** The room's first randomness: 32 secret bytes of the enclave. */
  readonly seed: Uint8Array;
  /** What went wrong inside the contract, for its author. */
  readonly fault: (detail: string) => void;
}

/** What of the rules outlasts a worker. */
export interface SavedRules extends SavedEffects {
  readonly instance: Uint8Array;
  readonly streamKey: Uint8Array;
  readonly faults: number;
  readonly ended: Ended | null;
}

/** What somebody who sits down comes with. */
export type Baggage = Pick<Extract<Call, { call: "join" }>, "record" | "arrival" | "moderator">;

/** What rules go on from that were others before. */
export interface Inherited {
  readonly tick: number;
  /** By seat. */
  readonly players: readonly Player[];
  /** As the rules before wrote it down. */
  readonly state: Value;
}

/** Faults of one room after which it is stopped. */
const faultsMax = 3;

export class Rules {
  readonly #setup: RulesSetup;
  readonly #instance: CheckpointedInstance;
  readonly #effects: Effects;
  /** Behind the room's randomness: enclave entropy, and 32 bytes from each player who joined. */
  #streamKey: Uint8Array;
  #ended: Ended | null = null;
  #faults = 0;
  #changed = false;

  /**
   * @param saved what to go on with; without it the contract is opened.
   * @param inherited if that was saved by other rules, of which these take over what does not lie in their memory.
   * @throws SandboxError "call-faulted" if the contract cannot open or go on from other rules, "snapshot-refused" if the
   *   snapshot is not its own.
   */
  constructor(setup: RulesSetup, saved?: SavedRules, inherited?: Inherited) {
    const { contract, options, seed } = setup;
    this.#setup = setup;
    const { manifest } = contract;
    const end = (ended: Ended): void => this.#end(ended);
    const fail = (): void => this.fail();
    this.#effects = new Effects({ manifest, fail, end }, saved);
    this.#instance = new CheckpointedInstance(contract, inherited === undefined ? saved?.instance : undefined);
    if (saved === undefined) {
      this.#streamKey = sha256(lengthPrefixed("phatroom/1/random", seed));
      this.record({ call: "open", tick: 0, key: this.#streamKey, options });
      return;
    }
    this.#streamKey = saved.streamKey;
    this.#faults = saved.faults;
    this.#ended = saved.ended;
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
    const { timers, awarded, items, ...others } = this.#effects.save();
    return {
      instance: this.#instance.snapshot(),
      streamKey: this.#streamKey,
      timers,
      awarded,
      ...(items === undefined ? {} : { items }),
      faults: this.#faults,
      ended: this.#ended,
      ...others,
    };
  }

  get timers(): Timers {
    return this.#effects.timers;
  }

  get viewpoints(): Viewpoints {
    return this.#effects.viewpoints;
  }

  get kept(): Kept {
    return this.#effects.kept;
  }

  /** How it is over; null while it is not. */
  get ended(): Ended | null {
    return this.#ended;
  }

  /** What the contract caused since this was last asked, in order. */
  takeHappenings(): readonly Happening[] {
    return this.#effects.takeHappenings();
  }

  /** Items that were awarded so far. */
  get items(): readonly ItemAward[] {
    return this.#effects.items;
  }

  /** Items that were to be used up, and of which it is not known whether they are. */
  get consuming(): readonly Consumption[] {
    return this.#effects.consuming.all();
  }

  /** Whether an item is used up. Said a second time it is nothing. */
  consumed(tick: number, n: number, refused: ConsumeRefusal | null): void {
    const consumption = this.#effects.consuming.settled(n);
    if (consumption === undefined || this.#ended !== null) return;
    const { player: owner, item } = consumption;
    this.recordOrFail({ call: "consumed", tick, owner, item, refused });
  }

  /** Ids of requests that were among these happenings and wait for an answer. */
  underWay(): readonly string[] {
    return this.#effects.asked.handedOut();
  }

  /** What a player owns. Rules that do not ask are not told. */
  told(tick: number, player: Player, items: readonly HeldItem[] | null): void {
    if (this.#setup.contract.manifest.items !== true || this.#ended !== null) return;
    this.recordOrFail({ call: "items", tick, player, items });
  }

  /** What came of a request. A second answer to it is none. */
  answer(tick: number, id: string, answer: OutsideAnswer): void {
    if (this.#effects.asked.answered(id) && this.#ended === null)
      this.recordOrFail({ call: "answer", tick, id, answer });
  }

  /**
   * Whether state may have changed since this was last asked, and whose views the contract asked to be computed again:
   * "everyone", or players' ids.
   */
  takeChanges(): { readonly changed: boolean; readonly touched: ReadonlySet<string> } {
    const changes = { changed: this.#changed, touched: this.#effects.takeTouched() };
    this.#changed = false;
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
      answer = this.#instance.call(this.#informed(call));
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
      for (const effect of answer.effects) this.#effects.apply(effect, "tick" in call ? call.tick : 0);
    }
    return answer;
  }

  /** Says how many items can still be awarded where that may matter to this call. */
  #informed(call: Call): Call {
    const { itemsLeft } = this.#effects;
    return itemsLeft < effectsMax ? { ...call, itemsLeft } : call;
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
}
