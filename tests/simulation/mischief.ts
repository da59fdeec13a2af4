/** What the machines between a worker and its store may do at the moment, and chance that decides when they do it. */
import type { SeededNumbers } from "../deep/deep.ts";

export interface Weather {
  /** Chances out of a thousand for each call to the store. */
  failsBefore: number;
  failsAfter: number;
  repeats: number;
  /** Every call, in ms: most take little, one in ten up to this. */
  slowMs: number;
  /** Nothing more fits. */
  full: boolean;
  /** Chances out of a thousand for each envelope of a client. */
  dropped: number;
  doubled: number;
  flipped: number;
}

export const fairWeather = (): Weather => ({
  failsBefore: 0,
  failsAfter: 0,
  repeats: 0,
  slowMs: 5,
  full: false,
  dropped: 0,
  doubled: 0,
  flipped: 0,
});

export function anyWeather(numbers: SeededNumbers, hostile: boolean): Weather {
  const maybe = (chance: number, most: number): number => (numbers.below(100) < chance ? numbers.below(most) : 0);
  return {
    failsBefore: maybe(40, 300),
    failsAfter: maybe(40, 300),
    repeats: maybe(40, 300),
    slowMs: numbers.pick([2, 5, 50, 400, 3000]),
    full: numbers.below(12) === 0,
    dropped: maybe(25, 60),
    doubled: maybe(25, 60),
    // Networks lose and repeat; only somebody who means it changes what is on its way.
    flipped: hostile ? maybe(30, 40) : 0,
  };
}

export const chance = (numbers: SeededNumbers, ofThousand: number): boolean => numbers.below(1000) < ofThousand;

/** Mostly short, sometimes as long as the weather allows. */
export const delay = (numbers: SeededNumbers, { slowMs }: Weather): number =>
  numbers.below(10) === 0 ? numbers.below(slowMs + 1) : numbers.below(Math.min(slowMs, 5) + 1);
