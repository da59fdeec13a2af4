/** Read proofs: the nodes on the way to keys, with which anybody who knows the root can follow it. */
import { bytesToHex } from "#protocol/bytes.ts";
import { keyBytes, keyOf, type StorageKey } from "../hex.ts";
import { emptyNode, encodeNode, hashLength, nibble, type TrieNode } from "./node.ts";
import type { Trie } from "./trie.ts";

/** A node, and to which keys it leads. */
export interface ProofPart {
  /** Hexadecimal digits that those keys begin with. */
  readonly lead: string;
  /** They are a key, and this is its value, which stands in the trie by its hash. */
  readonly value: boolean;
  readonly node: Uint8Array;
}

/** Of what these keys hold, or that they hold nothing. Each node once, without order. */
export const readProof = (trie: Trie, keys: readonly StorageKey[]): Uint8Array[] => nodesOf(proofParts(trie, keys));

/** The same, of which a proof of some of the keys can be made once the trie is gone. */
export function proofParts(trie: Trie, keys: readonly StorageKey[]): ProofPart[] {
  if (trie.top === undefined) return [{ lead: "", value: false, node: emptyNode }];
  const parts = new Map<string, ProofPart>();
  const add = (part: ProofPart): void => void parts.set(`${part.lead} ${part.value}`, part);
  add({ lead: "", value: false, node: encodeNode(trie.top) });
  for (const key of keys) follow(trie.top, key, add);
  return [...parts.values()];
}

/** A proof of these keys, of which each is one that the parts were made for, or begins as many of those and holds nothing. */
export function proofOf(parts: readonly ProofPart[], keys: readonly StorageKey[]): Uint8Array[] {
  const digits = keys.map(digitsOf);
  return nodesOf(
    parts.filter(({ lead, value }) => digits.some((key) => (value ? key === lead : key.startsWith(lead)))),
  );
}

/** Keys may hold the same. */
const nodesOf = (parts: readonly ProofPart[]): Uint8Array[] => [
  ...new Map(parts.map(({ node }) => [keyOf(node), node])).values(),
];

const digitsOf = (key: StorageKey): string => bytesToHex(keyBytes(key));

function follow(top: TrieNode, key: StorageKey, add: (part: ProofPart) => void): void {
  const length = key.length * 2;
  const digits = digitsOf(key);
  let node: TrieNode | undefined = top;
  let at = 0;
  while (node !== undefined) {
    // Shorter nodes lie inside of their parents.
    if (node.reference.length === hashLength) add({ lead: digits.slice(0, at), value: false, node: encodeNode(node) });
    while (at < node.to) {
      if (at === length || nibble(node.key, at) !== nibble(key, at)) return;
      at++;
    }
    if (at === length) {
      const { value } = node;
      if (value?.hash !== undefined) add({ lead: digits, value: true, node: value.bytes });
      return;
    }
    node = node.children?.[nibble(key, at++)];
  }
}
