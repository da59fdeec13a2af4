/**
 * Awards become items of pallet-nfts on Asset Hub's real runtime, if `PHATROOM_VECTORS` names the folder that holds it: by
 * what players redeem, by what is given, through crashes and a replaced issuer; and what an account owns is proven.
 */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Follower, View } from "#enclave/ledger/follow/follower.ts";
import { burnCall, setTeamCall, transferCall } from "#enclave/ledger/nfts/calls.ts";
import { littleEndian, prefixed } from "#enclave/ledger/proof/scale.ts";
import { itemsOwned, itemsPrefix, placesIn } from "#enclave/ledger/nfts/items.ts";
import { NamedCollections, namingRemark } from "#enclave/ledger/nfts/naming.ts";
import { preSignedCall } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { readNfts } from "#enclave/ledger/nfts/reading.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import { nftsItemId } from "#enclave/ledger/nfts/used.ts";
import { callIndex } from "#enclave/ledger/runtime/metadata.ts";
import { remarkCall } from "#enclave/ledger/runtime/calls.ts";
import { Holdings } from "#enclave/reward/holdings.ts";
import { NftsHoldings } from "#enclave/reward/nfts-holdings.ts";
import { issuerFor, type FullView } from "#enclave/reward/ledgers.ts";
import { UsedItems } from "#enclave/reward/used-items.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import type { VoucherIssuer } from "#enclave/reward/voucher-issuer.ts";
import { redeemCallOf } from "#inventory/chain/acts.ts";
import type { Standing } from "#inventory/chain/following.ts";
import type { HttpChain } from "#inventory/chain/http-chain.ts";
import { redeemingOf, Shelf } from "#inventory/chain/shelf.ts";
import type { KeptVoucher } from "#kit/vouchers.ts";
import type { PreSigned } from "#protocol/award.ts";
import { concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { cold, collection, guest, Hub, issuer, next, other, player, small, spec } from "../../ledger/nfts/hub.ts";
import { prefix } from "../devnet-world.ts";

const period = 16;
const some = Uint8Array.of(1);
const cups = collectionIdOf(issuer.account, "CUPS");
let awards = 0;

const voucherOf = (more: Partial<Voucher> = {}): Voucher => ({
  id: voucherId(new Uint8Array(32).fill(6), "room", `award ${awards++}`),
  recipient: player.account,
  collection: cups,
  symbol: "cup",
  transferable: 1,
  metadata: "ipfs://ipfs/cup",
  ...more,
});

interface Running {
  readonly issuer: VoucherIssuer<FullView>;
  readonly journal: Uint8Array[];
  turn(): Promise<void>;
}

/** A worker that reads the chain from its beginning. */
function start(hub: Hub, entries: readonly Uint8Array[] = [], used = new UsedItems()): Running {
  const follower: Follower = hub.world.newFollower();
  const journal = [...entries];
  const made = issuerFor({
    key: issuer,
    collections: {
      CUPS: { max: 1000, metadata: "ipfs://ipfs/cups" },
      SINGLE: { max: 1, metadata: "ipfs://ipfs/single" },
      NAMELESS: { max: 1, metadata: "ipfs://ipfs/nameless" },
    },
    chain: {
      runtimes: [],
      prefix,
      period,
      ageMaxMs: 1,
      owner: cold.account,
      nfts: { givenBelow: 1_000_000_000n, deadlines: "own" },
    },
    source: hub.world.source(),
    issues: true,
    random: (length) => new Uint8Array(length),
  })({
    entries,
    journal: { append: (entry) => Promise.resolve(void journal.push(entry)) },
    say: () => [],
    sayOfPlaces: (isSaid) => used.words(isSaid),
  });
  return {
    issuer: made,
    journal,
    async turn() {
      for (let step = await follower.follow(); step !== undefined; step = await follower.follow()) {
        const { view, words } = step;
        const { block, items, nonces } = view;
        await made.turn({ block, items, nonce: nonces.get(issuer.account)!, funded: true, whole: view }, words);
      }
    },
  };
}

const mintOf = ({ issuer: made }: Running, voucher: Voucher): PreSigned => {
  const stage = made.stageOf(voucher.id);
  if (stage?.stage !== "redeemable") throw new Error(`it is ${JSON.stringify(stage)}`);
  return stage.mint;
};

describe.skipIf(!existsSync(spec))(`on ${spec}`, { timeout: 120_000 }, () => {
  let hub: Hub;
  const name = (number: number, symbol: string, by = cold) =>
    hub.done(by, remarkCall(hub.metadata, namingRemark(number, collectionIdOf(issuer.account, symbol))));
  const redeem = (voucher: Voucher, mint: PreSigned, by = player) => {
    const { account, signer, signature, ...place } = mint;
    const attributes = attributesOf(voucher);
    const signed = { ...place, attributes, onlyAccount: account as AccountId };
    const call = { mint: signed, signer: signer as AccountId, signature: hexToBytes(signature) };
    return hub.say(by, preSignedCall(hub.metadata, call));
  };
  const view = (): View => hub.follower.view!;
  const owned = (account: AccountId, keys = (block: string, of: Uint8Array) => hub.keys(block, of)) =>
    itemsOwned({ ...hub.world.source(), keys }, view(), account, new Set([collection]));

  beforeAll(async () => {
    hub = await Hub.start();
    // What strangers and issuers say of collections is nothing, and what the owner says later neither.
    await name(small, "CUPS", other);
    await name(small, "CUPS", issuer);
    await name(collection, "CUPS");
    await name(small, "CUPS");
    await name(small, "SINGLE");
  }, 120_000);
  afterAll(() => hub[Symbol.asyncDispose]());

  test("an award is redeemed by its player and nobody else, and a worker without memory sees that it was", async () => {
    const first = start(hub);
    const voucher = voucherOf();
    await first.issuer.award(voucher);
    await first.turn();
    const mint = mintOf(first, voucher);
    expect(mint).toMatchObject({ collection, item: slotOf(voucher.id, 0), account: player.account });
    expect(await redeem(voucher, mint, other)).toBe("item-of-another");
    expect(await redeem({ ...voucher, symbol: "crown" }, mint)).toBe("voucher-forged");
    expect(await redeem(voucher, mint)).toBeUndefined();
    await first.turn();
    expect(first.issuer.stageOf(voucher.id)).toEqual({ stage: "final" });
    await hub.done(player, burnCall(hub.metadata, collection, mint.item));
    const second = start(hub);
    await second.issuer.award(voucher);
    await second.turn();
    expect(second.issuer.stageOf(voucher.id)).toEqual({ stage: "final" });
  });

  test("a player without funds is given the item, which says of itself what a redeemed one does; once, by two workers", async () => {
    const workers = [start(hub), start(hub)];
    const voucher = voucherOf({ recipient: guest.account });
    for (const { issuer: made } of workers) await made.award(voucher);
    for (const worker of workers) await worker.turn();
    expect(workers.map(({ issuer: made }) => made.stageOf(voucher.id)?.stage)).toEqual(["submitted", "submitted"]);
    hub.forget(issuer);
    for (let left = 2; left > 0; left--) {
      await hub.wait(1);
      for (const worker of workers) await worker.turn();
    }
    expect(workers.map(({ issuer: made }) => made.stageOf(voucher.id)?.stage)).toEqual(["final", "final"]);
    const item = slotOf(voucher.id, 0);
    expect(await owned(guest.account)).toEqual([
      { collection, item, voucher: voucher.id, symbol: "cup", metadata: "ipfs://ipfs/cup" },
    ]);
  });

  test("an issuer that the cold owner replaces issues nothing, says so, and goes on when it is appointed again", async () => {
    const worker = start(hub);
    const voucher = voucherOf();
    await worker.issuer.award(voucher);
    await worker.turn();
    const mint = mintOf(worker, voucher);
    await hub.done(cold, setTeamCall(hub.metadata, collection, next.account, cold.account));
    await worker.turn();
    expect(worker.issuer.stageOf(voucher.id)).toEqual({ stage: "waiting", reason: "not-issuer" });
    expect(await redeem(voucher, mint)).toBe("issuer-revoked");
    await hub.done(cold, setTeamCall(hub.metadata, collection, issuer.account, cold.account));
    await worker.turn();
    expect(await redeem(voucher, mintOf(worker, voucher))).toBeUndefined();
  });

  test("what the chain has no place for waits, and says why", async () => {
    const worker = start(hub);
    const single = (): Voucher => voucherOf({ collection: collectionIdOf(issuer.account, "SINGLE") });
    const [one, more] = [single(), single()];
    const nameless = voucherOf({ collection: collectionIdOf(issuer.account, "NAMELESS") });
    for (const voucher of [one, more, nameless]) await worker.issuer.award(voucher);
    await worker.turn();
    expect(await redeem(one, mintOf(worker, one))).toBeUndefined();
    await worker.turn();
    expect(worker.issuer.stageOf(more.id)).toEqual({ stage: "waiting", reason: "collection-full" });
    expect(worker.issuer.stageOf(nameless.id)).toEqual({ stage: "waiting", reason: "collection-unknown" });
  });

  test("what an account owns is proven as a whole: a node can leave none out, and add none", async () => {
    const worker = start(hub);
    const voucher = voucherOf({ recipient: other.account });
    await worker.issuer.award(voucher);
    await worker.turn();
    const mint = mintOf(worker, voucher);
    expect(await redeem(voucher, mint, other)).toBeUndefined();
    const theirs = { collection, item: mint.item, voucher: voucher.id, symbol: "cup", metadata: "ipfs://ipfs/cup" };
    expect(await owned(other.account)).toContainEqual(theirs);
    const named = await hub.keys(view().block.hash, itemsPrefix(other.account));
    expect(placesIn(named, other.account)).toContainEqual({ collection, item: mint.item });
    const says = (keys: readonly Uint8Array[]) => owned(player.account, () => Promise.resolve(keys));
    // Names another's items as the player's, nonsense, and nothing.
    const forged = named.map((key) => {
      const copy = key.slice();
      copy.set(itemsPrefix(player.account));
      return copy;
    });
    expect(placesIn(forged, player.account)).toContainEqual({ collection, item: mint.item });
    const honest = await owned(player.account);
    const own = await hub.keys(view().block.hash, itemsPrefix(player.account));
    expect(own.length).toBeGreaterThan(0);
    expect(await says([...own, ...forged, ...named, new Uint8Array(3)])).toEqual(honest);
    for (const hiding of [forged, [...forged, ...own.slice(1)], own.slice(0, -1), []]) {
      // Neighbours may lie in one node: then the hidden one is seen as well.
      const told = await says(hiding).catch((error: { readonly code?: string }) => error.code);
      expect(["proof-incomplete", honest]).toContainEqual(told);
    }
    await hub.done(other, transferCall(hub.metadata, collection, mint.item, player.account));
    expect(await owned(player.account)).toContainEqual(theirs);
    expect(await owned(other.account)).not.toContainEqual(theirs);
  });

  test("rules are told what a player owns, as far as it is proven, and nothing of what was used up", async () => {
    const worker = start(hub);
    const voucher = voucherOf();
    await worker.issuer.award(voucher);
    await worker.turn();
    const { item } = mintOf(worker, voucher);
    const sound = (block: string, of: Uint8Array) => hub.keys(block, of);
    const held = async (keys = sound, used?: string) => {
      const nfts = new NftsHoldings({ ...hub.world.source(), keys }, cold.account);
      nfts.read([{ block: 1, extrinsic: 0, caller: cold.account, bytes: namingRemark(collection, cups) }]);
      const told: (readonly HeldItem[] | null)[] = [];
      const somebody = "00".repeat(16) as PlayerId;
      const holdings = new Holdings({
        view,
        recipients: {
          findRecipient: () => Promise.resolve(accountBytes(player.account)),
          listen: () => () => undefined,
        },
        isUsed: (id) => id === used,
        nfts: (account, at) => nfts.of(account, at),
        ageMaxMs: 1000,
        now: () => view().time,
      });
      const room = {
        seated: [somebody],
        tellItems: (_: PlayerId, items: readonly HeldItem[] | null) => told.push(items),
      };
      await holdings.look(room, issuer.account);
      return told[0]?.find(({ id }) => id === `nfts-${collection}-${item}`);
    };
    expect(await held()).toBeUndefined();
    expect(await redeem(voucher, mintOf(worker, voucher))).toBeUndefined();
    const cup = { symbol: "cup", metadata: "ipfs://ipfs/cup", inside: null, slot: null };
    expect(await held()).toEqual({ id: `nfts-${collection}-${item}`, collection: cups, ...cup });
    expect(await held(sound, `nfts-${collection}-${item}`)).toBeUndefined();
    expect(await held(() => Promise.reject(new Error("the node is away")))).toBeUndefined();
  });

  test("an issuer may write nothing beside a player's item: what rooms use up it says in words, which everybody reads who follows", async () => {
    const used = new UsedItems();
    const worker = start(hub, [], used);
    const voucher = voucherOf();
    await worker.issuer.award(voucher);
    await worker.turn();
    const mint = mintOf(worker, voucher);
    expect(await redeem(voucher, mint)).toBeUndefined();
    const { metadata } = hub;
    const u32 = (number: number) => littleEndian(number, 4);
    const of = concatBytes(u32(collection), u32(mint.item));
    const attribute = concatBytes(Uint8Array.of(1), prefixed(utf8ToBytes("used-up")), prefixed(utf8ToBytes("yes")));
    for (const call of [
      concatBytes(callIndex(metadata, "Nfts", "set_attribute"), u32(collection), some, u32(mint.item), attribute),
      concatBytes(callIndex(metadata, "Nfts", "lock_item_transfer"), of),
      concatBytes(callIndex(metadata, "Nfts", "lock_item_properties"), of, Uint8Array.of(1, 1)),
      burnCall(metadata, collection, mint.item),
    ]) {
      hub.forget(issuer);
      expect(await hub.say(issuer, call)).toBe("issuer-revoked");
    }
    const found = async () => {
      const nfts = new NftsHoldings(
        { ...hub.world.source(), keys: (block, keys) => hub.keys(block, keys) },
        cold.account,
      );
      const follower = hub.world.newFollower();
      for (let step = await follower.follow(); step !== undefined; step = await follower.follow())
        nfts.read(step.words);
      const id = nftsItemId({ collection, item: mint.item });
      const held = await nfts.of(player.account, view());
      return { ...(await nfts.find(id, view())), held: held.some((item) => item.id === id) };
    };
    const cup = {
      owner: player.account,
      voucher: voucher.id,
      collection: cups,
      offered: false,
      used: false,
      held: true,
    };
    expect(await found()).toEqual(cup);
    const price = (value: Uint8Array) =>
      concatBytes(callIndex(metadata, "Nfts", "set_price"), of, value, Uint8Array.of(0));
    await hub.done(player, price(concatBytes(some, littleEndian(5, 16))));
    expect(await found()).toEqual({ ...cup, offered: true });
    await hub.done(player, price(Uint8Array.of(0)));
    const use = { player: "aa".repeat(16) as PlayerId, room: "1".repeat(20) as RoomId, n: 1, voucher: voucher.id };
    used.add({ ...use, item: nftsItemId({ collection, item: mint.item }) });
    // Signed on one block, and final in the next.
    for (let left = 2; left > 0; left--) {
      await hub.wait(1);
      await worker.turn();
    }
    hub.forget(issuer);
    expect(await found()).toEqual({ ...cup, used: true, held: false });
  });

  test("the page of items shows what is owned, redeemable, expired and final, all of it proven", async () => {
    const worker = start(hub);
    const [used, open, late] = [voucherOf(), voucherOf(), voucherOf()];
    for (const voucher of [used, open, late]) await worker.issuer.award(voucher);
    await worker.turn();
    const kept = ({ id, symbol: called, metadata }: Voucher, mint: PreSigned | undefined): KeptVoucher => {
      return { id, name: called, collection: cups, metadata, stage: "redeemable", reason: undefined, mint };
    };
    const mint = mintOf(worker, used);
    const vouchers = [
      kept(used, mint),
      kept(open, { ...mintOf(worker, open), deadline: hub.block + 90 }),
      kept(late, { ...mintOf(worker, late), deadline: hub.block + 1 }),
    ];
    expect(await redeem(used, mint)).toBeUndefined();
    const named = new NamedCollections(cold.account);
    named.read([{ block: 1, extrinsic: 0, caller: cold.account, bytes: namingRemark(collection, cups) }]);
    const chain = { ...hub.world.source(), keys: (block: string, of: Uint8Array) => hub.keys(block, of) };
    const shelf = new Shelf({ owner: cold.account, deadlines: "own" }, chain as unknown as HttpChain);
    const standing = { view: view(), named } as unknown as Standing;
    const says = (list: readonly KeptVoucher[]) =>
      list.map((voucher) => redeemingOf(voucher, shelf.shelved.value, player.account));
    expect(says(vouchers)).toEqual([undefined, undefined, undefined]);
    await shelf.look(standing, player.account, vouchers);
    expect(says(vouchers)).toEqual(["final", "redeemable", "expired"]);
    expect(shelf.shelved.value.items.map(({ voucher }) => voucher)).toContain(used.id);
    // Also when the room has said since that it is final, and what was signed is gone.
    const later = [kept(used, undefined), kept(open, undefined)];
    await shelf.look(standing, undefined, later);
    expect(says(later)).toEqual(["final", undefined]);
    // The call that the page makes is the one that the runtime takes.
    const sent = redeemCallOf(vouchers[1]!, view())!;
    expect(await hub.say(player, sent)).toBe("voucher-forged");
    expect(await hub.say(player, redeemCallOf(kept(open, mintOf(worker, open)), view())!)).toBeUndefined();
  });

  test("deadlines can be counted in the relay chain's blocks, which the state proves", async () => {
    const before = await readNfts(hub.world.source(), view(), issuer.account, {}, "relay");
    await hub.wait(3);
    const after = await readNfts(hub.world.source(), view(), issuer.account, {}, "relay");
    expect(after.block).toBeGreaterThan(before.block);
    expect((await readNfts(hub.world.source(), view(), issuer.account, {})).block).toBe(view().block.number);
  });
});
