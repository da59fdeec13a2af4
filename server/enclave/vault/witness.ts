/**
 * Witnesses: what a player keeps of a room's history, so that a host cannot show an older or another one later.
 *
 * ```text
 * witness = [term u32 le] [index u64 le] [head 32] [mac 32]
 * mac     = HMAC-SHA-256(witness key, lp("phatroom/1/witness", world, lineage, room, witness without the mac))
 * ```
 *
 * `index` counts records: the head is that of record `index - 1`. A worker hands one out for durable heads only.
 */
import { createHmac } from "node:crypto";
import { equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { VaultError } from "./errors.ts";
import { headLength, type Place } from "./record.ts";

export interface Witness {
  readonly term: number;
  /** Records of the history it speaks for; above zero. */
  readonly index: number;
  /** 32 bytes. */
  readonly head: Uint8Array;
}

const macLength = 32;
const statementLength = 12 + headLength;
export const witnessLength = statementLength + macLength;

export function makeWitness(place: Place, key: Uint8Array, { term, index, head }: Witness): Uint8Array {
  const bytes = new Uint8Array(witnessLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, term, true);
  view.setBigUint64(4, BigInt(index), true);
  bytes.set(head, 12);
  bytes.set(macOf(place, key, bytes.subarray(0, statementLength)), statementLength);
  return bytes;
}

/**
 * Reads what some worker of this lineage once said.
 *
 * @throws VaultError "not-ours": nobody who holds this room's key made it.
 */
export function readWitness(place: Place, key: Uint8Array, bytes: Uint8Array): Witness {
  const statement = bytes.subarray(0, statementLength);
  if (bytes.length !== witnessLength || !equalBytes(macOf(place, key, statement), bytes.subarray(statementLength))) {
    throw new VaultError("not-ours", "no witness of this room");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    term: view.getUint32(0, true),
    index: Number(view.getBigUint64(4, true)),
    head: bytes.slice(12, statementLength),
  };
}

const macOf = ({ world, lineage, room }: Place, key: Uint8Array, statement: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHmac("sha256", key)
      .update(lengthPrefixed("phatroom/1/witness", world, lineage, room, statement))
      .digest(),
  );
