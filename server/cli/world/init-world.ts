/**
 * Puts what a world's chain lacks there: looks, does some of it, waits until that is final, and looks again. Stopped at any
 * moment and started again, it goes on with what is still missing.
 */
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { Act } from "#rmrk/acts.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { ItemsError } from "../items/items-error.ts";
import type { ItemKey } from "../items/key.ts";
import { surveyOf, type Step } from "./survey.ts";
import type { WorldItems } from "./world-file.ts";

/** A `FollowedChain` is one. */
export interface WorldChain {
  view(): Promise<View>;
  act(act: Act, key: ItemKey, done: (view: View) => boolean): Promise<View>;
}

export interface InitOptions {
  /** Says what it would do, and does nothing. */
  readonly dryRun?: boolean;
  /** Takes sentences. */
  readonly say: (sentence: string) => void;
}

/** Of one transaction: far below what a block takes. */
const stepsMax = 32;
const bytesMax = 128 * 1024;
/** All that a file can ask for is done in far fewer. */
const roundsMax = 32;

/**
 * @returns whether all of it is there now.
 * @throws ItemsError if what is there cannot become what is wanted, nobody pays, or the chain does not take it in time.
 */
export async function initWorld(
  chain: WorldChain,
  wanted: WorldItems,
  key: ItemKey,
  { dryRun = false, say }: InitOptions,
): Promise<boolean> {
  for (let round = 0; round < roundsMax; round++) {
    const view = await chain.view();
    const { there, missing } = surveyOf(view, wanted);
    if (round === 0) for (const sentence of there) say(sentence);
    if (missing.length === 0) return true;
    if (dryRun) {
      for (const { says } of missing) say(`Would do: ${says}.`);
      return false;
    }
    const steps = firstOf(missing, view.items.prefix);
    const act = joined(steps);
    const needed = act.payments.reduce((sum, { amount }) => sum + amount, 0n);
    if ((view.funds.get(key.account) ?? 0n) <= needed) {
      throw new ItemsError("The owner's account has not enough to pay for this. Nothing was signed.");
    }
    for (const { says } of steps) say(`${says} …`);
    const names = new Set(steps.map(({ says }) => says));
    const { block } = await chain.act(act, key, (now) => {
      return !surveyOf(now, wanted).missing.some(({ says }) => names.has(says));
    });
    say(`Final in block ${block.number}.`);
  }
  throw new ItemsError("It is not done after many transactions: something undoes it.");
}

/** As many as one transaction takes; always one. */
function firstOf(missing: readonly Step[], prefix: number): readonly Step[] {
  let bytes = 0;
  const steps: Step[] = [];
  for (const one of missing.slice(0, stepsMax)) {
    for (const interaction of one.act.interactions) bytes += encodeRemark(interaction, prefix).length;
    if (steps.length > 0 && bytes > bytesMax) break;
    steps.push(one);
  }
  return steps;
}

const joined = (steps: readonly Step[]): Act => ({
  interactions: steps.flatMap(({ act }) => act.interactions),
  payments: steps.flatMap(({ act }) => act.payments),
});
