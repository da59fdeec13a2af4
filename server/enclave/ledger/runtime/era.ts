/** How long a transaction may be included (Substrate's mortal era): from the block that it is signed on, for a period. */
import type { BlockHash } from "../proof/header.ts";
import { littleEndian } from "../proof/scale.ts";

export interface Era {
  /** A final block. No block up to it includes the transaction. */
  readonly birth: { readonly number: number; readonly hash: BlockHash };
  /** Blocks: a power of two from 4 to 4,096, so that every block number can be a birth. */
  readonly period: number;
}

const periodMin = 4;
const periodMax = 4096;

/** The last block that may include it. */
export const lastBlock = ({ birth, period }: Era): number => birth.number + period - 1;

/** Two bytes: the period's logarithm in the lower four bits, the birth's place in it above. */
export function encodeEra({ birth, period }: Era): Uint8Array {
  const exponent = Math.log2(period);
  if (period < periodMin || period > periodMax || !Number.isInteger(exponent)) throw new RangeError("not a period");
  return littleEndian((exponent - 1) | ((birth.number % period) << 4), 2);
}
