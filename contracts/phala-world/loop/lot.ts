/**
 * What will be drawn is settled before anybody can want it otherwise, and told to nobody but by its SHA-256. When it is told,
 * everybody sees that it is what it was: nobody gets a better one by doing things in another order, or in a copy of the hub.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { hexOf } from "./hex.ts";

export interface Lot {
  /** What is drawn from, 64 hex digits. */
  readonly seed: string;
  /** SHA-256 of the seed's 32 bytes, 64 hex digits. */
  readonly commitment: string;
}

/** @param seed 32 bytes. */
export const lotOf = (seed: Uint8Array): Lot => ({ seed: hexOf(seed), commitment: hexOf(sha256(seed)) });
