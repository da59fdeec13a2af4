/**
 * A player wins something in a room of a world whose items are Asset Hub's, if `PHATROOM_VECTORS` names the folder that holds
 * its runtime: it is signed for them, redeemed from their own account, and told to be final; a player without funds is given
 * it, and uses it up, once; an issuer that the cold owner replaced says so. Real devnet, gateway, worker, SQLite, client and command line.
 */
import { existsSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { FollowedChain, readTerms, type ItemsTerms } from "#cli/items/followed-chain.ts";
import { developmentKey } from "#cli/items/key.ts";
import { readRedeemable, redeem } from "#cli/items/redeem.ts";
import { initNfts, revokeNfts } from "#cli/world/init-nfts.ts";
import { worldItemsOf } from "#cli/world/world-file.ts";
import { itemsOwned } from "#enclave/ledger/nfts/items.ts";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import { nftsItemId, SaidUsed } from "#enclave/ledger/nfts/used.ts";
import { issuerKeyOf } from "#enclave/reward/issuer-key.ts";
import type { VoucherEntry } from "#protocol/award.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { spec } from "../enclave/ledger/nfts/hub.ts";
import { ChainPlace, walletOf, type PrizesRoom } from "./chain-place.ts";
import { eventually } from "./eventually.ts";

const prefix = 2;
const owner = developmentKey("Ferdie");

/** Blocks are made until it is done. */
async function whileBlocksCome<T>(place: ChainPlace, work: Promise<T>): Promise<T> {
  let done = false;
  const over = work.finally(() => (done = true));
  await place.blocksUntil(() => done);
  return over;
}

const last = (room: PrizesRoom): VoucherEntry | undefined => room.vouchers.at(-1);
const stands = (room: PrizesRoom, stage: VoucherEntry["stage"]) => (): boolean => last(room)?.stage === stage;

describe.skipIf(!existsSync(spec))(`on ${spec}`, { timeout: 180_000 }, () => {
  test("what is won is redeemed by whoever can pay, given to whoever cannot, used up once, and withheld when the owner says so", async () => {
    await using place = await ChainPlace.open({ spec, clock: Date.now });
    const file = place.path("terms.json");
    const nfts = { givenBelow: 1_000_000_000n, deadlines: "own" } as const;
    place.terms = { ...place.terms!, period: 64, owner: owner.account, nfts };
    const written = { ...developmentChainTerms(place.chain), prefix, owner: owner.account, nfts: { deadlines: "own" } };
    writeFileSync(file, JSON.stringify(written));
    const terms: ItemsTerms = await readTerms(file);
    place.chain.newBlock();
    await place.openHost();
    const items = worldItemsOf(
      { issuers: { prizes: encodeAddress(place.issuer.account, prefix) }, issued: { "prizes/CUPS": { max: 1000 } } },
      owner.account,
      prefix,
    );
    await using chain = await FollowedChain.open(place.devnet.url, terms, owner.account, [place.issuer.account]);
    const silent = { say: () => undefined };
    expect(await whileBlocksCome(place, initNfts(chain, items, owner, silent))).toBe(true);

    // Whoever can pay redeems it.
    const room = await place.sitDown();
    await room.linkWallet(walletOf(place.player));
    await room.move({ win: "first" });
    await place.blocksUntil(stands(room, "redeemable"));
    const { voucher, symbol, metadata, mint } = last(room)!;
    expect(mint).toMatchObject({ account: place.player.account, item: slotOf(voucher, 0) });
    const kept = place.path("voucher.json");
    writeFileSync(kept, JSON.stringify({ id: voucher, name: symbol, metadata: metadata ?? undefined, mint }));
    await using own = await FollowedChain.open(place.devnet.url, terms, place.player.account);
    await whileBlocksCome(place, redeem(own, terms, await readRedeemable(kept), place.player));
    await place.blocksUntil(stands(room, "final"));
    const owned = async (account: AccountId) =>
      itemsOwned(own.source, await own.view(), account, new Set([mint!.collection]));
    const cup = { symbol: "cup", metadata: "ipfs://ipfs/cup" };
    expect(await owned(place.player.account)).toMatchObject([{ voucher, ...cup }]);

    // Whoever cannot is given it.
    const poor = issuerKeyOf(new Uint8Array(32).fill(99));
    await room.linkWallet(walletOf(poor), walletOf(place.player));
    await room.move({ win: "second" });
    await place.blocksUntil(() => room.vouchers.length === 2 && stands(room, "final")());
    expect(await owned(poor.account)).toMatchObject([{ voucher: last(room)!.voucher, ...cup }]);

    // It is used up once; and its issuer says so on the chain, for whoever reads nothing else.
    const drunk = nftsItemId({ collection: mint!.collection, item: slotOf(last(room)!.voucher, 0) });
    for (let times = 2; times > 0; times--) await room.move({ drink: drunk });
    await room.move({ drink: nftsItemId({ collection: mint!.collection, item: mint!.item }) });
    await eventually(() => room.view!.drunk, [null, "item-used", "not-owner"]);
    const said = new SaidUsed((caller) => caller === place.issuer.account);
    await whileBlocksCome(
      place,
      (async () => {
        for (; !said.has(drunk); said.read(own.words)) await own.source.newer((await own.view()).block.number);
      })(),
    );

    // An issuer that was replaced issues nothing more.
    expect(await whileBlocksCome(place, revokeNfts(chain, items, "prizes", owner))).toBe(true);
    await room.move({ win: "third" });
    await place.blocksUntil(() => last(room)!.reason === "not-issuer");
    expect(await owned(poor.account)).toHaveLength(1);
  });
});
