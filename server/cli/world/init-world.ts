/**
 * Puts what a world's chain lacks there, as RMRK's remarks. Stopped at any moment and started again, it goes on with what is
 * still missing.
 */
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { Act } from "#rmrk/acts.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { ItemsError } from "../items/items-error.ts";
import type { ItemKey } from "../items/key.ts";
import { inRounds, type InitOptions } from "./rounds.ts";
import { surveyOf, type Step } from "./survey.ts";
import type { WorldItems } from "./world-file.ts";

/** A `FollowedChain` is one. */
export interface WorldChain {
  view(): Promise<View>;
  act(act: Act, key: ItemKey, done: (view: View) => boolean | Promise<boolean>): Promise<View>;
}

/** Of one transaction: far below what a block takes. */
const stepsMax = 32;
const bytesMax = 128 * 1024;

/**
 * @returns whether all of it is there now.
 * @throws ItemsError if what is there cannot become what is wanted, nobody pays, or the chain does not take it in time.
 */
export const initWorld = (
  chain: WorldChain,
  wanted: WorldItems,
  key: ItemKey,
  options: InitOptions,
): Promise<boolean> =>
  inRounds(
    {
      view: () => chain.view(),
      survey: (view) => surveyOf(view, wanted),
      choose: (missing, view) => affordable(firstOf(missing, view.items.prefix), view, key),
      send: (steps, _view, done) => chain.act(joined(steps), key, done),
    },
    options,
  );

function affordable(steps: readonly Step[], { funds }: View, { account }: ItemKey): readonly Step[] {
  const needed = joined(steps).payments.reduce((sum, { amount }) => sum + amount, 0n);
  if ((funds.get(account) ?? 0n) > needed) return steps;
  throw new ItemsError("The owner's account has not enough to pay for this. Nothing was signed.");
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
