/** What a player is told of vouchers is read strictly; what a contract declares of collections is bounded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeVouchers,
  encodeVouchers,
  readCollections,
  voucherReasons,
  vouchersMax,
  voucherStages,
  type VoucherEntry,
} from "#protocol/award.ts";
import { decodeWorkerMessage, encodeWorkerMessage } from "#protocol/message.ts";
import { refusalOf } from "./support/refusal.ts";

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b).toString("hex"));
const u32 = fc.nat({ max: 0xffff_ffff });
const mint = fc.record({
  collection: u32,
  item: u32,
  deadline: u32,
  account: hex(32),
  signer: hex(32),
  signature: hex(64),
});
const standing = fc.oneof(
  fc.record({ stage: fc.constant("redeemable" as const), mint }),
  fc.record({
    stage: fc.constantFrom(...voucherStages.filter((stage) => stage !== "redeemable")),
    mint: fc.constant(null),
  }),
);
const item = fc.record({
  voucher: hex(32),
  room: hex(10) as fc.Arbitrary<VoucherEntry["room"]>,
  once: fc.string({ maxLength: 64 }),
  collection: fc.string({ maxLength: 60 }),
  symbol: fc.string({ maxLength: 32 }),
  metadata: fc.option(fc.string({ maxLength: 256 })),
  reason: fc.option(fc.constantFrom(...(Object.keys(voucherReasons) as (keyof typeof voucherReasons)[]))),
});
const entry: fc.Arbitrary<VoucherEntry> = fc.tuple(item, standing).map(([what, how]) => ({ ...what, ...how }));

test("vouchers come out as they went in", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (vouchers) => {
      const { type, body } = encodeWorkerMessage({ type: "vouchers", vouchers });
      expect(decodeWorkerMessage(type, body)).toEqual({ type: "vouchers", vouchers });
    }),
    { numRuns: 200 },
  );
});

const sample: VoucherEntry = {
  voucher: "ab".repeat(32),
  room: "01".repeat(10) as VoucherEntry["room"],
  once: "winner",
  collection: "c",
  symbol: "s",
  metadata: null,
  stage: "earned",
  reason: null,
  mint: null,
};
const signed = {
  collection: 1,
  item: 2,
  deadline: 3,
  account: "aa".repeat(32),
  signer: "bb".repeat(32),
  signature: "cc".repeat(64),
};
const redeemable = (change: object): unknown =>
  encodeVouchers({
    type: "vouchers",
    vouchers: [{ ...sample, stage: "redeemable", mint: { ...signed, ...change } }],
  });

test.for<[string, unknown]>([
  ["no list", {}],
  [
    "more than there may be",
    Array.from({ length: vouchersMax + 1 }, () => encodeVouchers({ type: "vouchers", vouchers: [sample] })[0]),
  ],
  ["an entry that is no list", [{}]],
  ["an entry with a member too many", [[...encodeVouchers({ type: "vouchers", vouchers: [sample] })[0]!, 1]]],
  ["an id in capitals", [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, voucher: "AB".repeat(32) }] })[0]]],
  ["a room of no kind", [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, room: "x" as never }] })[0]]],
  ["a stage of no kind", [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, stage: "sold" as never }] })[0]]],
  [
    "a reason of no kind",
    [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, reason: "toString" as never }] })[0]],
  ],
  [
    "a redeemable one without its mint",
    [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, stage: "redeemable" }] })[0]],
  ],
  [
    "a mint of one that is not redeemable",
    [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, mint: signed }] })[0]],
  ],
  ["a mint of an item of no number", redeemable({ item: 2 ** 32 })],
  ["a mint with a signature that is too short", redeemable({ signature: "cc".repeat(63) })],
  ["a mint for no account", redeemable({ account: "AA".repeat(32) })],
  [
    "metadata of kilobytes",
    [encodeVouchers({ type: "vouchers", vouchers: [{ ...sample, metadata: "x".repeat(5000) }] })[0]],
  ],
])("%s is refused", ([, value]) => {
  expect(refusalOf(() => decodeVouchers(value))).toBe("malformed");
});

test("collections are in the order of their symbols, whatever order they were declared in", () => {
  const terms = { max: 1, metadata: "ipfs://a" };
  expect(Object.keys(readCollections({ B: terms, A: terms })!)).toEqual(["A", "B"]);
});

test("forms are read as they were declared, and one name may be of two symbols", () => {
  const resources = [
    { id: "worn", of: "cup", src: "ipfs://a", slot: "spirit.hat" },
    { id: "worn", of: "medal", src: "ipfs://b", slot: "spirit.left-hand" },
    { id: "body", base: "spirit", parts: ["glow", "hat"] },
  ];
  expect(readCollections({ CUPS: { max: 1, metadata: "ipfs://a", resources } })!["CUPS"]!.resources).toEqual(resources);
});

test.for<[string, unknown]>([
  ["none", {}],
  ["no object", []],
  ["seventeen", Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`C${i}`, { max: 1, metadata: "ipfs://a" }]))],
  ["a symbol in small letters", { cups: { max: 1, metadata: "ipfs://a" } }],
  ["a symbol with a dash", { "A-B": { max: 1, metadata: "ipfs://a" } }],
  ["without a bound", { CUPS: { metadata: "ipfs://a" } }],
  ["of none", { CUPS: { max: 0, metadata: "ipfs://a" } }],
  ["of more than there are serial numbers", { CUPS: { max: 100_000_000, metadata: "ipfs://a" } }],
  ["of half an item", { CUPS: { max: 1.5, metadata: "ipfs://a" } }],
  ["without a description", { CUPS: { max: 1 } }],
  ["described by a script", { CUPS: { max: 1, metadata: "javascript:alert(1)" } }],
  ["described with a space", { CUPS: { max: 1, metadata: "ipfs://a b" } }],
  ...Object.entries({
    "with forms that are no list": {},
    "with no forms at all": [],
    "with nine forms": Array.from({ length: 9 }, (_, i) => ({ id: `f${i}`, src: "ipfs://a" })),
    "with a form without a name": [{ src: "ipfs://a" }],
    "with a form of nothing": [{ id: "worn" }],
    "with a form from a script": [{ id: "worn", src: "data:image/svg+xml,x" }],
    "with a form of something else besides": [{ id: "worn", src: "ipfs://a", z: 1 }],
    "with a form in a slot of no base": [{ id: "worn", src: "ipfs://a", slot: "hat" }],
    "with a form in a slot by its id": [{ id: "worn", src: "ipfs://a", slot: "base-1-spirit.hat" }],
    "with a form of a base without parts": [{ id: "body", base: "spirit" }],
    "with a form of parts without a base": [{ id: "body", parts: ["body"] }],
    "with a form of a part twice": [{ id: "body", base: "spirit", parts: ["body", "body"] }],
    "with a form whose name is the prototype's": [{ id: "__proto__", src: "ipfs://a" }],
    "with two forms of one name": [1, 2].map(() => ({ id: "worn", src: "ipfs://a" })),
    "with two forms of one name, one of all items": [
      { id: "worn", src: "ipfs://a" },
      { id: "worn", of: "cup", src: "ipfs://b" },
    ],
  }).map(([says, resources]): [string, unknown] => [says, { CUPS: { max: 1, metadata: "ipfs://a", resources } }]),
])("collections are refused: %s", ([, value]) => {
  expect(readCollections(value)).toBe(undefined);
});
