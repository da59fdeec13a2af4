/** Plays Dot4 without a plan: hides three bombs, then drops somewhere; on a line that is full, somewhere else. */
import { isRecord, type Value } from "#protocol/value.ts";
import type { Bots, Chance } from "./bot.ts";

const size = 10;
const sides = ["top", "right", "bottom", "left"] as const;

export const dot4Bots: Bots = {
  does: "move",
  perSecond: 1,
  next(view, seat, chance) {
    if (!isRecord(view)) return undefined;
    const { phase, ready, turn } = view;
    if (phase === "placing" && Array.isArray(ready) && ready[seat] === false) return hide(chance);
    return phase === "playing" && turn === seat ? drop(chance) : undefined;
  },
};

/** In three columns, so that no two are in one cell. */
const hide = (chance: Chance): Value => ({
  kind: "place",
  bombs: [1, 4, 7].map((x) => [x, below(size, chance)]),
});

const drop = (chance: Chance): Value => ({
  kind: "drop",
  side: sides[below(sides.length, chance)]!,
  line: below(size, chance),
});

const below = (end: number, chance: Chance): number => Math.floor(chance() * end);
