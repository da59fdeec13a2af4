/** Each award becomes one item of pallet-nfts: by a place that a voucher has, and by what is proven about it. */
import { describe, expect, test } from "vitest";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import type { PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { NftsIssuer } from "#enclave/reward/nfts-issuer.ts";
import type { NftsIssuerOptions } from "#enclave/reward/nfts-issuer-options.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import type { LedgerView } from "#enclave/reward/voucher-issuer.ts";
import { alice, bob } from "../../../rmrk/support/people.ts";
import { cold, collection, givenBelow, issuer, ModelNfts, number, signDoing } from "./model-nfts.ts";
import { NftsChaos, period } from "./nfts-chaos.ts";

const voucherOf = (award: string, more: Partial<Voucher> = {}): Voucher => ({
  id: voucherId(new Uint8Array(32).fill(5), "room", award),
  recipient: alice,
  collection,
  symbol: "sword",
  transferable: 1,
  metadata: undefined,
  ...more,
});

function start(ledger: ModelNfts, more: Partial<NftsIssuerOptions<LedgerView>> = {}) {
  const signed: PreSignedMint[] = [];
  const made = new NftsIssuer<LedgerView>({
    account: issuer,
    owner: cold,
    period,
    givenBelow,
    collections: new Map([[collection, 100]]),
    journal: { append: () => Promise.resolve() },
    entries: [],
    read: (question, view) => ledger.read(question, view),
    preSign: (mint) => {
      signed.push(mint);
      return { mint, signer: issuer, signature: new Uint8Array(64) };
    },
    sign: signDoing,
    submit: (transaction) => Promise.resolve(ledger.submit(transaction)),
    ...more,
  });
  const turn = (): Promise<void> => {
    const { view, words } = ledger.viewAt(ledger.finalized.number);
    return made.turn(view, words);
  };
  const blocks = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left--) {
      ledger.newBlock();
      ledger.finalize();
      await turn();
    }
  };
  return { issuer: made, signed, turn, blocks };
}

test("a mint that was not used is signed again once it is proven that nobody did, and never before", async () => {
  const ledger = new ModelNfts();
  const { issuer: made, signed, blocks } = start(ledger);
  const voucher = voucherOf("winner");
  await made.award(voucher);
  await blocks(1);
  const [first] = signed;
  expect(made.stageOf(voucher.id)).toMatchObject({
    stage: "redeemable",
    mint: { collection: number, item: slotOf(voucher.id, 0), deadline: first!.deadline, account: alice },
  });
  while (ledger.finalized.number < first!.deadline) {
    await blocks(1);
    expect(signed).toHaveLength(1);
  }
  expect(made.stageOf(voucher.id)).toEqual({ stage: "waiting", reason: "mint-expired" });
  await blocks(1);
  expect(signed.map(({ item }) => item)).toEqual([first!.item, first!.item]);
  expect(signed[1]!.deadline).toBe(ledger.finalized.number + period);
  ledger.redeem(signed[0]!, alice);
  await blocks(1);
  expect(ledger.finalized.state.minted).toEqual([]);
  ledger.redeem(signed[1]!, alice);
  await blocks(1);
  expect(made.stageOf(voucher.id)).toEqual({ stage: "final" });
});

test("what was used is never signed again, also after it was burned and by a worker that remembers nothing", async () => {
  const ledger = new ModelNfts();
  const first = start(ledger);
  const voucher = voucherOf("winner");
  await first.issuer.award(voucher);
  await first.blocks(1);
  ledger.redeem(first.signed[0]!, alice);
  await first.blocks(1);
  ledger.burn(first.signed[0]!.item);
  await first.blocks(2 * period);
  const second = start(ledger);
  await second.issuer.award(voucher);
  await second.blocks(2 * period);
  expect(second.issuer.stageOf(voucher.id)).toEqual({ stage: "final" });
  expect([first.signed.length, second.signed.length]).toEqual([1, 0]);
});

test("a player without funds is given the item by one transaction, and nothing is signed for anybody to use", async () => {
  const ledger = new ModelNfts();
  const { issuer: made, signed, blocks } = start(ledger);
  const voucher = voucherOf("winner", { recipient: bob });
  await made.award(voucher);
  await blocks(1);
  expect(made.stageOf(voucher.id)).toEqual({ stage: "submitted" });
  await blocks(2);
  expect(made.stageOf(voucher.id)).toEqual({ stage: "final" });
  expect(signed).toEqual([]);
  expect(ledger.finalized.state.minted).toMatchObject([{ voucher: voucher.id, owner: bob }]);
});

test("an issuer that was replaced says so at once, and signs nothing until it is one again", async () => {
  const ledger = new ModelNfts();
  const { issuer: made, signed, blocks } = start(ledger);
  const voucher = voucherOf("winner");
  await made.award(voucher);
  await blocks(1);
  ledger.owner = { ...ledger.owner, issues: false };
  await blocks(1);
  expect(made.stageOf(voucher.id)).toEqual({ stage: "waiting", reason: "not-issuer" });
  ledger.redeem(signed[0]!, alice);
  await blocks(2 * period);
  expect([signed.length, ledger.finalized.state.minted.length]).toEqual([1, 0]);
  ledger.owner = { ...ledger.owner, issues: true };
  await blocks(2);
  expect(signed).toHaveLength(2);
});

test.for<readonly [string, Partial<Voucher>]>([
  ["that must not change hands", { transferable: 0 }],
  ["whose description is too long for the pallet", { metadata: `ipfs://${"é".repeat(200)}` }],
])("an item %s is not made into one that is otherwise", async ([, more]) => {
  const ledger = new ModelNfts();
  const { issuer: made, signed, blocks } = start(ledger);
  const voucher = voucherOf("winner", more);
  await made.award(voucher);
  await blocks(3);
  expect(made.stageOf(voucher.id)).toEqual({ stage: "waiting", reason: "ledger-unfit" });
  expect(signed).toEqual([]);
});

test("no more is signed than a collection may ever have, counting what was burned and what may still be redeemed", async () => {
  const ledger = new ModelNfts();
  const { issuer: made, signed, blocks } = start(ledger, { collections: new Map([[collection, 2]]) });
  const vouchers = ["a", "b", "c"].map((award) => voucherOf(award));
  for (const voucher of vouchers) await made.award(voucher);
  await blocks(1);
  expect(signed).toHaveLength(2);
  expect(made.stageOf(vouchers[2]!.id)).toEqual({ stage: "waiting", reason: "collection-full" });
  for (const mint of signed) ledger.redeem(mint, alice);
  await blocks(1);
  ledger.burn(signed[0]!.item);
  await blocks(3 * period);
  expect(signed).toHaveLength(2);
});

test("where another's item has a voucher's place, the second one waits until what may have been signed for the first is dead", async () => {
  const ledger = new ModelNfts();
  const stale = start(ledger);
  const voucher = voucherOf("winner");
  await stale.issuer.award(voucher);
  await stale.blocks(1);
  ledger.occupy(slotOf(voucher.id, 0));
  const { issuer: made, signed, blocks } = start(ledger);
  await made.award(voucher);
  await blocks(period);
  expect(signed).toEqual([]);
  // Whoever was there burned it: now what was signed first would be taken, if it lived.
  ledger.burn(slotOf(voucher.id, 0));
  ledger.redeem(stale.signed[0]!, alice);
  await blocks(3);
  expect(ledger.finalized.state.minted).toEqual([]);
  expect(signed.map(({ item }) => item)).toEqual([slotOf(voucher.id, 1)]);
  ledger.redeem(signed[0]!, alice);
  await blocks(1);
  expect(made.stageOf(voucher.id)).toEqual({ stage: "final" });
});

test("a voucher whose player never redeems it keeps no other one waiting", async () => {
  const ledger = new ModelNfts();
  const { issuer: made, signed, blocks } = start(ledger, { collections: new Map([[collection, 1000]]) });
  for (let i = 0; i < 300; i++) await made.award(voucherOf(`idle ${i}`));
  await blocks(6);
  const late = voucherOf("late");
  await made.award(late);
  await blocks(1);
  expect(signed.at(-1)!.attributes[0]).toEqual(["voucher", late.id]);
});

describe("in histories in which everything goes wrong", () => {
  // In the last one the model burned a player's item for somebody else, on a fork on which it was theirs.
  test.for([0, 1, 2, 3, 4, 1_795_732_353])(
    "%i: each voucher's item is minted in one place, and once if nobody burns it",
    async (seed) => {
      const kept = await new NftsChaos(seed, { burns: false }).run();
      expect(kept).toMatchObject({ least: 1, most: 1, repeated: 0 });
      const burned = await new NftsChaos(seed).run();
      expect(burned).toMatchObject({ least: 1, most: 1 });
      expect(burned.repeatedAfter).toBeLessThan(period);
    },
  );

  test("something goes wrong in them, and a signature that lives longer than workers wait for is found", async () => {
    let found = 0;
    let burns = 0;
    for (let seed = 0; seed < 5; seed++) {
      const outcome = await new NftsChaos(seed, { longer: 40 }).run();
      if (outcome.most > 1 || outcome.repeatedAfter >= period) found++;
      burns += outcome.burns;
    }
    expect(burns).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(0);
  });
});
