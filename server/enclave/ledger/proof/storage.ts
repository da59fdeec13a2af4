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
import { decodeNode, hashLength, nibblesOf, type NodeValue, type StateVersion } from "./trie.ts";

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
  const parts = new ProofParts(proof);
  const root = bytesToHex(stateRoot);
  demand(parts.has(root), "proof-root-missing");
  const values = keys.map((key) => find(parts, root, key, version));
  demand(parts.unused === 0, "proof-unused", `${parts.unused} of ${proof.length}`);
  return values;
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
    const bytes = child.length === hashLength ? parts.take(bytesToHex(child)) : child;
    node = decodeNode(bytes, version);
    // Only a root may be empty: a branch has no child where there is nothing.
    demand(node !== undefined, "proof-malformed", "an empty node below the root");
  }
  return undefined;
}

function continues(path: Uint8Array, at: number, partial: Uint8Array): boolean {
  if (at + partial.length > path.length) return false;
  for (let i = 0; i < partial.length; i++) if (path[at + i] !== partial[i]) return false;
  return true;
}

const valueOf = (parts: ProofParts, value: NodeValue): Uint8Array =>
  "whole" in value ? value.whole : parts.take(bytesToHex(value.hash));
