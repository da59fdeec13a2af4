/** Read proofs: the nodes on the way to keys, with which anybody who knows the root can follow it. */
import { keyOf, type StorageKey } from "../hex.ts";
import { emptyNode, encodeNode, hashLength, nibble, type TrieNode } from "./node.ts";
import type { Trie } from "./trie.ts";

/** Of what these keys hold, or that they hold nothing. Each node once, without order. */
export function readProof(trie: Trie, keys: readonly StorageKey[]): Uint8Array[] {
  if (trie.top === undefined) return [emptyNode];
  const nodes = new Map<string, Uint8Array>();
  nodes.set(keyOf(trie.root), encodeNode(trie.top));
  for (const key of keys) follow(trie.top, key, nodes);
  return [...nodes.values()];
}

function follow(top: TrieNode, key: StorageKey, nodes: Map<string, Uint8Array>): void {
  const length = key.length * 2;
  let node: TrieNode | undefined = top;
  let at = 0;
  while (node !== undefined) {
    const { reference } = node;
    // Shorter nodes lie inside of their parents.
    if (reference.length === hashLength) nodes.set(keyOf(reference), encodeNode(node));
    while (at < node.to) {
      if (at === length || nibble(node.key, at) !== nibble(key, at)) return;
      at++;
    }
    if (at === length) {
      const { value } = node;
      if (value?.hash !== undefined) nodes.set(keyOf(value.hash), value.bytes);
      return;
    }
    node = node.children?.[nibble(key, at++)];
  }
}
