/**
 * Looks at what a chain has, does some of what is missing, waits until that is final, and looks again: so it can be stopped at
 * any moment and asked once more. What it is about, and how it is done, is behind a port.
 */
import type { View } from "#enclave/ledger/follow/follower.ts";
import { ItemsError } from "../items/items-error.ts";

export interface InitOptions {
  /** Says what it would do, and does nothing. */
  readonly dryRun?: boolean;
  /** Takes sentences. */
  readonly say: (sentence: string) => void;
}

/** Something that is to be done, and how that is told: once for each sentence. */
export interface Told {
  readonly says: string;
}

/** What there is and what is missing. */
export interface Found<Step extends Told> {
  /** In sentences. */
  readonly there: readonly string[];
  readonly missing: readonly Step[];
}

export interface Rounds<Step extends Told> {
  view(): Promise<View>;
  /** @throws ItemsError if what is there cannot become what is wanted. */
  survey(view: View): Found<Step> | Promise<Found<Step>>;
  /** Of what is missing, what the next transaction does. @throws ItemsError before anything is signed. */
  choose(missing: readonly Step[], view: View): readonly Step[];
  /** Signs and sends it. @returns the final block by which it is done. @throws ItemsError if it is not in time. */
  send(steps: readonly Step[], view: View, done: (view: View) => Promise<boolean>): Promise<View>;
}

/** All that a file can ask for is done in far fewer. */
const roundsMax = 32;

/** @returns whether all of it is there now. @throws ItemsError as the port; if something undoes it. */
export async function inRounds<Step extends Told>(
  port: Rounds<Step>,
  { dryRun = false, say }: InitOptions,
): Promise<boolean> {
  for (let round = 0; round < roundsMax; round++) {
    const view = await port.view();
    const { there, missing } = await port.survey(view);
    if (round === 0) for (const sentence of there) say(sentence);
    if (missing.length === 0) return true;
    if (dryRun) {
      for (const { says } of missing) say(`Would do: ${says}.`);
      return false;
    }
    const steps = port.choose(missing, view);
    for (const { says } of steps) say(`${says} …`);
    const names = new Set(steps.map(({ says }) => says));
    const { block } = await port.send(steps, view, async (now) => {
      const left = await port.survey(now);
      return !left.missing.some(({ says }) => names.has(says));
    });
    say(`Final in block ${block.number}.`);
  }
  throw new ItemsError("It is not done after many transactions: something undoes it.");
}
