/** Plays Skirmish blindly: runs about, looks where it goes, fires in bursts, and reloads now and then. */
import { component, layoutsOf } from "#contract/components.ts";
import { angle16, bool, i8, nobody, u32, u8 } from "#contract/fields.ts";
import { inputFormat } from "#protocol/input-row.ts";
import type { Bots, Chance } from "./bot.ts";

/** As `contracts/skirmish/components.ts` has it, which is not part of this package; a test compares them. */
const Push = component(
  { east: i8, south: i8, aim: angle16, trigger: bool, reloads: u8, seen: u32 },
  { capacity: 1000, audience: nobody },
);

export const pushLayout = layoutsOf({ Push })[0]!;
const input = inputFormat(pushLayout);

/** Of a stick, either way. */
const stickMax = 100;
/** Ticks that somebody goes one way: half a second to three. */
const wayTicks = { least: 10, most: 60 } as const;
/** Ticks of a burst, and from one to the next. */
const burst = { ticks: 6, every: 30 } as const;
/** Ticks from one reload to the next. */
const reloadEvery = 160;

class Runner {
  readonly #chance: Chance;
  #angle = 0;
  #ticksLeft = 0;
  #tick: number;
  #reloads = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
    // Not all at the same moment.
    this.#tick = Math.floor(chance() * reloadEvery);
  }

  next(): readonly number[] {
    this.#tick += 1;
    this.#ticksLeft -= 1;
    if (this.#ticksLeft <= 0) {
      this.#angle = this.#chance() * 2 * Math.PI;
      this.#ticksLeft = wayTicks.least + Math.floor(this.#chance() * (wayTicks.most - wayTicks.least));
    }
    if (this.#tick % reloadEvery === 0) this.#reloads = (this.#reloads % 255) + 1;
    const wanted = {
      east: Math.round(Math.cos(this.#angle) * stickMax),
      south: Math.round(Math.sin(this.#angle) * stickMax),
      aim: this.#angle + (this.#chance() - 0.5) * 0.4,
      trigger: this.#tick % burst.every < burst.ticks ? 1 : 0,
      reloads: this.#reloads,
    };
    return input.fields.map(({ name }) => wanted[name as keyof typeof wanted]);
  }
}

export const skirmishBots: Bots = {
  does: "push",
  input,
  begin(chance) {
    const runner = new Runner(chance);
    return () => runner.next();
  },
  // So that there are some square metres for everybody.
  options: (players) => ({ field: players > 300 ? "large" : players > 60 ? "medium" : "small" }),
};
