/** What rooms are told that their players own: what is proven and fresh, once, and that it is not known as soon as it is not. */
import { expect, test } from "vitest";
import { heldItems, Holdings, type ItemsAudience } from "#enclave/reward/holdings.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { heldItemsMax, readHeld, encodeHeld, type HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import type { Mint } from "#rmrk/codec/nft.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { apply } from "#rmrk/consolidator.ts";
import { collectionIdOf, nftIdOf, serialText, type NftId } from "#rmrk/ids.ts";
import { itemsOf } from "#rmrk/queries/inventory.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";

const prefix = 2;
const issuer = "11".repeat(32) as AccountId;
const other = "22".repeat(32) as AccountId;
const ann = "aa".repeat(32) as AccountId;
const player = "ab".repeat(16) as PlayerId;

class Chain {
  readonly items: State = emptyState(prefix);
  #block = 0;

  say(caller: AccountId, interaction: Interaction): number {
    this.#block += 1;
    const bytes = encodeRemark(interaction, prefix);
    apply(this.items, { block: this.#block, extrinsic: 0, caller, bytes, transfers: [] });
    return this.#block;
  }

  create(by: AccountId, symbol: string): void {
    this.say(by, { op: "CREATE", id: collectionIdOf(by, symbol), issuer: by, symbol, max: 0, metadata: "ipfs://a" });
  }

  mint(by: AccountId, of: string, serial: number, recipient: AccountId | NftId): NftId {
    const collection = collectionIdOf(by, of);
    const mint = { op: "MINT", collection, symbol: "it", serial: serialText(serial), transferable: 1 } as const;
    const block = this.say(by, { ...mint, metadata: undefined, properties: new Map(), recipient } as Mint);
    return nftIdOf(block, collection, "it", serialText(serial));
  }

  view(time = 1000): View {
    return {
      items: this.items,
      time,
      block: { hash: "", number: this.#block },
      strength: "finality-proven",
    } as unknown as View;
  }
}

interface Told {
  readonly room: ItemsAudience;
  readonly heard: (readonly HeldItem[] | null)[];
  seated: PlayerId[];
}

function room(): Told {
  const told: Told = {
    heard: [],
    seated: [player],
    room: {
      get seated() {
        return told.seated;
      },
      tellItems: (_player, items) => void told.heard.push(items),
    },
  };
  return told;
}

function holdingsOf(
  chain: Chain,
  more: { view?: () => View | undefined; account?: () => Promise<Uint8Array | undefined> } = {},
) {
  const clock = { now: 1000 };
  const holdings = new Holdings({
    view: more.view ?? (() => chain.view()),
    recipients: {
      findRecipient: more.account ?? (() => Promise.resolve(accountBytes(ann))),
      listen: () => () => false,
    },
    isUsed: () => false,
    ageMaxMs: 500,
    now: () => clock.now,
  });
  return { holdings, clock };
}

test("a player's items are told once, and again when they are different", async () => {
  const chain = new Chain();
  chain.create(issuer, "CUPS");
  const first = chain.mint(issuer, "CUPS", 1, ann);
  const told = room();
  const { holdings } = holdingsOf(chain);
  expect(await holdings.look(told.room, issuer)).toBe(true);
  expect(await holdings.look(told.room, issuer)).toBe(false);
  expect(told.heard).toEqual([
    [{ id: first, collection: collectionIdOf(issuer, "CUPS"), symbol: "it", metadata: null, inside: null, slot: null }],
  ]);
  chain.say(ann, { op: "SEND", nft: first, recipient: other } as Interaction);
  await holdings.look(told.room, issuer);
  expect(told.heard.at(-1)).toEqual([]);
});

test("a chain that is silent for too long makes it unknown, and it is told again when it speaks", async () => {
  const chain = new Chain();
  chain.create(issuer, "CUPS");
  chain.mint(issuer, "CUPS", 1, ann);
  const told = room();
  const { holdings, clock } = holdingsOf(chain);
  await holdings.look(told.room, issuer);
  clock.now = 1501;
  await holdings.look(told.room, issuer);
  expect(told.heard.map((items) => items?.length ?? null)).toEqual([1, null]);
  clock.now = 1400;
  await holdings.look(told.room, issuer);
  expect(told.heard.map((items) => items?.length ?? null)).toEqual([1, null, 1]);
});

test("where nothing is known nothing is told, and a guest owns nothing", async () => {
  const chain = new Chain();
  const told = room();
  await holdingsOf(chain, { view: () => undefined }).holdings.look(told.room, issuer);
  await holdingsOf(chain, { account: () => Promise.reject(new Error("the store is away")) }).holdings.look(
    told.room,
    issuer,
  );
  expect(told.heard).toEqual([]);
  await holdingsOf(chain, { account: () => Promise.resolve(undefined) }).holdings.look(told.room, issuer);
  expect(told.heard).toEqual([[]]);
});

test("whoever leaves and sits down again is told again", async () => {
  const chain = new Chain();
  const told = room();
  const { holdings } = holdingsOf(chain);
  await holdings.look(told.room, issuer);
  told.seated = [];
  await holdings.look(told.room, issuer);
  told.seated = [player];
  await holdings.look(told.room, issuer);
  expect(told.heard).toEqual([[], []]);
});

test("whoever has left while it was looked up is told nothing", async () => {
  const chain = new Chain();
  const told = room();
  const account = (): Promise<Uint8Array> => {
    told.seated = [];
    return Promise.resolve(accountBytes(ann));
  };
  await holdingsOf(chain, { account }).holdings.look(told.room, issuer);
  expect(told.heard).toEqual([]);
});

test("items lie within items; what waits to be accepted is not the player's yet; the rules' own come first, and 64 in all", () => {
  const chain = new Chain();
  for (const by of [issuer, other]) chain.create(by, "CUPS");
  const hero = chain.mint(other, "CUPS", 1, ann);
  const cup = chain.mint(issuer, "CUPS", 1, ann);
  const sword = chain.mint(other, "CUPS", 2, ann);
  chain.say(ann, { op: "SEND", nft: sword, recipient: hero } as Interaction);
  // Into what is somebody else's: it waits there.
  chain.mint(issuer, "CUPS", 2, hero);
  const flat = heldItems(itemsOf(chain.items, ann), issuer);
  expect(flat.map(({ id, inside }) => [id, inside])).toEqual([
    [cup, null],
    [hero, null],
    [sword, hero],
  ]);
  for (let serial = 3; serial < 90; serial++) chain.mint(other, "CUPS", serial, ann);
  const many = heldItems(itemsOf(chain.items, ann), issuer);
  expect(many).toHaveLength(heldItemsMax);
  expect(many[0]!.id).toBe(cup);
  expect(readHeld(many.map(encodeHeld))).toEqual(many);
});

test.for<[string, unknown]>([
  ["no list", {}],
  ["too many", Array.from({ length: heldItemsMax + 1 }, () => ["a", "b", "c", null, null, null])],
  ["an item with a member too few", [["a", "b", "c", null, null]]],
  ["an item without an id", [[null, "b", "c", null, null, null]]],
  ["an item of kilobytes", [["a".repeat(5000), "b", "c", null, null, null]]],
])("%s are no items", ([, value]) => {
  expect(readHeld(value)).toBe(undefined);
});

test("of many gifts of one kind none hides what there is one of, whatever comes first", async () => {
  const chain = new Chain();
  for (const symbol of ["CUPS", "CROWNS"]) chain.create(issuer, symbol);
  chain.create(other, "JUNK");
  for (let i = 1; i <= heldItemsMax + 20; i++) {
    chain.mint(other, "JUNK", i, ann);
    chain.mint(issuer, "CUPS", i, ann);
  }
  const crown = chain.mint(issuer, "CROWNS", 1, ann);
  const told = room();
  await holdingsOf(chain).holdings.look(told.room, issuer);
  const [items] = told.heard;
  expect(items).toHaveLength(heldItemsMax);
  expect(items!.slice(0, 2).map(({ id }) => id)).toContain(crown);
  expect(items!.every(({ collection }) => collection !== collectionIdOf(other, "JUNK"))).toBe(true);
});
