/** States: what they hold, in which order, their roots, and proofs that somebody else can follow. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyBytes, keyOf, toHex, type StorageKey } from "#chain/devnet/hex.ts";
import { compact } from "#chain/devnet/scale.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { orderedRoot, Trie } from "#chain/devnet/trie/trie.ts";
import { provenValue } from "./support/verify-proof.ts";

/** Keys that share beginnings, end within each other, and are empty now and then. */
const key = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xff), { maxLength: 5 })
  .map((bytes) => keyOf(Uint8Array.from(bytes)));
/** Around the length from which values are hashed, and from which nodes are. */
const value = fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ minLength: 30, maxLength: 70 }));
const change = fc.tuple(key, fc.option(value));
const version = fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>;

function modelOf(changes: readonly (readonly [StorageKey, Uint8Array | null])[]): Map<StorageKey, Uint8Array> {
  const model = new Map<StorageKey, Uint8Array>();
  for (const [name, bytes] of changes) {
    if (bytes === null) model.delete(name);
    else model.set(name, bytes);
  }
  return model;
}

describe("a state", () => {
  test("holds what was put there last, in the order of its keys", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), version, key, (changes, stateVersion, other) => {
        const trie = Trie.empty.with(changes, stateVersion);
        const model = modelOf(changes);
        const keys = [...model.keys()].sort();
        expect([...trie.keys("")]).toEqual(keys);
        for (const name of [...keys, other]) {
          expect(trie.get(name)).toEqual(model.get(name));
          expect(trie.next(name)).toBe(keys.find((next) => next > name));
          expect([...trie.keys(name)]).toEqual(keys.filter((next) => next.startsWith(name)));
          expect([...trie.keys("", name)]).toEqual(keys.filter((next) => next > name));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("has a root that knows nothing of how it came about", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), version, (changes, stateVersion) => {
        const straight = Trie.empty.with(modelOf(changes), stateVersion);
        expect(toHex(Trie.empty.with(changes, stateVersion).root)).toBe(toHex(straight.root));
      }),
      { numRuns: 300 },
    );
  });

  test("does not change when another is made from it", () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), version, (before, after, stateVersion) => {
        const trie = Trie.empty.with(before, stateVersion);
        const root = toHex(trie.root);
        trie.with(after, stateVersion);
        expect(toHex(trie.root)).toBe(root);
        expect([...trie.keys("")]).toEqual([...modelOf(before).keys()].sort());
      }),
    );
  });

  test("keeps values of version 0 whole until they are written again", () => {
    const long = new Uint8Array(40).fill(7);
    const old = Trie.empty.with([["a", long]], 0);
    const fresh = Trie.empty.with([["a", long]], 1);
    expect(toHex(old.root)).not.toBe(toHex(fresh.root));
    const beside = old.with([["b", long]], 1);
    expect(toHex(beside.root)).not.toBe(toHex(fresh.with([["b", long]], 1).root));
    expect(toHex(beside.with([["a", long]], 1).root)).toBe(toHex(fresh.with([["b", long]], 1).root));
  });
});

describe("roots", () => {
  test("of nothing are those of Substrate", () => {
    const empty = "0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314";
    expect(toHex(Trie.empty.root)).toBe(empty);
    expect(toHex(orderedRoot([], 1))).toBe(empty);
  });

  test("of a list are those of a state whose keys are its indexes", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 80 }), version, (items, stateVersion) => {
        const entries = items.map((item, i) => [keyOf(compact(i)), item] as const);
        expect(toHex(orderedRoot(items, stateVersion))).toBe(toHex(Trie.empty.with(entries, stateVersion).root));
      }),
      { numRuns: 30 },
    );
  });
});

describe("a read proof", () => {
  const asked = fc.array(key, { minLength: 1, maxLength: 6 });

  test("shows what keys hold, and that others hold nothing", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), version, asked, (changes, stateVersion, keys) => {
        const trie = Trie.empty.with(changes, stateVersion);
        const proof = readProof(trie, keys);
        for (const name of keys) expect(provenValue(trie.root, proof, keyBytes(name))).toEqual(trie.get(name));
      }),
      { numRuns: 300 },
    );
  });

  test("names each node once, and none that is not needed", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), version, asked, (changes, stateVersion, keys) => {
        const trie = Trie.empty.with(changes, stateVersion);
        const proof = readProof(trie, keys);
        expect(new Set(proof.map(toHex)).size).toBe(proof.length);
        for (const [i] of proof.entries()) {
          const without = proof.toSpliced(i, 1);
          const complete = keys.every((name) => {
            try {
              provenValue(trie.root, without, keyBytes(name));
              return true;
            } catch {
              return false;
            }
          });
          expect(complete).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("of a state that was altered leads nowhere", () => {
    const trie = Trie.empty.with([["owner", new TextEncoder().encode("Alice, since the very beginning of it")]], 1);
    const proof = readProof(trie, ["owner"]).map((node) => node.slice());
    proof[1]![0]! ^= 1;
    expect(() => provenValue(trie.root, proof, keyBytes("owner"))).toThrow("lacks a node");
  });
});
