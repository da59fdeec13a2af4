/**
 * Nodes of Substrate's base-16 Patricia trie, read strictly: bytes that no node would write are none (Polkadot
 * specification, section 2.4 "Storage Trie").
 */
import { concatBytes } from "#protocol/bytes.ts";
import { demand, ProofError } from "./errors.ts";
import { blake2b256 } from "./header.ts";
import { compact, ScaleReader } from "./scale.ts";

/** 0: values stand in the trie as they are; 1: those longer than 32 bytes by their hash. */
export type StateVersion = 0 | 1;

export const hashLength = 32;

/** A value of 33 bytes or more is hashed in state version 1. */
const hashedFrom = 33;

export type NodeValue =
  | { readonly whole: Uint8Array }
  /** Blake2b-256 of it. */
  | { readonly hash: Uint8Array };

export interface Node {
  /** Nibbles of the key from where the parent ended. */
  readonly partial: Uint8Array;
  readonly value: NodeValue | undefined;
  /** Sixteen hashes of 32 bytes, or shorter nodes; empty for a leaf. */
  readonly children: readonly (Uint8Array | undefined)[];
}

/** What a first byte says: kind by its high bits, then as many bits as are left begin the count of nibbles. */
const kinds = [
  { bits: 0b01, width: 2, branch: false, value: "whole" },
  { bits: 0b10, width: 2, branch: true, value: "none" },
  { bits: 0b11, width: 2, branch: true, value: "whole" },
  { bits: 0b001, width: 3, branch: false, value: "hash" },
  { bits: 0b0001, width: 4, branch: true, value: "hash" },
] as const;

/** @returns undefined for the empty trie. @throws ProofError "proof-malformed", "proof-version". */
export function decodeNode(bytes: Uint8Array, version: StateVersion): Node | undefined {
  if (bytes.length === 1 && bytes[0] === 0) return undefined;
  const reader = new ScaleReader(bytes, "proof-malformed");
  const first = reader.u8();
  const kind = kinds.find(({ bits, width }) => first >> (8 - width) === bits);
  if (kind === undefined) throw reader.fail("a node of an unknown kind");
  demand(kind.value !== "hash" || version === 1, "proof-version");
  const partial = readPartial(reader, first & (0xff >> kind.width), 0xff >> kind.width);
  const bitmap = kind.branch ? reader.u16() : 0;
  if (kind.branch && bitmap === 0) throw reader.fail("a branch without children");
  const value = readValue(reader, kind.value);
  const children = kind.branch
    ? Array.from({ length: 16 }, (_, i) => ((bitmap >> i) & 1 ? readChild(reader) : undefined))
    : [];
  reader.end();
  return { partial, value, children };
}

/** A count that fills its bits goes on in bytes that are added to it. */
function readPartial(reader: ScaleReader, begun: number, most: number): Uint8Array {
  let count = begun;
  for (let more = begun === most; more;) {
    const byte = reader.u8();
    count += byte;
    more = byte === 255;
  }
  const bytes = reader.take((count + 1) >> 1);
  const odd = count & 1;
  if (odd === 1 && bytes[0]! >> 4 !== 0) throw reader.fail("a nibble where none is");
  const nibbles = nibblesOf(bytes);
  return odd === 1 ? nibbles.subarray(1) : nibbles;
}

function readValue(reader: ScaleReader, kind: "none" | "whole" | "hash"): NodeValue | undefined {
  if (kind === "none") return undefined;
  return kind === "hash" ? { hash: reader.take(hashLength) } : { whole: reader.prefixed() };
}

function readChild(reader: ScaleReader): Uint8Array {
  const child = reader.prefixed();
  if (child.length === 0 || child.length > hashLength) throw reader.fail("a child that is neither hash nor node");
  return child;
}

/** Two of each byte. */
export function nibblesOf(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    nibbles[2 * i] = bytes[i]! >> 4;
    nibbles[2 * i + 1] = bytes[i]! & 15;
  }
  return nibbles;
}

/** @param nibbles as many as two of each byte. */
export const bytesOfNibbles = (nibbles: ArrayLike<number>): Uint8Array =>
  Uint8Array.from({ length: nibbles.length >> 1 }, (_, i) => (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!);

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The root of a list, as headers commit to extrinsics: its keys are the compact indexes (section 2.4.3 and definition of
 * the extrinsics root in 3.3.1).
 */
export function orderedRoot(items: readonly Uint8Array[], version: StateVersion): Uint8Array {
  if (items.length === 0) return blake2b256(Uint8Array.of(0));
  const entries = items
    .map((value, index) => ({ key: nibblesOf(compact(index)), value }))
    .sort((a, b) => compareNibbles(a.key, b.key));
  return blake2b256(encodeTree(entries, 0, entries.length, 0, version));
}

function compareNibbles(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** The node above the entries `from` to before `to`, which share their first `depth` nibbles. */
function encodeTree(
  entries: readonly Entry[],
  from: number,
  to: number,
  depth: number,
  version: StateVersion,
): Uint8Array {
  const first = entries[from]!;
  const last = entries[to - 1]!;
  let fork = depth;
  // Entries are sorted: what the first and the last share, all do.
  while (fork < first.key.length && first.key[fork] === last.key[fork]) fork++;
  const partial = first.key.subarray(depth, fork);
  const value = fork === first.key.length ? encodeValue(first.value, version) : undefined;
  if (to - from === 1) return concatBytes(encodeKind(partial, false, value!.hashed), pack(partial), value!.bytes);
  let bitmap = 0;
  const children: Uint8Array[] = [];
  for (let at = value === undefined ? from : from + 1; at < to;) {
    const nibble = entries[at]!.key[fork]!;
    let end = at + 1;
    while (end < to && entries[end]!.key[fork] === nibble) end++;
    bitmap |= 1 << nibble;
    const child = encodeTree(entries, at, end, fork + 1, version);
    const reference = child.length < hashLength ? child : blake2b256(child);
    children.push(compact(reference.length), reference);
    at = end;
  }
  return concatBytes(
    encodeKind(partial, true, value?.hashed),
    pack(partial),
    Uint8Array.of(bitmap & 0xff, bitmap >> 8),
    value?.bytes ?? new Uint8Array(0),
    ...children,
  );
}

function encodeValue(value: Uint8Array, version: StateVersion): { readonly hashed: boolean; bytes: Uint8Array } {
  if (version === 1 && value.length >= hashedFrom) return { hashed: true, bytes: blake2b256(value) };
  return { hashed: false, bytes: concatBytes(compact(value.length), value) };
}

/** @param hashed whether its value is; undefined: it has none. */
function encodeKind(partial: Uint8Array, branch: boolean, hashed: boolean | undefined): Uint8Array {
  const wanted = hashed === undefined ? "none" : hashed ? "hash" : "whole";
  const kind = kinds.find((one) => one.branch === branch && one.value === wanted);
  if (kind === undefined) throw new ProofError("proof-malformed", "a leaf without a value");
  const most = 0xff >> kind.width;
  const high = kind.bits << (8 - kind.width);
  // Keys of lists have at most ten nibbles: the count always fits.
  if (partial.length >= most) throw new RangeError("a key that is too long for a list");
  return Uint8Array.of(high | partial.length);
}

function pack(nibbles: Uint8Array): Uint8Array {
  const odd = nibbles.length & 1;
  const bytes = new Uint8Array((nibbles.length + odd) >> 1);
  for (let i = 0; i < nibbles.length; i++) {
    const at = (i + odd) >> 1;
    bytes[at] = (i + odd) & 1 ? bytes[at]! | nibbles[i]! : nibbles[i]! << 4;
  }
  return bytes;
}
