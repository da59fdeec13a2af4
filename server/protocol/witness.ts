/**
 * Witnesses: what a player keeps of a room's history, so that a host cannot show an older or another one later.
 *
 * ```text
 * witness = [term u32 le] [index u64 le] [head 32] [mac 32]
 * mac     = HMAC-SHA-256(witness key, lp("phatroom/1/witness", world, lineage, room, witness without the mac))
 * ```
 *
 * `index` counts records: the head is that of record `index - 1`. A worker hands one out for durable heads only, and only
 * workers can tell whether one is genuine: players keep the newest of a room whose enclave they verified.
 */
import { ProtocolError } from "./errors.ts";

export interface Witness {
  /** Openings of the room, from 1 on. */
  readonly term: number;
  /** Records of the history it speaks for; above zero. */
  readonly index: number;
  /** 32 bytes. */
  readonly head: Uint8Array;
}

const headLength = 32;
const macLength = 32;

/** Bytes of a witness without its mac. */
export const statementLength = 4 + 8 + headLength;
export const witnessLength = statementLength + macLength;

/** A witness without its mac. */
export function encodeStatement({ term, index, head }: Witness): Uint8Array {
  const bytes = new Uint8Array(statementLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, term, true);
  view.setBigUint64(4, BigInt(index), true);
  bytes.set(head, 12);
  return bytes;
}

/** What a witness says, genuine or not. @throws ProtocolError "malformed". */
export function decodeWitness(bytes: Uint8Array): Witness {
  if (bytes.length !== witnessLength) throw new ProtocolError("malformed", "a witness's length");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const index = Number(view.getBigUint64(4, true));
  if (index < 1 || !Number.isSafeInteger(index)) throw new ProtocolError("malformed", "a witness's index");
  return { term: view.getUint32(0, true), index, head: bytes.slice(12, statementLength) };
}
