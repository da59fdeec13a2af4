/** Randomness for tests: the same words give the same draws, on every machine and in every run. */
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";
import type { Random } from "#contract/contract.ts";
import { KeystreamRandom } from "#contract/random.ts";

/** A stream of its own for every list of words. */
export const seeded = (...words: readonly string[]): Random =>
  new KeystreamRandom(sha256(lengthPrefixed("phatroom/1/testing", ...words)));
