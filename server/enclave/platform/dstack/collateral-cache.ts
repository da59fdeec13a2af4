/**
 * The vendor's statements about this machine, renewed long before they end. While a renewal fails the old ones are
 * presented: whether they are still good is for clients to say, by their own clocks.
 */
import type { Collateral } from "#attestation/evidence.ts";

/** Intel renews within a day what it has to say, and each statement is good for thirty. */
const renewMs = 6 * 60 * 60_000;

/** After a renewal that failed. */
const againMs = 5 * 60_000;

export class CollateralCache {
  readonly #fetch: () => Promise<Collateral>;
  readonly #now: () => number;
  #held: Collateral | undefined;
  #renewAt = 0;
  #fetching: Promise<Collateral> | undefined;

  /** @param fetch asks for it and checks it. @param now monotonic, in ms. */
  constructor(fetch: () => Promise<Collateral>, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** @throws what `fetch` throws, as long as there is none. */
  async get(): Promise<Collateral> {
    if (this.#held === undefined) return this.#renew();
    if (this.#now() >= this.#renewAt) this.#renew().catch(() => undefined);
    return this.#held;
  }

  /** One at a time, however many ask. */
  #renew(): Promise<Collateral> {
    this.#fetching ??= this.#fetch().then(
      (fresh) => {
        this.#held = fresh;
        this.#settle(renewMs);
        return fresh;
      },
      (error: unknown) => {
        this.#settle(againMs);
        throw error;
      },
    );
    return this.#fetching;
  }

  #settle(ms: number): void {
    this.#fetching = undefined;
    this.#renewAt = this.#now() + ms;
  }
}
