/** What is signed for a voucher: one thing at a time, in a place that the voucher alone decides. */
import { describe, expect, test } from "vitest";
import { encodeMint, preSign, type PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { nextMint } from "#enclave/ledger/nfts/redeeming.ts";
import { refusalOf } from "#enclave/ledger/nfts/refusals.ts";
import { slotOf, type Slot } from "#enclave/ledger/nfts/slot.ts";
import { attributesMax, slotsMax } from "#enclave/ledger/nfts/limits.ts";
import type { Metadata } from "#enclave/ledger/runtime/metadata.ts";
import { VariantValue } from "#enclave/ledger/runtime/value.ts";
import { issuerKeyOf } from "#enclave/reward/issuer-key.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { alice } from "../../../rmrk/support/people.ts";

const voucher = "eb0d5a7294b3d6d2e729a60a335ef9f7a5a1c967b14bb44c4c164dfa4b6f8bc3";
const redeemable = { id: voucher, recipient: alice, symbol: "cup", metadata: "ipfs://ipfs/cup" };
const terms = { collection: 7, block: 100, period: 20, signedUntil: 0 };
const free: Slot = { owner: undefined, minted: false, voucher: undefined };
const taken: Slot = { owner: alice, minted: true, voucher: "00".repeat(32) };
const forgotten: Slot = { owner: undefined, minted: true, voucher: "00".repeat(32) };
const ours: Slot = { owner: alice, minted: true, voucher };
const burned: Slot = { owner: undefined, minted: true, voucher };
const silent: Slot = { owner: alice, minted: true, voucher: undefined };
const burnedSilent: Slot = { owner: undefined, minted: true, voucher: undefined };

describe("for a voucher", () => {
  test("that nobody has redeemed a mint is signed: for its account, for so long", () => {
    expect(nextMint(redeemable, [free], terms)).toEqual({
      next: "sign",
      mint: {
        collection: 7,
        item: slotOf(voucher, 0),
        attributes: [
          ["voucher", voucher],
          ["symbol", "cup"],
          ["metadata", "ipfs://ipfs/cup"],
        ],
        onlyAccount: alice,
        deadline: 120,
      },
    });
  });

  test.for<readonly [string, readonly Slot[], object]>([
    ["that was redeemed nothing is signed", [ours], { next: "redeemed", item: slotOf(voucher, 0), owner: alice }],
    ["whose item was burned neither", [burned], { next: "redeemed", item: slotOf(voucher, 0), owner: undefined }],
    [
      "whose item was made silent neither, as long as it is there",
      [silent, free],
      { next: "redeemed", item: slotOf(voucher, 0), owner: alice },
    ],
    [
      "whose item was made silent neither, and burned",
      [burnedSilent, free],
      { next: "redeemed", item: slotOf(voucher, 0), owner: undefined },
    ],
    [
      "that was redeemed in its second place neither",
      [taken, burned],
      { next: "redeemed", item: slotOf(voucher, 1), owner: undefined },
    ],
    [
      "for which others are everywhere nothing can be",
      Array.from({ length: slotsMax }, () => taken),
      { next: "no-slot" },
    ],
  ])("%s", ([, slots, expected]) => {
    expect(nextMint(redeemable, slots, terms)).toEqual(expected);
  });

  test.for<readonly [string, Slot]>([
    ["another voucher's item", taken],
    ["an item that was burned, of another voucher's", forgotten],
  ])("in whose first place is %s the second one is signed", ([, slot]) => {
    const found = nextMint(redeemable, [slot, free], terms);
    expect(found).toMatchObject({ next: "sign", mint: { item: slotOf(voucher, 1) } });
    expect(slotOf(voucher, 1)).not.toBe(slotOf(voucher, 0));
  });

  test("that may have been signed before nothing is signed as long as that lives", () => {
    expect(nextMint(redeemable, [free], { ...terms, signedUntil: 100 })).toEqual({ next: "wait" });
    expect(nextMint(redeemable, [free], { ...terms, signedUntil: 99 })).toMatchObject({ next: "sign" });
    expect(nextMint(redeemable, [ours], { ...terms, signedUntil: 100 })).toMatchObject({ next: "redeemed" });
  });
});

test("a place is of a voucher and an attempt, and of nothing else", () => {
  expect([0, 1, 2].map((attempt) => slotOf(voucher, attempt))).toEqual([2_021_767_554, 4_015_718_856, 28_269_849]);
  expect(() => slotOf(voucher, slotsMax)).toThrow(RangeError);
});

const mint: PreSignedMint = {
  collection: 1,
  item: 2,
  attributes: [["a", "bc"]],
  onlyAccount: alice,
  deadline: 3,
};

test("what is signed has one spelling", () => {
  expect(bytesToHex(encodeMint(mint))).toBe(
    `01000000${"02000000"}${"04"}${"0461"}${"086263"}${"00"}${`01${alice}`}${"03000000"}${"00"}`,
  );
  const key = issuerKeyOf(new Uint8Array(32).fill(9));
  expect(preSign(mint, key)).toMatchObject({ mint, signer: key.account });
});

test.for<readonly [string, Partial<PreSignedMint>]>([
  ["too many attributes", { attributes: Array.from({ length: attributesMax + 1 }, (_, i) => [`${i}`, ""] as const) }],
  ["a key that is too long", { attributes: [["x".repeat(65), ""]] }],
  ["a value that is too long", { attributes: [["a", "é".repeat(129)]] }],
  ["a number that is too large", { item: 2 ** 32 }],
])("%s is not signed", ([, change]) => {
  expect(() => encodeMint({ ...mint, ...change })).toThrow(RangeError);
});

test("a refusal that nobody has a name for is one all the same", () => {
  const metadata = { types: [], pallets: [] } as unknown as Metadata;
  const failed = (dispatchError: unknown) => [
    { section: "system", method: "ExtrinsicFailed", data: { dispatchError } },
  ];
  const module = new VariantValue("Module", { index: 5, error: Uint8Array.of(1, 0, 0, 0) });
  expect(refusalOf(metadata, failed(module))).toBe("refused-otherwise");
  expect(refusalOf(metadata, failed(new VariantValue("BadOrigin", undefined)))).toBe("refused-otherwise");
  expect(refusalOf(metadata, failed(undefined))).toBe("refused-otherwise");
  expect(refusalOf(metadata, failed(new VariantValue("Token", undefined)))).toBe("funds-missing");
  expect(refusalOf(metadata, [{ section: "system", method: "ExtrinsicSuccess", data: {} }])).toBeUndefined();
});
