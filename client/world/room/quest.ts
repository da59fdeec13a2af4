/** What comes next for a Spirit that wants a body: one step at a time. Pure. */
import { prices } from "#phala-world/loop/numbers.ts";
import type { OriginView, OwnView, View } from "#phala-world/view.ts";

export type Step =
  | "claim-spirit"
  | "wait-for-sale"
  | "buy-origin"
  | "incubate"
  | "feed"
  | "wait-for-hatching"
  | "hatch"
  | "become"
  | "wear"
  | "whole";

export interface Quest {
  readonly step: Step;
  readonly sentence: string;
}

const sentences: Record<Step, string> = {
  "claim-spirit": "Claim your Spirit: everybody has one.",
  "wait-for-sale": "Wait for the Origins of Shell to be on sale.",
  "buy-origin": "Choose an Origin of Shell for your Spirit.",
  incubate: "Put your Origin of Shell into an incubator.",
  feed: "Feed your Origin: its energy opens slots.",
  "wait-for-hatching": "Wait for your Origin to hatch.",
  hatch: "Your Origin is ready: hatch it.",
  become: "Step into your Shell, so that others see it.",
  wear: "Put on a part of your Shell.",
  whole: "Look for what is buried off the paths.",
};

export function questOf(view: View): Quest | null {
  const step = view.mine === null ? null : stepOf(view, view.mine);
  return step === null ? null : { step, sentence: sentences[step] };
}

function stepOf(view: View, mine: OwnView): Step {
  if (!mine.spirit) return "claim-spirit";
  const [origin] = mine.origins;
  if (mine.shells.length > 0) {
    if (mine.seenIn === null) return "become";
    const parts = mine.parts.filter(({ shell }) => shell === mine.seenIn);
    if (parts.length > 0 && !parts.some(({ worn }) => worn)) return "wear";
    if (origin === undefined) return "whole";
  }
  if (origin === undefined) return canBuy(view, mine) ? "buy-origin" : "wait-for-sale";
  return incubating(view, mine, origin);
}

/** Whether anything is on sale to this player now. */
export function canBuy({ open }: Pick<View, "open">, mine: OwnView): boolean {
  if (mine.pha < prices.prime) return false;
  const prime = open.includes("last-day") || (open.includes("prime") && mine.tickets.prime);
  const early = open.includes("preorder") && !mine.preordered;
  const rare = open.includes("rare") && mine.pha >= prices.magic;
  return prime || early || rare;
}

function incubating({ era }: View, mine: OwnView, origin: OriginView): Step {
  if (origin.hatchesAt === null) return "incubate";
  if (era >= origin.hatchesAt) return "hatch";
  return mine.food > 0 ? "feed" : "wait-for-hatching";
}
