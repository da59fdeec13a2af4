/** What the page of items says of vouchers that players redeem: by what was signed, by whom it is for, and by what is proven. */
import { expect, test } from "vitest";
import { redeemingOf, type Redeeming, type Shelved } from "#inventory/chain/shelf.ts";
import { redeemCallOf } from "#inventory/chain/acts.ts";
import { readChainTerms } from "#inventory/chain/terms.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { encodeCheckpoint } from "#enclave/ledger/proof/checkpoint.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import type { Slot } from "#enclave/ledger/nfts/slot.ts";
import type { KeptVoucher } from "#kit/vouchers.ts";
import { alice, bob } from "../../rmrk/support/people.ts";

const id = "ab".repeat(32);
const mint = { collection: 1, item: 2, deadline: 100, account: alice, signer: bob, signature: "cc".repeat(64) };
const voucher: KeptVoucher = {
  id,
  name: "cup",
  collection: "c",
  metadata: undefined,
  stage: "redeemable",
  reason: undefined,
  mint,
};
const shelved = (block: number | undefined, slot?: Slot): Shelved => ({
  account: alice,
  items: [],
  block,
  places: new Map(slot === undefined ? [] : [[id, slot]]),
});
const ours: Slot = { owner: alice, minted: true, voucher: id };
const anothers: Slot = { owner: alice, minted: true, voucher: "00".repeat(32) };

test.for<readonly [string, KeptVoucher, Shelved, typeof alice | undefined, Redeeming | undefined]>([
  ["can be redeemed by its account", voucher, shelved(99), alice, "redeemable"],
  ["is another account's", voucher, shelved(99), bob, "other-account"],
  ["is nobody's who is shown", voucher, shelved(99), undefined, "other-account"],
  ["has expired when no further block may include it", voucher, shelved(100), alice, "expired"],
  ["is unknown until the chain was read", voucher, shelved(undefined), alice, undefined],
  ["is final when its item was minted", voucher, shelved(99, ours), alice, "final"],
  ["is final when that was burned", voucher, shelved(150, { ...ours, owner: undefined }), bob, "final"],
  ["is not final when another's item is there", voucher, shelved(99, anothers), alice, "redeemable"],
  ["is nothing to redeem without a mint", { ...voucher, mint: undefined }, shelved(99), alice, undefined],
  ["is final without a mint, too", { ...voucher, mint: undefined }, shelved(99, ours), alice, "final"],
])("a voucher %s", ([, kept, standing, account, expected]) => {
  expect(redeemingOf(kept, standing, account)).toBe(expected);
});

test("nothing is made of a mint that is for no account", () => {
  const view = {} as View;
  expect(redeemCallOf({ ...voucher, mint: undefined }, view)).toBeUndefined();
  expect(redeemCallOf({ ...voucher, mint: { ...mint, account: "nobody" } }, view)).toBeUndefined();
});

const chain = {
  checkpoint: JSON.parse(
    encodeCheckpoint({
      genesis: "00".repeat(32) as BlockHash,
      strength: "trusted-node",
      finalized: {
        block: { hash: "00".repeat(32) as BlockHash, number: 0 },
        handover: undefined,
      },
      parachain: undefined,
    }),
  ) as unknown,
  runtimes: [{ specName: "x", specVersion: 1, transactionVersion: 1, metadataHash: "00".repeat(32) }],
  prefix: 2,
  symbol: "KSM",
  decimals: 12,
};

test.for<readonly [string, object]>([
  ["chain.owner", { nfts: { deadlines: "own" } }],
  ["chain.owner", { nfts: { deadlines: "own" }, owner: "me" }],
  ["chain.nfts.deadlines", { nfts: {}, owner: alice }],
])("terms without %s are refused", ([name, change]) => {
  expect(() => readChainTerms({ chain: { ...chain, ...change } })).toThrow(`${name} must be`);
});
