/**
 * Storage proofs: what a state holds under some keys, or that it holds nothing there, by the nodes on the way from the
 * state root (Polkadot specification, section 2.4 "Storage Trie"; what light clients ask for in chapter 7).
 *
 * A proof is taken only if it is exactly that: nothing twice, nothing that leads nowhere. So there is one proof of each
 * statement but for its order, and nothing rides along.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand, ProofError } from "./errors.ts";
import { blake2b256 } from "./header.ts";
import { keyLengthMax, proofLengthMax, proofNodesMax } from "./limits.ts";
import { bytesOfNibbles, decodeNode, hashLength, nibblesOf, type NodeValue, type StateVersion } from "./trie.ts";

/**
 * @param proof nodes, and values that stand in them by their hash; in any order.
 * @param keys without repetitions.
 * @returns for each key what it holds, as a view; undefined where it is proven that it holds nothing.
 * @throws ProofError "too-long", "proof-malformed", "proof-version", "proof-root-missing", "proof-incomplete",
 *   "proof-repeated", "proof-unused".
 */
export function verifyStorage(
  stateRoot: Uint8Array,
  proof: readonly Uint8Array[],
  keys: readonly Uint8Array[],
  version: StateVersion = 1,
): readonly (Uint8Array | undefined)[] {
  if (keys.length === 0 || keys.some(({ length }) => length > keyLengthMax))
    throw new RangeError("no keys, or too long");
  return verify(stateRoot, proof, (parts, root) => keys.map((key) => find(parts, root, key, version)));
}

/**
 * Keys that begin so, in their order and from the first on: whoever proves them can leave none of them out.
 *
 * @param proof of these keys and of the prefix, as of `verifyStorage`.
 * @param most keys that are of interest; a proof of fewer shows that there are no more.
 * @throws ProofError as `verifyStorage`: "proof-incomplete" where one is left out.
 */
export function verifyKeys(
  stateRoot: Uint8Array,
  proof: readonly Uint8Array[],
  prefix: Uint8Array,
  most = Infinity,
  version: StateVersion = 1,
): readonly Uint8Array[] {
  if (prefix.length > keyLengthMax || most < 1) throw new RangeError("too long, or no keys");
  return verify(stateRoot, proof, (parts, root) => {
    const found: Uint8Array[] = [];
    list({ parts, version, path: nibblesOf(prefix), most, found }, parts.take(root), []);
    return found;
  });
}

function verify<T>(
  stateRoot: Uint8Array,
  proof: readonly Uint8Array[],
  read: (parts: ProofParts, root: string) => T,
): T {
  const parts = new ProofParts(proof);
  const root = bytesToHex(stateRoot);
  demand(parts.has(root), "proof-root-missing");
  const told = read(parts, root);
  demand(parts.unused === 0, "proof-unused", `${parts.unused} of ${proof.length}`);
  return told;
}

/** What was sent, by its hash. */
class ProofParts {
  readonly #parts = new Map<string, Uint8Array>();
  readonly #used = new Set<string>();

  constructor(proof: readonly Uint8Array[]) {
    let length = 0;
    for (const part of proof) length += part.length;
    demand(proof.length <= proofNodesMax && length <= proofLengthMax, "too-long");
    for (const part of proof) this.#parts.set(bytesToHex(blake2b256(part)), part);
    demand(this.#parts.size === proof.length, "proof-repeated");
  }

  get unused(): number {
    return this.#parts.size - this.#used.size;
  }

  has(hash: string): boolean {
    return this.#parts.has(hash);
  }

  take(hash: string): Uint8Array {
    const part = this.#parts.get(hash);
    if (part === undefined) throw new ProofError("proof-incomplete", hash);
    this.#used.add(hash);
    return part;
  }
}

function find(parts: ProofParts, root: string, key: Uint8Array, version: StateVersion): Uint8Array | undefined {
  const path = nibblesOf(key);
  let node = decodeNode(parts.take(root), version);
  for (let at = 0; node !== undefined; at++) {
    const { partial, value, children } = node;
    if (!continues(path, at, partial)) return undefined;
    at += partial.length;
    if (at === path.length) return value && valueOf(parts, value);
    const child = children[path[at]!];
    if (child === undefined) return undefined;
    node = decodeNode(nodeOf(parts, child), version);
    // Only a root may be empty: a branch has no child where there is nothing.
    demand(node !== undefined, "proof-malformed", "an empty node below the root");
  }
  return undefined;
}

const nodeOf = (parts: ProofParts, child: Uint8Array): Uint8Array =>
  child.length === hashLength ? parts.take(bytesToHex(child)) : child;

interface Listing {
  readonly parts: ProofParts;
  readonly version: StateVersion;
  /** What keys begin with, as nibbles. */
  readonly path: Uint8Array;
  readonly most: number;
  readonly found: Uint8Array[];
}

/** Adds the keys that lie in a node, first its own. @param above nibbles of the way to it. */
function list(listing: Listing, bytes: Uint8Array, above: readonly number[]): void {
  const { parts, version, path, most, found } = listing;
  const node = decodeNode(bytes, version);
  demand(node !== undefined || above.length === 0, "proof-malformed", "an empty node below the root");
  if (node === undefined) return;
  const { partial, value, children } = node;
  const here = [...above, ...partial];
  if (!path.every((nibble, i) => i >= here.length || nibble === here[i])) return;
  if (value !== undefined && here.length >= path.length) {
    demand(here.length % 2 === 0, "proof-malformed", "half a byte of a key");
    valueOf(parts, value);
    found.push(bytesOfNibbles(here));
  }
  for (const [nibble, child] of children.entries()) {
    if (found.length >= most) return;
    if (child === undefined || nibble !== (path[here.length] ?? nibble)) continue;
    list(listing, nodeOf(parts, child), [...here, nibble]);
  }
}

function continues(path: Uint8Array, at: number, partial: Uint8Array): boolean {
  if (at + partial.length > path.length) return false;
  for (let i = 0; i < partial.length; i++) if (path[at + i] !== partial[i]) return false;
  return true;
}

const valueOf = (parts: ProofParts, value: NodeValue): Uint8Array =>
  "whole" in value ? value.whole : parts.take(bytesToHex(value.hash));
