/**
 * Follows a read proof from a state root, written from the specification (section 2.4) and sharing nothing with the code
 * that makes proofs.
 */
import { blake2b } from "@noble/hashes/blake2.js";

const nameOf = (bytes: Uint8Array): string => Buffer.from(blake2b(bytes, { dkLen: 32 })).toString("hex");

/** @returns the value, or undefined if the proof shows that there is none. @throws Error if it shows neither. */
export function provenValue(root: Uint8Array, proof: readonly Uint8Array[], key: Uint8Array): Uint8Array | undefined {
  const nodes = new Map(proof.map((node) => [nameOf(node), node]));
  const load = (hash: Uint8Array): Uint8Array => {
    const node = nodes.get(Buffer.from(hash).toString("hex"));
    if (node === undefined) throw new Error("the proof lacks a node");
    return node;
  };
  let path = [...key].flatMap((byte) => [byte >> 4, byte & 15]);
  let node = decode(load(root));
  for (;;) {
    if (node === undefined) return undefined;
    if (node.partial.some((nibble, i) => path[i] !== nibble)) return undefined;
    path = path.slice(node.partial.length);
    const index = path.shift();
    if (index === undefined) return node.hashedValue === undefined ? node.value : load(node.hashedValue);
    const child: Uint8Array | undefined = node.children[index];
    if (child === undefined) return undefined;
    node = decode(child.length === 32 ? load(child) : child);
  }
}

interface Decoded {
  readonly partial: readonly number[];
  readonly value?: Uint8Array | undefined;
  readonly hashedValue?: Uint8Array | undefined;
  readonly children: readonly (Uint8Array | undefined)[];
}

/** Bits that name the kind, how many of them, whether there are children, and how a value stands. */
const kinds = [
  [0b01, 2, false, "whole"],
  [0b10, 2, true, "none"],
  [0b11, 2, true, "whole"],
  [0b001, 3, false, "hash"],
  [0b0001, 4, true, "hash"],
] as const;

function decode(bytes: Uint8Array): Decoded | undefined {
  if (bytes.length === 1 && bytes[0] === 0) return undefined;
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error("a node that ends too early");
    return bytes.subarray(at, (at += length));
  };
  const prefixed = (): Uint8Array => {
    const first = take(1)[0]!;
    const rest = take([0, 1, 3][first & 3]!);
    return take([first, ...rest].reduceRight((sum, byte) => sum * 256 + byte, 0) >> 2);
  };
  const first = take(1)[0]!;
  const kind = kinds.find(([bits, width]) => first >> (8 - width) === bits);
  if (kind === undefined) throw new Error("a node of an unknown kind");
  const [, width, branch, standing] = kind;
  const most = 0xff >> width;
  let count = first & most;
  for (let more = count === most; more;) {
    const byte = take(1)[0]!;
    count += byte;
    more = byte === 255;
  }
  const nibbles = [...take((count + 1) >> 1)].flatMap((byte) => [byte >> 4, byte & 15]);
  const partial = nibbles.slice(nibbles.length - count);
  const bitmap = branch ? take(2) : new Uint8Array(2);
  const value = standing === "whole" ? prefixed() : undefined;
  const hashedValue = standing === "hash" ? take(32) : undefined;
  const children = Array.from({ length: 16 }, (_, i) => ((bitmap[i >> 3]! >> (i & 7)) & 1 ? prefixed() : undefined));
  return { partial, value, hashedValue, children };
}
