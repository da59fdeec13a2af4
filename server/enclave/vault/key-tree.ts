/**
 * A tree of keys: its root gives one key for each number, and a few of its nodes give the keys of the first so many
 * numbers and of no others.
 *
 * ```text
 * child(key, bit) = SHA-256(lp("phatroom/1/key-tree", key, [bit]))
 * key of number n = the node at depth 24 to which the bits of n lead from the root, the highest first
 * cover of count  = for each 1 among the bits of count, the highest first: the root of the largest subtree that holds
 *                   only numbers below count and comes behind those named before it
 * ```
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";

/** Sixteen million numbers: days of a room that records sixty times a second, without being opened again. */
export const treeDepth = 24;

export interface NumberedKeys {
  /** 32 bytes. @throws RangeError if there is none for this number. */
  keyOf(number: number): Uint8Array;
}

export class KeyTree implements NumberedKeys {
  readonly #all: Subtree;

  /** @param root 32 secret bytes. */
  constructor(root: Uint8Array) {
    this.#all = new Subtree(root, treeDepth, 0);
  }

  keyOf(number: number): Uint8Array {
    return this.#all.keyOf(number);
  }

  /** Nodes that give the keys of the numbers below `count` and no others; as many as `count` has ones among its bits. */
  cover(count: number): Uint8Array[] {
    return subtreesBelow(count).map(({ depth, first }) => this.#all.node(first, treeDepth - depth));
  }
}

/** Nodes in a cover of so many numbers. */
export const coverLength = (count: number): number => subtreesBelow(count).length;

/** The keys that a cover gives. */
export class CoveredKeys implements NumberedKeys {
  readonly #subtrees: readonly Subtree[];

  /** @throws RangeError if these are not as many nodes as that cover has. */
  constructor(count: number, nodes: readonly Uint8Array[]) {
    const places = subtreesBelow(count);
    if (places.length !== nodes.length) throw new RangeError("another cover");
    this.#subtrees = places.map(({ depth, first }, i) => new Subtree(nodes[i]!, depth, first));
  }

  keyOf(number: number): Uint8Array {
    const subtree = this.#subtrees.find((candidate) => candidate.holds(number));
    if (subtree === undefined) throw new RangeError("not covered");
    return subtree.keyOf(number);
  }
}

/** Where the subtrees of a cover are. `depth` levels lie below each; `first` is its lowest number. */
function subtreesBelow(count: number): { readonly depth: number; readonly first: number }[] {
  if (!Number.isInteger(count) || count < 0 || count >= 2 ** treeDepth) throw new RangeError("beyond the tree");
  const subtrees: { depth: number; first: number }[] = [];
  let first = 0;
  for (let depth = treeDepth - 1; depth >= 0; depth--) {
    if ((count & (1 << depth)) === 0) continue;
    subtrees.push({ depth, first });
    first += 2 ** depth;
  }
  return subtrees;
}

class Subtree {
  readonly #depth: number;
  readonly #first: number;
  /** Nodes from the root towards the number that was asked for last. */
  readonly #path: Uint8Array[];
  #newest = 0;

  constructor(root: Uint8Array, depth: number, first: number) {
    this.#path = [root];
    this.#depth = depth;
    this.#first = first;
  }

  holds(number: number): boolean {
    return Number.isInteger(number) && number >= this.#first && number < this.#first + 2 ** this.#depth;
  }

  keyOf(number: number): Uint8Array {
    if (!this.holds(number)) throw new RangeError("not in this tree");
    return this.node(number, this.#depth);
  }

  /** The node so many levels below the root on the way to a number. */
  node(number: number, levels: number): Uint8Array {
    const offset = number - this.#first;
    // What the way to this number shares with the last one is not hashed again: two hashes for each number in a row.
    const shared = this.#depth - (32 - Math.clz32(offset ^ this.#newest));
    this.#path.length = Math.min(this.#path.length, shared + 1);
    this.#newest = offset;
    while (this.#path.length <= levels) {
      const bit = (offset >>> (this.#depth - this.#path.length)) & 1;
      this.#path.push(child(this.#path.at(-1)!, bit));
    }
    return this.#path[levels]!;
  }
}

const child = (key: Uint8Array, bit: number): Uint8Array =>
  sha256(lengthPrefixed("phatroom/1/key-tree", key, Uint8Array.of(bit)));
