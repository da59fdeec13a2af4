/** Chooses a level by frame times: down soon, up late, and never up again to what was too much. Pure. */
import { levels, type Level } from "./levels.ts";

export interface JudgeOptions {
  readonly start: Level;
  /** Milliseconds that a frame may take. A phone is content with 30 frames a second, a laptop wants 60. */
  readonly budgetMs: number;
}

/** Frames that are looked at together. */
const windowMs = 2000;
/** Windows in a row that must have room before a step up. */
const patience = 3;

export class QualityJudge {
  #level: Level;
  readonly #budget: number;
  #times: number[] = [];
  #elapsed = 0;
  #calm = 0;
  /** Highest level that has not been too much. */
  #ceiling = levels.length - 1;

  constructor({ start, budgetMs }: JudgeOptions) {
    this.#level = start;
    this.#budget = budgetMs;
  }

  get level(): Level {
    return this.#level;
  }

  /** @returns whether the level changed with this frame. */
  frame(milliseconds: number): boolean {
    // A tab that was hidden says nothing about drawing.
    if (milliseconds > 1000) return false;
    this.#times.push(milliseconds);
    this.#elapsed += milliseconds;
    if (this.#elapsed < windowMs) return false;
    const typical = median(this.#times);
    this.#times = [];
    this.#elapsed = 0;
    return this.#judge(typical);
  }

  #judge(typical: number): boolean {
    const index = levels.indexOf(this.#level);
    if (typical > this.#budget * 1.25 && index > 0) {
      this.#calm = 0;
      this.#ceiling = index - 1;
      this.#level = levels[index - 1]!;
      return true;
    }
    this.#calm = typical < this.#budget * 1.05 ? this.#calm + 1 : 0;
    if (this.#calm < patience || index >= this.#ceiling) return false;
    this.#calm = 0;
    this.#level = levels[index + 1]!;
    return true;
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
