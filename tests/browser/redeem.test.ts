/**
 * The page of items where they are those of pallet-nfts, on Asset Hub's real runtime, if `PHATROOM_VECTORS` names the folder that
 * holds it: what was signed for a player is redeemed from their wallet, and every reason why it is not has a sentence.
 */
import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { developmentKey } from "#cli/items/key.ts";
import { namingRemark } from "#enclave/ledger/nfts/naming.ts";
import { asPreSigned, preSign, type PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import { nftsItemId, usedRemark } from "#enclave/ledger/nfts/used.ts";
import { remarkCall } from "#enclave/ledger/runtime/calls.ts";
import { voucherId } from "#enclave/reward/voucher.ts";
import type { AccountId } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { cold, collection, Hub, issuer, other, spec } from "../enclave/ledger/nfts/hub.ts";
import { prefix } from "../enclave/reward/devnet-world.ts";
import { launchChromium } from "./chromium.ts";
import { askingOf, ItemsPages, origin, worldHex, type WindowOptions } from "./items-pages.ts";

const cups = collectionIdOf(issuer.account, "CUPS");
const bob = developmentKey("Bob");
let signed = 0;

/** A voucher as a room has told this device of it, with what was signed for it. */
function voucherOf(
  deadline: number,
  account: AccountId = bob.account,
  change: (mint: PreSignedMint) => PreSignedMint = (mint) => mint,
) {
  const id = voucherId(new Uint8Array(32).fill(6), "room", `award ${signed++}`);
  const item = { id, symbol: "cup", metadata: "ipfs://ipfs/cup" };
  const attributes = attributesOf(item);
  const mint = { collection, item: slotOf(id, 0), attributes, onlyAccount: account, deadline };
  const kept = { ...asPreSigned(preSign(change(mint), issuer)), item: mint.item };
  return { id, name: "cup", collection: cups, metadata: item.metadata, stage: "redeemable", mint: kept };
}

type Kept = ReturnType<typeof voucherOf>;

describe.skipIf(!existsSync(spec))(`on ${spec}`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let hub: Hub;
  let pages: ItemsPages;
  beforeAll(async () => {
    [browser, hub] = await Promise.all([launchChromium(), Hub.start()]);
    await hub.done(cold, remarkCall(hub.metadata, namingRemark(collection, cups)));
    const { net, chain } = hub.world;
    const { service, api } = await askingOf(net.url);
    const terms = { ...developmentChainTerms(chain), prefix, owner: cold.account, nfts: { deadlines: "own" } };
    pages = new ItemsPages("redeem-page", terms, service, api);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.[Symbol.asyncDispose]();
    await hub?.[Symbol.asyncDispose]();
  });

  /** A page on a device that keeps these, with a wallet open. */
  async function openWith(vouchers: readonly Kept[], wallet: WindowOptions = {}) {
    const window = await pages.open(browser, wallet);
    await window.page.addInitScript(([world, kept]) => localStorage.setItem(`phatroom:vouchers:${world}`, kept), [
      worldHex,
      JSON.stringify(vouchers),
    ] as const);
    await window.page.goto(`${origin}/`);
    await window.page.locator("[data-caught-up]").waitFor();
    await window.page.locator('[data-action="wallets"]').click();
    await window.page.locator('[data-extension="polkadot-js"]').click();
    return window;
  }

  const row = (page: Page, { id }: Kept) => page.locator(`[data-voucher="${id}"]`);
  const redeem = (page: Page, voucher: Kept) => row(page, voucher).locator('[data-action="redeem"]');
  const says = (page: Page, stage: string, words: string) =>
    page.locator(`.undertakings [data-stage="${stage}"]:has-text("${words}")`).last().waitFor();

  /** Blocks come when the node has what was sent. */
  async function sent(what: () => Promise<void>): Promise<void> {
    const { chain } = hub.world;
    await what();
    await expect.poll(() => chain.pool.ready).toBeGreaterThan(0);
    chain.newBlock();
  }

  test("what was signed for this wallet is redeemed, is final by proof, and is on the shelf; what a room has used up says so there", async () => {
    const far = hub.block + 200;
    const [mine, elsewhere, late] = [voucherOf(far), voucherOf(far, other.account), voucherOf(hub.block)];
    const { page, complaints, close } = await openWith([mine, elsewhere, late]);
    // Only what can be redeemed now offers it; the others say why they cannot.
    await row(page, mine).locator("text=Redeem it from the wallet that is linked").waitFor();
    await row(page, elsewhere).locator("text=It was signed for another wallet").waitFor();
    await row(page, late).locator("text=It was not redeemed in time").waitFor();
    expect(await page.locator('[data-action="redeem"]').count()).toBe(1);
    await sent(() => redeem(page, mine).click());
    await says(page, "final", "Redeem");
    await page.locator(`[data-voucher="${mine.id}"][data-stage="final"]`).waitFor();
    const place = { collection, item: mine.mint.item };
    const onShelf = page.locator(`[data-item="${place.collection}/${place.item}"]`);
    await onShelf.waitFor();
    expect(await onShelf.getAttribute("data-used")).toBeNull();
    hub.forget(issuer);
    await hub.done(issuer, remarkCall(hub.metadata, usedRemark(nftsItemId(place))));
    await page
      .locator(`[data-item="${place.collection}/${place.item}"][data-used]:has-text("Used up in a room")`)
      .waitFor();
    expect((await hub.slot(mine.mint.item)).owner).toBe(bob.account);
    expect(complaints).toEqual([]);
    await close();
  });

  test("what is not redeemed says why, nothing is lost, and it is offered again", async () => {
    const far = hub.block + 200;
    const [good, forged] = [voucherOf(far), voucherOf(far, bob.account, (mint) => ({ ...mint, item: mint.item + 1 }))];
    const { page, close } = await openWith([good, forged]);
    pages.away = true;
    await redeem(page, good).click();
    await says(page, "failed", "The place cannot be reached");
    pages.away = false;
    await page.locator("[data-notice]").waitFor({ state: "detached" });
    // A block takes it, and the runtime refuses it: nobody is told before its time is over.
    await sent(() => redeem(page, forged).click());
    for (let left = 66; left > 0; left--) hub.world.chain.newBlock();
    await says(page, "failed", "The chain did not take it in time");
    expect((await hub.slot(forged.mint.item)).minted).toBe(false);
    await sent(() => redeem(page, good).click());
    await page.locator(`[data-voucher="${good.id}"][data-stage="final"]`).waitFor();
    await close();
  });

  test.for([
    ["its owner declines to sign it", { agrees: false }, bob.account, "The wallet did not sign"],
    [
      "the wallet cannot pay for it",
      { wallet: "//Nobody" },
      developmentKey("Nobody").account,
      "The chain did not take this",
    ],
  ] as const)("%s: a sentence, and it is offered still", async ([, wallet, account, sentence]) => {
    const voucher = voucherOf(hub.block + 200, account);
    const { page, close } = await openWith([voucher], wallet);
    await redeem(page, voucher).click();
    await says(page, "failed", sentence);
    expect(await redeem(page, voucher).isEnabled()).toBe(true);
    expect((await hub.slot(voucher.mint.item)).minted).toBe(false);
    await close();
  });
});
