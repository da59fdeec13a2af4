/** How often something may be done: tokens drip in at a steady rate, and a burst may use what has gathered. */

export interface BucketRate {
  readonly perSecond: number;
  /** Tokens a full bucket holds. */
  readonly burst: number;
}

export class TokenBucket {
  readonly #rate: BucketRate;
  #tokens: number;
  #at: number;

  constructor(rate: BucketRate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes one token if there is one. @param now monotonic, in ms. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Undoes a `take`. */
  giveBack(): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1);
  }
}

/** One bucket per key. Forgets the least recently used beyond `keysMax`: whoever floods with new keys forgets himself. */
export class TokenBuckets {
  readonly #rate: BucketRate;
  readonly #keysMax: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: BucketRate, keysMax: number) {
    this.#rate = rate;
    this.#keysMax = keysMax;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** @param now monotonic, in ms. */
  take(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate, now);
    // Reinserted, so that the map stays in order of use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#keysMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    return bucket.take(now);
  }

  /** Undoes a `take`. */
  giveBack(key: string): void {
    this.#buckets.get(key)?.giveBack();
  }
}

/** So many per minute over time; a quarter of that at once. */
export const perMinute = (count: number): BucketRate => ({
  perSecond: count / 60,
  burst: Math.max(1, Math.ceil(count / 4)),
});
