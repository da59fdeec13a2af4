/**
 * The worker's static channel key, one per epoch of at most an hour. It is made here, quoted, and never stored: a key
 * that somebody extracts later opens no conversation of an earlier epoch, nor of this one (ephemerals are mixed in).
 */
import type { KeyPair, Suite } from "#protocol/suite.ts";

/** Long enough that quotes are few, short enough that a withdrawn TCB stops being vouched for within the hour. */
export const epochMs = 60 * 60_000;

export interface EpochKey {
  /** Counts from 1. */
  readonly epoch: number;
  readonly pair: KeyPair;
}

export class ChannelKeys {
  readonly #suite: Suite;
  #current: Promise<EpochKey> | undefined;
  #madeAt = 0;
  #epoch = 0;

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  /** Number of the newest epoch. */
  get epoch(): number {
    return this.#epoch;
  }

  /** @param now monotonic, in ms. */
  current(now: number): Promise<EpochKey> {
    if (this.#current === undefined || now - this.#madeAt >= epochMs) {
      this.#madeAt = now;
      this.#epoch += 1;
      this.#current = this.#make(this.#epoch);
    }
    return this.#current;
  }

  async #make(epoch: number): Promise<EpochKey> {
    return { epoch, pair: await this.#suite.generateKeyPair() };
  }
}
