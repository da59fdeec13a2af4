/** Random sayings, one after another, told to the consolidator and to the model: both agree on each, and on what comes of it. */
import { encodeRemark, type Op } from "#rmrk/codec/interaction.ts";
import { apply, type Outcome } from "#rmrk/consolidator.ts";
import type { RefusalCode } from "#rmrk/errors.ts";
import type { Remark } from "#rmrk/remark.ts";
import { faultOf } from "#rmrk/state/invariants.ts";
import { decodeSnapshot, encodeSnapshot } from "#rmrk/state/snapshot.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { isDeepStrictEqual } from "node:util";
import { SeededNumbers } from "../../deep/deep.ts";
import { viewOfModel, viewOfState } from "./compare.ts";
import { Model } from "./model.ts";
import { prefix } from "./people.ts";
import { nextSaying, prelude, type Saying } from "./sayings.ts";

export class Story {
  readonly state: State = emptyState(prefix);
  readonly model = new Model();
  /** How often each interaction was accepted, and refused for what. */
  readonly seen = new Map<Op | RefusalCode, number>();
  readonly #numbers: SeededNumbers;
  #block = 1;
  #extrinsic = 0;
  #told = 0;

  constructor(seed: number) {
    this.#numbers = new SeededNumbers(seed);
  }

  /** @throws if anything differs; the message says what and after how many sayings. */
  tell(count: number): void {
    for (const saying of prelude()) this.#one(saying);
    for (let at = 0; at < count; at++) this.#one(nextSaying(this.#numbers, this.state, this.#block));
    const snapshot = encodeSnapshot(this.state);
    if (!equalBytes(encodeSnapshot(decodeSnapshot(snapshot)), snapshot))
      throw new Error("a snapshot comes back changed");
  }

  #one(saying: Saying): void {
    const remark = this.remarkOf(saying);
    const outcome = apply(this.state, remark);
    const legal = this.model.say(remark, saying.interaction);
    this.#count(outcome);
    const { op } = saying.interaction;
    if (outcome.accepted !== legal) this.#fail(saying, `${op} is ${outcome.accepted ? "accepted" : outcome.code}`);
    const fault = faultOf(this.state);
    if (fault !== undefined) this.#fail(saying, fault);
    if (!isDeepStrictEqual(viewOfState(this.state), viewOfModel(this.model)))
      this.#fail(saying, `${op} did something else`);
    this.#told += 1;
  }

  remarkOf({ blocks, sameExtrinsic, caller, interaction, transfers }: Saying): Remark {
    this.#block += blocks;
    this.#extrinsic += sameExtrinsic ? 0 : 1;
    const bytes = encodeRemark(interaction, prefix);
    return { block: this.#block, extrinsic: this.#extrinsic, caller, bytes, transfers };
  }

  #count(outcome: Outcome): void {
    const key = outcome.accepted ? outcome.interaction.op : outcome.code;
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
  }

  #fail(saying: Saying, what: string): never {
    const said = JSON.stringify(saying, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value instanceof Map ? [...value] : value,
    );
    throw new Error(`${what}, unlike in the model, after ${this.#told} sayings at block ${this.#block}: ${said}`);
  }
}
