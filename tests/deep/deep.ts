/** What a deep check is: the same work in a slice for `npm test` and in full for `npm run deep`. */

export interface DeepOptions {
  readonly seed: number;
  /** How much of it; what is counted is the check's own. */
  readonly count: number;
  /** Called now and then with how much is done. */
  readonly progress?: (done: number) => void;
}

export interface DeepResult {
  readonly count: number;
  /** Figures worth keeping beside the count. */
  readonly figures?: { readonly [name: string]: number | string };
}

export interface DeepCheck {
  readonly name: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly full: number;
  /** Takes a few seconds; 0 if another stage has one. */
  readonly slice: number;
  /** @throws on the first thing that is not as it must be; the message holds what it takes to see it again. */
  run(options: DeepOptions): Promise<DeepResult>;
}

/** A small seeded generator (mulberry32). */
export class SeededNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(below: number): number {
    return this.#next() % below;
  }

  bytes(length: number): Uint8Array {
    // Four at a time: a run draws a gigabyte.
    const words = new Uint32Array((length + 3) >>> 2);
    for (let i = 0; i < words.length; i++) words[i] = this.#next();
    return new Uint8Array(words.buffer, 0, length);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
