/**
 * Bytes of the LMDB store. Four tables; integers are big-endian, so that keys sort by number.
 *
 * ```text
 * chains     [chain]                      → [length u64] [first u64] [changed at, ms u64] [head 32]
 * heads      [chain] [0] [index u64]      → [head 32]
 * records    [chain] [0] [index u64]      → [record]
 * snapshots  [chain] [0] [index u64]      → [head 32] [bytes]
 * ```
 */
import { headLength, StoreError, type ChainId, type ChainState } from "../store.ts";

const stateLength = 24 + headLength;

export const chainKey = (chain: string): Buffer => Buffer.from(chain, "latin1");

/** No name holds a zero, so that no key of one chain lies between those of another. */
export function indexKey(chain: ChainId, index: number): Buffer {
  const key = Buffer.alloc(chain.length + 9);
  key.write(chain, "latin1");
  key.writeBigUInt64BE(BigInt(index), chain.length + 1);
  return key;
}

export const indexOfKey = (key: Buffer): number => Number(key.readBigUInt64BE(key.length - 8));

export function encodeState({ length, first, changedAt, head }: Omit<ChainState, "chain">): Buffer {
  const value = Buffer.alloc(stateLength);
  value.writeBigUInt64BE(BigInt(length), 0);
  value.writeBigUInt64BE(BigInt(first), 8);
  value.writeBigUInt64BE(BigInt(changedAt), 16);
  value.set(head, 24);
  return value;
}

/** @throws StoreError "store-damaged". */
export function decodeState(chain: ChainId, value: Buffer): ChainState {
  if (value.length !== stateLength) throw new StoreError("store-damaged", `the state of ${chain}`);
  return {
    chain,
    length: Number(value.readBigUInt64BE(0)),
    first: Number(value.readBigUInt64BE(8)),
    changedAt: Number(value.readBigUInt64BE(16)),
    head: new Uint8Array(value.subarray(24)),
  };
}
