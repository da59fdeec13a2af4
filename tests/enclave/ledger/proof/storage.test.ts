/** Storage proofs and ordered roots, against the states that the development chain keeps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compact as devnetCompact } from "#chain/devnet/scale.ts";
import { keyOf, toHex } from "#chain/devnet/hex.ts";
import { storageKey as devnetKey } from "#chain/devnet/hashing.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { orderedRoot as devnetRoot, Trie } from "#chain/devnet/trie/trie.ts";
import { verifyBody } from "#enclave/ledger/proof/body.ts";
import { decodeHeader } from "#enclave/ledger/proof/header.ts";
import { compact, ScaleReader } from "#enclave/ledger/proof/scale.ts";
import { accountKey, eventsKey, parachainHeadKey, runtimeKey, timeKey } from "#enclave/ledger/proof/storage-keys.ts";
import { verifyKeys, verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { orderedRoot } from "#enclave/ledger/proof/trie.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { keyBytesOf, ModelChain, names } from "../support/model-chain.ts";

/** Keys that share beginnings, end within each other, and are empty now and then. */
const key = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xff), { maxLength: 5 })
  .map((bytes) => keyOf(Uint8Array.from(bytes)));
const longKey = fc.uint8Array({ minLength: 70, maxLength: 200 }).map(keyOf);
/** Around the length from which values are hashed, and from which nodes are. */
const value = fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ minLength: 30, maxLength: 70 }));
const entries = fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: key }, longKey), value), { maxLength: 50 });
const version = fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>;

describe("a storage proof", () => {
  test("shows what keys hold, and that others hold nothing", () => {
    fc.assert(
      fc.property(
        entries,
        version,
        fc.uniqueArray(key, { minLength: 1, maxLength: 6 }),
        (pairs, stateVersion, keys) => {
          const trie = Trie.empty.with(pairs, stateVersion);
          const proven = verifyStorage(trie.root, readProof(trie, keys), keys.map(keyBytesOf), stateVersion);
          expect(proven).toEqual(keys.map((name) => trie.get(name)));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is believed in any order of its parts", () => {
    const { last } = new ModelChain();
    const keys = [names.owner, names.code, names.time];
    const proof = readProof(last.state, keys).reverse();
    const proven = verifyStorage(last.state.root, proof, keys.map(keyBytesOf));
    expect(proven).toEqual(keys.map((name) => last.state.get(name)));
  });

  test("lets values of the version before stand whole", () => {
    const long = new Uint8Array(60).fill(3);
    const trie = Trie.empty.with([["old", long]], 0).with([["new", long]], 1);
    expect(verifyStorage(trie.root, readProof(trie, ["old"]), [keyBytesOf("old")])).toEqual([long]);
  });

  test("without keys, or of keys that no chain has, is not asked for", () => {
    const { root } = Trie.empty;
    expect(() => verifyStorage(root, [Uint8Array.of(0)], [])).toThrow(RangeError);
    expect(() => verifyStorage(root, [Uint8Array.of(0)], [new Uint8Array(600)])).toThrow(RangeError);
  });
});

describe("a proof of all keys that begin so", () => {
  const most = fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 4 }));

  test("shows them in their order, the first of them or all", () => {
    fc.assert(
      fc.property(entries, version, key, most, (pairs, stateVersion, prefix, count) => {
        const trie = Trie.empty.with(pairs, stateVersion);
        const all = [...trie.keys(prefix)].slice(0, count);
        const proof = readProof(trie, [prefix, ...all]);
        const proven = verifyKeys(trie.root, proof, keyBytesOf(prefix), count, stateVersion);
        expect(proven.map(keyOf)).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  test("is none where one of them is left out, or one that is none is put in", () => {
    fc.assert(
      fc.property(entries, version, key, fc.nat(), key, (pairs, stateVersion, prefix, at, other) => {
        const trie = Trie.empty.with(pairs, stateVersion);
        const all = [...trie.keys(prefix)];
        if (all.length === 0) return;
        const told = (keys: readonly string[]): readonly string[] | undefined => {
          try {
            const proof = readProof(trie, [prefix, ...keys]);
            return verifyKeys(trie.root, proof, keyBytesOf(prefix), Infinity, stateVersion).map(keyOf);
          } catch (error) {
            expect(String((error as { code?: string }).code)).toMatch(/^proof-(incomplete|unused)$/);
            return undefined;
          }
        };
        // Whatever else is believed is the truth: short keys lie in nodes that others need.
        expect(told(all.toSpliced(at % all.length, 1)) ?? all).toEqual(all);
        expect(told([...all, other]) ?? all).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  test("that are long is refused without one of them", () => {
    const keys = Array.from({ length: 20 }, (_, i) => `prefix ${String(i).padStart(40, "0")}`);
    // Of a length with which each has a node of its own.
    const trie = Trie.empty.with(
      [...keys, "other"].map((name, i) => [name, new Uint8Array(32).fill(i)]),
      1,
    );
    const prove = (of: readonly string[], count = Infinity) =>
      verifyKeys(trie.root, readProof(trie, ["prefix", ...of]), keyBytesOf("prefix"), count);
    expect(prove(keys)).toHaveLength(20);
    expect(prove(keys.slice(0, 5), 5).map(keyOf)).toEqual(keys.slice(0, 5));
    for (let at = 0; at < keys.length; at++) {
      expect(() => prove(keys.toSpliced(at, 1))).toThrow(/^proof-incomplete/);
    }
    expect(() => prove(keys.slice(1, 6), 5)).toThrow(/^proof-incomplete/);
    expect(() => prove(keys.slice(0, 6), 5)).toThrow(/^proof-unused/);
    expect(() => prove([])).toThrow(/^proof-incomplete/);
    expect(() => verifyKeys(trie.root, [], new Uint8Array(600))).toThrow(RangeError);
  });
});

describe("a root of extrinsics", () => {
  test("is what the development chain computes, which a runtime computes too", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 90 }), version, (items, stateVersion) => {
        expect(toHex(orderedRoot(items, stateVersion))).toBe(toHex(devnetRoot(items, stateVersion)));
      }),
      { numRuns: 60 },
    );
  });

  test("of thousands is right too", () => {
    const items = Array.from({ length: 17_000 }, (_, i) => devnetCompact(i));
    expect(toHex(orderedRoot(items, 0))).toBe(toHex(devnetRoot(items, 0)));
  });

  test("is believed in either version", () => {
    const chain = new ModelChain();
    const body = [new Uint8Array(50), new Uint8Array(3)];
    const header = decodeHeader(chain.last.header);
    for (const stateVersion of [0, 1] as const) {
      const extrinsicsRoot = devnetRoot(body, stateVersion);
      expect(() => verifyBody({ ...header, extrinsicsRoot }, body)).not.toThrow();
    }
  });
});

test("storage keys are those of FRAME", () => {
  const alice = hexToBytes("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d");
  expect(bytesToHex(accountKey(alice))).toBe(
    "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9de1e86a9a8c739864cf3cc5ec2bea59fd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
  );
  expect(bytesToHex(timeKey)).toBe("f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb");
  expect(bytesToHex(eventsKey)).toBe("26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7");
  expect(keyOf(runtimeKey)).toBe(devnetKey("System", "LastRuntimeUpgrade"));
  // Of Asset Hub on its relay chains.
  expect(bytesToHex(parachainHeadKey(1000))).toBe(
    "cd710b30bd2eab0352ddcc26417aa1941b3c252fcb29d88eff4f3de5de4476c3b6ff6f7d467b87a9e8030000",
  );
});

describe("a compact number", () => {
  const read = (bytes: Uint8Array): number => {
    const reader = new ScaleReader(bytes, "header-malformed");
    const number = reader.compact();
    reader.end();
    return number;
  };

  test("is read as it is written, and as others write it", () => {
    const edges = [0, 63, 64, 16_383, 16_384, 0x3fff_ffff, 0x4000_0000, 0xffff_ffff].map((n) => fc.constant(n));
    fc.assert(
      fc.property(fc.oneof(...edges, fc.nat(0xffff_ffff)), (number) => {
        expect(compact(number)).toEqual(devnetCompact(number));
        expect(read(compact(number))).toBe(number);
      }),
    );
  });

  test.for([
    ["one byte in two", [0x01, 0x00]],
    ["two bytes in four", [0x02, 0x01, 0x00, 0x00]],
    ["four bytes in a long one", [0x03, 0x01, 0x00, 0x00, 0x00]],
    ["a zero at the end", [0x07, 0xff, 0xff, 0xff, 0xff, 0x00]],
    ["more than 32 bits", [0x07, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ["an end too early", [0x02, 0x01]],
    ["nothing", []],
  ] as const)("is refused: %s", ([, bytes]) => {
    expect(() => read(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: "header-malformed" }));
  });
});
