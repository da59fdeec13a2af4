/**
 * An item of pallet-nfts is used up once, by whom it belongs to by proof, whatever is asked twice, at once or of whoever shows
 * something else; and thieves and hosts gain nothing by it.
 */
import { describe, expect, test } from "vitest";
import { storageKey as devnetKey } from "#chain/devnet/hashing.ts";
import { keyOf } from "#chain/devnet/hex.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { Trie } from "#chain/devnet/trie/trie.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { ChainError } from "#enclave/ledger/follow/linked-chain.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { namingRemark } from "#enclave/ledger/nfts/naming.ts";
import { attributeKey, slotKeys } from "#enclave/ledger/nfts/slot.ts";
import { isNftsItemId, nftsItemId, usedRemark, type NftsItemId } from "#enclave/ledger/nfts/used.ts";
import { littleEndian, prefixed } from "#enclave/ledger/proof/scale.ts";
import { blake2b128Concat } from "#enclave/ledger/proof/storage-keys.ts";
import { AwardBook } from "#enclave/reward/award-book.ts";
import { ConsumeDesk } from "#enclave/reward/consume-desk.ts";
import { decodeEntry, encodeEntry } from "#enclave/reward/journal.ts";
import { NftsHoldings } from "#enclave/reward/nfts-holdings.ts";
import { voucherId } from "#enclave/reward/voucher.ts";
import { SealedLog } from "#enclave/vault/sealed-log.ts";
import { concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { ChainId } from "#protocol/store.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { SeededNumbers } from "../../../deep/deep.ts";
import { alice, bob, eve, prefix } from "../../../rmrk/support/people.ts";
import { MemoryStore } from "../../../support/memory-store.ts";
import { ageMaxMs, ann, ben, linked, rooms } from "../lineage-ledger.ts";

/** Issues what the workers' lineage awards; another one issues in the same world. */
const [issuer, otherIssuer, cold] = [alice, "33".repeat(32) as AccountId, "22".repeat(32) as AccountId];
const cups = collectionIdOf(issuer, "CUPS");
const [ours, theirs, nameless] = [7, 8, 9];
const [here, there] = rooms as [(typeof rooms)[0], (typeof rooms)[0]];
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

interface Given {
  readonly owner?: AccountId | undefined;
  readonly collection?: number;
  readonly offer?: "ItemPriceOf" | "PendingSwapOf";
}

/** The state of a chain as far as items are in it, and a node that proves it. */
class NftsWorld {
  readonly store = new MemoryStore();
  #entries = new Map<string, Uint8Array>();
  #items = 0;
  time = 1_000_000;
  now = this.time;
  readonly words = [
    { caller: cold, bytes: namingRemark(ours, cups) },
    { caller: cold, bytes: namingRemark(theirs, collectionIdOf(otherIssuer, "CUPS")) },
  ];

  voucher(item: number): string {
    return voucherId(fill(5), here, `cup ${item}`);
  }

  /** @param owner undefined: it was burned. */
  put({ collection = ours, offer, ...more }: Given = {}, item = (this.#items += 1)): NftsItemId {
    const owner = "owner" in more ? more.owner : bob;
    const [key, config] = slotKeys(collection, item);
    const said = concatBytes(prefixed(utf8ToBytes(this.voucher(item))), fill(0));
    this.#entries.delete(keyOf(key));
    if (owner !== undefined) this.#entries.set(keyOf(key), concatBytes(accountBytes(owner), fill(0)));
    this.#entries.set(keyOf(config), littleEndian(2, 8));
    this.#entries.set(keyOf(attributeKey(collection, item, "voucher")), said);
    const place = [collection, item].map((number) => blake2b128Concat(littleEndian(number, 4)));
    if (offer !== undefined) this.#entries.set(devnetKey("Nfts", offer, ...place), fill(1));
    return nftsItemId({ collection, item });
  }

  say(caller: AccountId, item: NftsItemId): void {
    this.words.push({ caller, bytes: usedRemark(item) });
  }

  get #state(): Trie {
    return Trie.empty.with([...this.#entries], 1);
  }

  view(): View {
    const { root } = this.#state;
    const block = { number: 1, hash: "ab".repeat(32) };
    return { block, stateRoot: root, time: this.time, items: emptyState(prefix) } as unknown as View;
  }

  prove(keys: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return Promise.resolve(readProof(this.#state, keys.map(keyOf)));
  }

  /** One worker, on the node that is shown to it. */
  async worker(lies: Partial<ChainSource> = {}, store = this.store) {
    const storage: ChainSource["storage"] = (_, keys) => this.prove(keys);
    const nfts = new NftsHoldings({ storage, keys: () => Promise.resolve([]), ...lies }, cold);
    nfts.read(this.words.map((word, extrinsic) => ({ block: 1, extrinsic, ...word })));
    const numbers = new SeededNumbers((seed += 1));
    const book = await AwardBook.open({
      account: issuer,
      issuer: () => ({
        stopped: false,
        open: 0,
        stageOf: () => undefined,
        award: () => Promise.reject(new Error("it is issued again")),
        heard: () => undefined,
        look: () => Promise.resolve(),
        turn: () => Promise.resolve(),
      }),
      journal: new SealedLog({
        store,
        chain: "awards-00112233" as ChainId,
        world: fill(1),
        key: fill(2),
        random: (length) => numbers.bytes(length),
        wait: () => Promise.resolve(),
      }),
      recipients: linked,
      issuing: true,
      told: () => undefined,
    });
    const desk = new ConsumeDesk({
      view: () => this.view(),
      nfts: (item, view) => nfts.find(item, view),
      recipients: linked,
      ageMaxMs,
      now: () => this.now,
    });
    const consume = (item: string, { room = here, n = 1, player = ann } = {}) =>
      desk.consume({ n, player, item }, { room, book, collections: new Set([cups]) });
    return { book, consume };
  }
}

let seed = 0;

describe("an item", () => {
  test("of the player's own, of the rules' own collections, is used up: by the first who asks, and by nobody after", async () => {
    const world = new NftsWorld();
    const [cup, other] = [world.put(), world.put()];
    const { consume, book } = await world.worker();
    expect(await consume(cup)).toBeNull();
    expect(await consume(cup)).toBeNull();
    expect(await consume(cup, { n: 2 })).toBe("item-used");
    expect(await consume(cup, { room: there })).toBe("item-used");
    expect(await consume(other, { n: 3 })).toBeNull();
    expect([book.isUsed(cup), book.isUsed(world.put())]).toEqual([true, false]);
  });

  test("is used up once where rooms of one worker and of two ask at once", async () => {
    const world = new NftsWorld();
    const [left, right] = [await world.worker(), await world.worker()];
    const cup = world.put();
    const answers = await Promise.all([
      left.consume(cup),
      left.consume(cup, { room: there }),
      right.consume(cup, { n: 2 }),
    ]);
    expect(new Set(answers).size).toBe(2);
    expect(answers.filter((answer) => answer === "item-used")).toHaveLength(2);
  });

  test("is never issued again, on a chain that is shown without it", async () => {
    const world = new NftsWorld();
    const cup = world.put();
    await (await world.worker()).consume(cup);
    const { book } = await new NftsWorld().worker({}, world.store);
    const id = voucherId(fill(5), here, "cup 1");
    const award = {
      id,
      player: ann,
      room: here,
      once: "cup 1",
      collection: cups,
      symbol: "cup",
      transferable: 1,
    } as const;
    await book.earn({ ...award, metadata: undefined });
    expect(book.standing(ann).map(({ stage }) => stage)).toEqual(["final"]);
  });

  test("outlasts its worker as a use of it was written down", () => {
    const use = { item: "nfts-7-1" as NftsItemId, player: ann, room: here, n: 7, voucher: undefined };
    expect(decodeEntry(encodeEntry({ kind: "use", use }))).toEqual({ kind: "use", use });
  });
});

describe("refused", () => {
  test.for<[string, string, (world: NftsWorld) => string]>([
    ["somebody else's item", "not-owner", (world) => world.put({ owner: eve })],
    ["an item that was burned", "item-unknown", (world) => world.put({ owner: undefined })],
    ["an item that never was", "item-unknown", () => "nfts-7-4000000000"],
    ["an item of a collection that nobody has named", "item-unknown", (world) => world.put({ collection: nameless })],
    ["an item of RMRK's", "item-unknown", () => `1-${cups}-cup-00000001`],
    ["an id of everything that is an object", "item-unknown", () => "__proto__"],
    ["an id with another spelling", "item-unknown", (world) => world.put().replace(/-1$/, "-01")],
    ["an id beyond all numbers", "item-unknown", () => "nfts-7-4294967297"],
    ["an item that another lineage issues", "item-foreign", (world) => world.put({ collection: theirs })],
    ["an item that is for sale", "item-listed", (world) => world.put({ offer: "ItemPriceOf" })],
    ["an item that is offered in exchange", "item-listed", (world) => world.put({ offer: "PendingSwapOf" })],
  ])("%s: %s", async ([, code, make]) => {
    const world = new NftsWorld();
    const item = make(world);
    expect(await (await world.worker()).consume(item)).toBe(code);
    // And nothing was written down.
    expect(await world.store.records("awards-00112233" as ChainId, 0, 10_000)).toEqual([]);
    expect(isNftsItemId(item)).toBe(/^nfts-[0-9]-([1-9][0-9]{0,9})$/.test(item) && !item.endsWith("7297"));
  });
});

describe("gains nothing:", () => {
  test("a player who uses up what is another's, also in a room in which its owner is", async () => {
    const world = new NftsWorld();
    const { consume } = await world.worker();
    expect(await consume(world.put(), { player: ben })).toBe("not-owner");
  });

  test("a player who burns what was used up and mints it again in the same place, while the mint that was signed lives", async () => {
    const world = new NftsWorld();
    const cup = world.put();
    const { consume } = await world.worker();
    expect(await consume(cup)).toBeNull();
    world.put({ owner: undefined }, 1);
    world.put({ owner: bob }, 1);
    expect(await consume(cup, { n: 2 })).toBe("item-used");
    expect(await (await world.worker()).consume(cup, { room: there })).toBe("item-used");
  });

  test("a host that shows what was written down before, once the issuer has said it on the chain", async () => {
    const world = new NftsWorld();
    const cup = world.put();
    expect(await (await world.worker()).consume(cup)).toBeNull();
    world.say(issuer, cup);
    expect(await (await world.worker({}, new MemoryStore())).consume(cup, { room: there })).toBe("item-used");
  });

  test.for([
    ["its owner", bob],
    ["a thief", eve],
    ["the collections' owner", cold],
    ["another lineage's issuer", otherIssuer],
  ] as const)("who says in its issuer's stead that an item is used up: %s", async ([, caller]) => {
    const world = new NftsWorld();
    const cup = world.put();
    world.say(caller, cup);
    expect(await (await world.worker()).consume(cup)).toBeNull();
  });

  test.for<[string, string, (world: NftsWorld) => Partial<ChainSource>]>([
    ["proves another state", "not-followed", () => ({ storage: () => Promise.resolve(readProof(otherState(), [])) })],
    [
      "alters what it proves",
      "not-followed",
      (world) => ({ storage: async (_, keys) => altered(await world.prove(keys)) }),
    ],
    [
      "leaves a part out of what it proves",
      "not-followed",
      (world) => ({ storage: async (_, keys) => (await world.prove(keys)).slice(1) }),
    ],
    ["says nothing", "not-followed", () => ({ storage: () => Promise.reject(new ChainError("chain-silent")) })],
    [
      "takes its time",
      "stale",
      (world) => ({
        storage(_, keys) {
          world.now = world.time + ageMaxMs + 1;
          return world.prove(keys);
        },
      }),
    ],
  ])("a host that %s: %s", async ([, code, lies]) => {
    const world = new NftsWorld();
    const cup = world.put();
    expect(await (await world.worker(lies(world))).consume(cup)).toBe(code);
    world.now = world.time;
    expect(await (await world.worker()).consume(cup)).toBeNull();
  });
});

const otherState = (): Trie => Trie.empty.with([[keyOf(hexToBytes("0102")), fill(9)]], 1);
const altered = (proof: readonly Uint8Array[]): readonly Uint8Array[] =>
  proof.map((node) => node.map((byte, at) => (at === node.length - 1 ? byte ^ 1 : byte)));
