/** A state: what its keys hold, in order, and its root. It never changes; a changed one is another. */
import { blake2b256 } from "../hashing.ts";
import { keyOf, type StorageKey } from "../hex.ts";
import { compact } from "../scale.ts";
import {
  emptyNode,
  encodeNode,
  hashLength,
  nibble,
  TrieNode,
  trieValue,
  type StateVersion,
  type TrieValue,
} from "./node.ts";

/** What becomes of keys; null removes. */
export type Changes = Iterable<readonly [StorageKey, Uint8Array | null]>;

export class Trie {
  static readonly empty: Trie = new Trie(undefined);

  readonly top: TrieNode | undefined;

  private constructor(top: TrieNode | undefined) {
    this.top = top;
  }

  /** @returns a view of what is stored. */
  get(key: StorageKey): Uint8Array | undefined {
    const length = key.length * 2;
    let node = this.top;
    let at = 0;
    while (node !== undefined) {
      at = matched(node, key, at);
      if (at < node.to) return undefined;
      if (at === length) return node.value?.bytes;
      node = node.children?.[nibble(key, at++)];
    }
    return undefined;
  }

  /** The smallest key above this one, whether it is there or not. */
  next(key: StorageKey): StorageKey | undefined {
    return this.top === undefined ? undefined : after(this.top, key, 0);
  }

  /** Keys that begin with this, in order; above another one if it is given. */
  *keys(prefix: StorageKey, above?: StorageKey): Generator<StorageKey> {
    let key: StorageKey | undefined;
    if (above !== undefined && above >= prefix) key = this.next(above);
    else key = this.get(prefix) === undefined ? this.next(prefix) : prefix;
    for (; key?.startsWith(prefix); key = this.next(key)) yield key;
  }

  with(changes: Changes, version: StateVersion): Trie {
    let top = this.top;
    for (const [key, value] of changes) {
      if (value !== null) top = insert(top, key, 0, trieValue(value, version));
      else if (top !== undefined) top = remove(top, key, 0);
    }
    return top === this.top ? this : new Trie(top);
  }

  get root(): Uint8Array {
    if (this.top === undefined) return blake2b256(emptyNode);
    const { reference } = this.top;
    // The top is hashed however short it is.
    return reference.length < hashLength ? blake2b256(encodeNode(this.top)) : reference;
  }
}

/** Of a list, as block headers and inherents commit to one: its keys are the SCALE compact indexes. */
export function orderedRoot(items: readonly Uint8Array[], version: StateVersion): Uint8Array {
  return Trie.empty.with(
    items.map((item, index) => [keyOf(compact(index)), item] as const),
    version,
  ).root;
}

/** Where node and key part, or the node or the key ends; both are the same up to `at`. */
function matched(node: TrieNode, key: StorageKey, at: number): number {
  const end = Math.min(node.to, key.length * 2);
  let position = at;
  while (position < end && nibble(node.key, position) === nibble(key, position)) position++;
  return position;
}

function insert(node: TrieNode | undefined, key: StorageKey, at: number, value: TrieValue): TrieNode {
  const length = key.length * 2;
  if (node === undefined) return new TrieNode(key, at, length, value);
  const parting = matched(node, key, at);
  if (parting === node.to) {
    if (parting === length) return new TrieNode(key, at, length, value, node.children);
    const index = nibble(key, parting);
    const child = insert(node.children?.[index], key, parting + 1, value);
    return new TrieNode(node.key, at, node.to, node.value, withChild(node.children, index, child));
  }
  const lower = new TrieNode(node.key, parting + 1, node.to, node.value, node.children);
  const children = withChild(undefined, nibble(node.key, parting), lower);
  if (parting === length) return new TrieNode(key, at, parting, value, children);
  const leaf = new TrieNode(key, parting + 1, length, value);
  return new TrieNode(key, at, parting, undefined, withChild(children, nibble(key, parting), leaf));
}

/** @returns the same node if there is no such key. */
function remove(node: TrieNode, key: StorageKey, at: number): TrieNode | undefined {
  const parting = matched(node, key, at);
  if (parting < node.to) return node;
  if (parting === key.length * 2) {
    return node.value === undefined ? node : joined(node, undefined, node.children);
  }
  const index = nibble(key, parting);
  const child = node.children?.[index];
  if (child === undefined) return node;
  const left = remove(child, key, parting + 1);
  return left === child ? node : joined(node, node.value, withChild(node.children, index, left));
}

/** A branch without a value and with one child becomes one with that child. */
function joined(
  { key, from, to }: TrieNode,
  value: TrieValue | undefined,
  children: TrieNode["children"],
): TrieNode | undefined {
  const present = (children ?? []).filter((child) => child !== undefined);
  if (present.length === 0) return value === undefined ? undefined : new TrieNode(key, from, to, value);
  const only = present[0]!;
  if (value === undefined && present.length === 1) {
    return new TrieNode(only.key, from, only.to, only.value, only.children);
  }
  return new TrieNode(key, from, to, value, children);
}

const sixteen: readonly undefined[] = Array.from({ length: 16 }, () => undefined);

const withChild = (children: TrieNode["children"], index: number, child: TrieNode | undefined) =>
  (children ?? sixteen).with(index, child);

function after(node: TrieNode, key: StorageKey, at: number): StorageKey | undefined {
  const length = key.length * 2;
  const parting = matched(node, key, at);
  if (parting < node.to) {
    // A key that has ended comes before all that go on.
    return parting === length || nibble(node.key, parting) > nibble(key, parting) ? first(node) : undefined;
  }
  if (parting === length) return firstFrom(node, 0);
  const index = nibble(key, parting);
  const child = node.children?.[index];
  return (child === undefined ? undefined : after(child, key, parting + 1)) ?? firstFrom(node, index + 1);
}

const first = (node: TrieNode): StorageKey | undefined => (node.value === undefined ? firstFrom(node, 0) : node.ownKey);

function firstFrom({ children }: TrieNode, index: number): StorageKey | undefined {
  for (let i = index; i < 16; i++) {
    const child = children?.[i];
    if (child !== undefined) return first(child);
  }
  return undefined;
}
