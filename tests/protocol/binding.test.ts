/** A quote serves those it was made for, and each of them can tell. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { equalBytes } from "#protocol/bytes.ts";
import {
  checkBinding,
  decodeWelcome,
  encodeWelcome,
  leafOf,
  merkleRoot,
  merkleTree,
  reportData,
  type RoomClaims,
  type Welcome,
} from "#protocol/binding.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { RoomId } from "#protocol/identity.ts";
import { hash, roomId, u32 } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const claims: fc.Arbitrary<RoomClaims> = fc.record({
  contract: hash,
  lineage: hash,
  world: hash,
  room: roomId,
  term: u32,
  head: hash,
  issuer: hash,
  reportKey: hash,
});

const welcome: fc.Arbitrary<Welcome> = fc.record({
  claims,
  keyEpoch: u32,
  root: hash,
  path: fc.array(fc.record({ sibling: hash, right: fc.boolean() }), { maxLength: 16 }),
  evidence: fc.uint8Array(),
});

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

test("a welcome comes out as it went in", () => {
  fc.assert(
    fc.property(welcome, (sent) => {
      expect(decodeWelcome(encodeWelcome(sent))).toEqual(sent);
    }),
  );
});

test("any bytes are a welcome or a coded refusal", () => {
  fc.assert(
    fc.property(welcome, mutation, (sent, change) => {
      const refused = refusalOf(() => decodeWelcome(change(encodeWelcome(sent))));
      expect([undefined, "malformed", "too-long"]).toContain(refused);
    }),
    { numRuns: 500 },
  );
});

const sample = fc.sample(welcome, { numRuns: 1, seed: 1 })[0]!;
type Fields = [unknown[], unknown, unknown, unknown, unknown];

test.for<[string, (fields: Fields) => unknown]>([
  ["a field too few", (fields) => fields.slice(0, 4)],
  ["a field too many", (fields) => [...fields, 1]],
  ["claims that are no list", (fields) => [{}, ...fields.slice(1)]],
  ["a claim too few", ([first, ...rest]) => [first.slice(0, 5), ...rest]],
  ["a short hash", ([first, ...rest]) => [[new Uint8Array(31), ...first.slice(1)], ...rest]],
  ["a hash that is text", ([first, ...rest]) => [["a".repeat(32), ...first.slice(1)], ...rest]],
  ["a room that is none", ([[a, b, c, , e, f], ...rest]) => [[a, b, c, "room", e, f], ...rest]],
  ["a term below nothing", ([[a, b, c, d, , f], ...rest]) => [[a, b, c, d, -1, f], ...rest]],
  ["a key epoch beyond 32 bits", ([first, , ...rest]) => [first, 2 ** 32, ...rest]],
  ["a path of seventeen steps", ([a, b, c, , e]) => [a, b, c, Array(17).fill([new Uint8Array(32), true]), e]],
  ["a step without a side", ([a, b, c, , e]) => [a, b, c, [[new Uint8Array(32)]], e]],
  ["a side that is a number", ([a, b, c, , e]) => [a, b, c, [[new Uint8Array(32), 1]], e]],
  ["evidence that is text", ([a, b, c, d]) => [a, b, c, d, "trust me"]],
])("a welcome with %s is refused", ([, change]) => {
  const fields = decodeMsgpack(encodeWelcome(sample)) as Fields;
  expect(refusalOf(() => decodeWelcome(encodeMsgpack(change(fields))))).toBe("malformed");
});

test("every join of a batch finds itself under the root, whatever the size of the batch", () => {
  for (let size = 1; size <= 33; size++) {
    const leaves = Array.from({ length: size }, (_, i) => new Uint8Array(32).fill(i + 1));
    const { root, paths } = merkleTree(leaves);
    for (const [i, leaf] of leaves.entries()) expect(merkleRoot(leaf, paths[i]!)).toEqual(root);
    expect(Math.max(...paths.map((path) => path.length))).toBe(Math.ceil(Math.log2(size)));
  }
});

test("nobody else finds themselves under it", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { minLength: 1, maxLength: 9, selector: String }), hash, (leaves, stranger) => {
      const { root, paths } = merkleTree(leaves);
      fc.pre(!leaves.some((leaf) => equalBytes(leaf, stranger)));
      for (const path of paths) expect(merkleRoot(stranger, path)).not.toEqual(root);
    }),
  );
});

test("a node is no leaf: two leaves joined do not stand for a join", () => {
  const leaves = [1, 2, 3, 4].map((i) => new Uint8Array(32).fill(i));
  const { root, paths } = merkleTree(leaves);
  const inner = merkleTree(leaves.slice(0, 2)).root;
  // The inner node does lead to the root, so what keeps it from being a leaf is the first byte of what is hashed.
  expect(merkleRoot(inner, paths[0]!.slice(1))).toEqual(root);
  expect(leafOf(leaves[0]!, sample.claims)).not.toEqual(inner);
});

/** A worker with one channel key, and the joins of one batch. */
function batchOf(ephemerals: readonly Uint8Array[], all: readonly RoomClaims[]) {
  const channelKey = new Uint8Array(32).fill(9);
  const { root, paths } = merkleTree(ephemerals.map((ephemeral, i) => leafOf(ephemeral, all[i]!)));
  return {
    channelKey,
    reported: reportData(channelKey, 3, root),
    welcomes: all.map((own, i): Welcome => ({
      claims: own,
      keyEpoch: 3,
      root,
      path: paths[i]!,
      evidence: new Uint8Array(0),
    })),
  };
}

const ephemerals = [1, 2, 3].map((i) => new Uint8Array(32).fill(i));
const rooms = fc.sample(claims, { numRuns: 3, seed: 2 });

test("one quote serves players of three rooms", () => {
  const { channelKey, reported, welcomes } = batchOf(ephemerals, rooms);
  expect(reported.length).toBe(64);
  for (const [i, ephemeral] of ephemerals.entries()) {
    expect(checkBinding(reported, channelKey, ephemeral, welcomes[i]!)).toBe("bound");
  }
});

test.for<
  [
    string,
    "key-not-bound" | "stale-evidence",
    (w: Welcome, e: Uint8Array, k: Uint8Array, r: Uint8Array) => [Uint8Array, Uint8Array, Uint8Array, Welcome],
  ]
>([
  ["somebody else's channel key", "key-not-bound", (w, e, k, r) => [r, flip(k), e, w]],
  ["another quote", "key-not-bound", (w, e, k, r) => [flip(r), k, e, w]],
  ["another key epoch", "key-not-bound", (w, e, k, r) => [r, k, e, { ...w, keyEpoch: 4 }]],
  ["another batch", "key-not-bound", (w, e, k, r) => [r, k, e, { ...w, root: flip(w.root) }]],
  ["a quote made before this join", "stale-evidence", (w, e, k, r) => [r, k, flip(e), w]],
  ["another place in the batch", "stale-evidence", (w, e, k, r) => [r, k, e, { ...w, path: w.path.toReversed() }]],
  ["no place in the batch", "stale-evidence", (w, e, k, r) => [r, k, e, { ...w, path: [] }]],
  [
    "another contract",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, contract: flip(w.claims.contract) } }],
  ],
  [
    "another lineage",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, lineage: flip(w.claims.lineage) } }],
  ],
  [
    "another world",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, world: flip(w.claims.world) } }],
  ],
  [
    "another room",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, room: "f".repeat(20) as RoomId } }],
  ],
  [
    "another term",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, term: w.claims.term ^ 1 } }],
  ],
  [
    "another head",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, head: flip(w.claims.head) } }],
  ],
  [
    "another issuer of its items",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, issuer: flip(w.claims.issuer) } }],
  ],
  [
    "another key for reports",
    "stale-evidence",
    (w, e, k, r) => [r, k, e, { ...w, claims: { ...w.claims, reportKey: flip(w.claims.reportKey) } }],
  ],
])("%s is noticed: %s", ([, verdict, change]) => {
  const { channelKey, reported, welcomes } = batchOf(ephemerals, rooms);
  expect(checkBinding(...change(welcomes[0]!, ephemerals[0]!, channelKey, reported))).toBe(verdict);
});
