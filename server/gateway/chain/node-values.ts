/** What nodes say in JSON, as bytes. Whether it is true others prove; here it only has to be of its form. */
import { bytesToHex, concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { isRecord } from "#protocol/value.ts";

/** The node has answered something else than was asked. */
export class NodeNonsense extends Error {}

export const toHex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;

/** @throws NodeNonsense, as all of these. */
export function bytesOf(value: unknown): Uint8Array {
  const sound = typeof value === "string" && value.length % 2 === 0 && /^0x[0-9a-f]*$/i.test(value);
  if (!sound) throw new NodeNonsense("no bytes");
  return hexToBytes(value.slice(2).toLowerCase());
}

export function hashOf(value: unknown): string {
  const bytes = bytesOf(value);
  if (bytes.length !== 32) throw new NodeNonsense("no hash");
  return bytesToHex(bytes);
}

export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new NodeNonsense("no list");
  return value;
}

export function recordOf(value: unknown): { readonly [name: string]: unknown } {
  if (!isRecord(value)) throw new NodeNonsense("no object");
  return value;
}

/** Bytes as a list of numbers, as nodes say them of justifications. */
export function numbersOf(value: unknown): Uint8Array {
  const numbers = listOf(value);
  if (!numbers.every((one) => Number.isInteger(one))) throw new NodeNonsense("no bytes");
  return Uint8Array.from(numbers as readonly number[]);
}

/** A header's number, in hexadecimal without leading zeros. */
export function numberOf(header: unknown): number {
  const { number } = recordOf(header);
  if (typeof number !== "string" || !/^0x[0-9a-f]{1,8}$/i.test(number)) throw new NodeNonsense("no number");
  return Number(number);
}

/** A header as its hash is made of it (Polkadot specification, section 3.3 "Block Format"). */
export function headerBytes(header: unknown): Uint8Array {
  const { parentHash, stateRoot, extrinsicsRoot, digest } = recordOf(header);
  const logs = listOf(recordOf(digest)["logs"]).map(bytesOf);
  const roots = [bytesOf(parentHash), compact(numberOf(header)), bytesOf(stateRoot), bytesOf(extrinsicsRoot)];
  return concatBytes(...roots, compact(logs.length), ...logs);
}

/** What a `FinalityProof` begins with: the block that is final, and its justification. */
export function finalityOf(proof: Uint8Array): { readonly hash: string; readonly justification: Uint8Array } {
  const [length, from] = readCompact(proof, 32);
  const justification = proof.subarray(from, from + length);
  if (justification.length !== length) throw new NodeNonsense("no proof of finality");
  return { hash: bytesToHex(proof.subarray(0, 32)), justification };
}

/** Of an encoded header, behind the length that a parachain's head has before it. */
export const headNumberOf = (head: Uint8Array): number => readCompact(head, readCompact(head, 0)[1] + 32)[0];

function compact(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value << 2);
  if (value < 0x4000) return Uint8Array.of(((value << 2) | 1) & 0xff, value >> 6);
  const bytes = new Uint8Array(value < 0x4000_0000 ? 4 : 5);
  const view = new DataView(bytes.buffer);
  if (bytes.length === 4) view.setUint32(0, value * 4 + 2, true);
  else {
    bytes[0] = 3;
    view.setUint32(1, value, true);
  }
  return bytes;
}

/** @returns the number, and where what follows it begins. */
function readCompact(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  const lengths = [1, 2, 4, 5] as const;
  const mode = (bytes[at] ?? 0) & 3;
  const next = at + lengths[mode as 0 | 1 | 2 | 3];
  if (next > bytes.length) throw new NodeNonsense("no number");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (mode === 0) return [view.getUint8(at) >> 2, next];
  if (mode === 1) return [view.getUint16(at, true) >> 2, next];
  return [mode === 2 ? view.getUint32(at, true) >>> 2 : view.getUint32(at + 1, true), next];
}
