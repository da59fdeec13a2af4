/**
 * Nodes of Substrate's base-16 Patricia trie, and their bytes (Polkadot specification, chapter 2 "States and
 * Transitions", section 2.4 "Storage Trie").
 *
 * A node never changes. A changed trie shares with the one before all nodes that are not on the way to what changed, so
 * that the states of many blocks and forks take little more memory than one, and a root costs only what is new.
 */
import { concatBytes } from "#protocol/bytes.ts";
import { blake2b256 } from "../hashing.ts";
import type { StorageKey } from "../hex.ts";
import { compact } from "../scale.ts";

/** From this length on, values of state version 1 stand in the trie by their hash. */
const hashedFrom = 33;

/** Nodes at least this long are stored by their hash; shorter ones lie inside of their parents. */
export const hashLength = 32;

export type StateVersion = 0 | 1;

export interface TrieValue {
  readonly bytes: Uint8Array;
  /** Of the bytes, if it stands for them. What was written under state version 0 stays whole until it is written again. */
  readonly hash: Uint8Array | undefined;
}

export const trieValue = (bytes: Uint8Array, version: StateVersion): TrieValue => ({
  bytes,
  hash: version === 1 && bytes.length >= hashedFrom ? blake2b256(bytes) : undefined,
});

export type Children = readonly (TrieNode | undefined)[];

export class TrieNode {
  /** Any key that leads through this node: its own, if it has a value and no children. */
  readonly key: StorageKey;
  /** Nibbles of the key that this node stands for: from the first to before the last. */
  readonly from: number;
  readonly to: number;
  readonly value: TrieValue | undefined;
  /** Sixteen, of which at least one is there; or undefined. */
  readonly children: Children | undefined;
  #reference: Uint8Array | undefined;

  constructor(key: StorageKey, from: number, to: number, value?: TrieValue, children?: Children) {
    this.key = key;
    this.from = from;
    this.to = to;
    this.value = value;
    this.children = children;
  }

  /** Of the node's value. Values end at whole bytes. */
  get ownKey(): StorageKey {
    return this.key.length * 2 === this.to ? this.key : this.key.slice(0, this.to / 2);
  }

  /** How a parent names it: its hash, or its bytes if they are fewer. */
  get reference(): Uint8Array {
    if (this.#reference === undefined) {
      const bytes = encodeNode(this);
      this.#reference = bytes.length < hashLength ? bytes : blake2b256(bytes);
    }
    return this.#reference;
  }
}

export const nibble = (key: StorageKey, at: number): number => {
  const byte = key.charCodeAt(at >> 1);
  return at & 1 ? byte & 15 : byte >> 4;
};

/** An empty trie is one byte. */
export const emptyNode = Uint8Array.of(0);

/** Bits of a node's first byte that say what it is; the others count nibbles. */
const headers = {
  leaf: { bits: 0x40, countBits: 6 },
  leafHashed: { bits: 0x20, countBits: 5 },
  branch: { bits: 0x80, countBits: 6 },
  branchValue: { bits: 0xc0, countBits: 6 },
  branchHashed: { bits: 0x10, countBits: 4 },
} as const;

export function encodeNode(node: TrieNode): Uint8Array {
  const { value, children } = node;
  const hashed = value?.hash !== undefined;
  const parts: Uint8Array[] = [];
  if (children === undefined) {
    parts.push(encodeHeader(hashed ? "leafHashed" : "leaf", node.to - node.from), partialKey(node));
  } else {
    const kind = value === undefined ? "branch" : hashed ? "branchHashed" : "branchValue";
    let bitmap = 0;
    for (let i = 0; i < 16; i++) if (children[i] !== undefined) bitmap |= 1 << i;
    parts.push(encodeHeader(kind, node.to - node.from), partialKey(node), Uint8Array.of(bitmap & 0xff, bitmap >> 8));
  }
  if (value !== undefined)
    parts.push(...(value.hash === undefined ? [compact(value.bytes.length), value.bytes] : [value.hash]));
  for (const child of children ?? []) {
    if (child !== undefined) parts.push(compact(child.reference.length), child.reference);
  }
  return concatBytes(...parts);
}

function encodeHeader(kind: keyof typeof headers, count: number): Uint8Array {
  const { bits, countBits } = headers[kind];
  const most = (1 << countBits) - 1;
  if (count < most) return Uint8Array.of(bits | count);
  const bytes = [bits | most];
  let rest = count - most;
  for (; rest >= 255; rest -= 255) bytes.push(255);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Two nibbles a byte; an odd one stands alone in the first. */
function partialKey({ key, from, to }: TrieNode): Uint8Array {
  const bytes = new Uint8Array((to - from + 1) >> 1);
  let at = from;
  let i = 0;
  if ((to - from) & 1) bytes[i++] = nibble(key, at++);
  for (; at < to; at += 2) bytes[i++] = (nibble(key, at) << 4) | nibble(key, at + 1);
  return bytes;
}
