/** What an account owns of pallet-nfts is proven as a whole: no node hides an item, and no gifts crowd one out. */
import { describe, expect, test } from "vitest";
import { keyBytes, keyOf } from "#chain/devnet/hex.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { Trie } from "#chain/devnet/trie/trie.ts";
import { itemsMax, itemsOwned, itemsPrefix, type KeyNames } from "#enclave/ledger/nfts/items.ts";
import type { NftsState } from "#enclave/ledger/nfts/reading.ts";
import { slotKeys } from "#enclave/ledger/nfts/slot.ts";
import { littleEndian } from "#enclave/ledger/proof/scale.ts";
import { blake2b128Concat } from "#enclave/ledger/proof/storage-keys.ts";
import { chainLimits } from "#protocol/chain-link.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { alice, bob } from "../../../rmrk/support/people.ts";

/** Of the world; strangers have others. */
const [ours, ours2] = [7, 8];
const collections = new Set([ours, ours2]);
const places = (collection: number, count: number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, item) => [collection, item] as const);

/** What a node says that names things honestly, as many as a gateway asks it for. */
class Node {
  readonly #state: Trie;

  /** @param owned by whom, collection and item. */
  constructor(owned: readonly (readonly [AccountId, readonly (readonly [number, number])[]])[]) {
    const entries = owned.flatMap(([account, list]) =>
      list.flatMap(([collection, item]): [string, Uint8Array][] => [
        [keyOf(keyOfItem(account, collection, item)), new Uint8Array(0)],
        [keyOf(slotKeys(collection, item)[0]), concatBytes(accountBytes(account), new Uint8Array(20))],
        [keyOf(slotKeys(collection, item)[1]), littleEndian(2, 8)],
      ]),
    );
    this.#state = Trie.empty.with(entries, 1);
  }

  names(prefix: Uint8Array): Uint8Array[] {
    return Array.from(this.#state.keys(keyOf(prefix)), keyBytes).slice(0, chainLimits.named);
  }

  /** @param keys if it names others. */
  async items(account: AccountId, keys?: (prefix: Uint8Array) => readonly Uint8Array[]) {
    const state = { block: { number: 1, hash: "ab".repeat(32) }, stateRoot: this.#state.root } as NftsState;
    const source: KeyNames & Parameters<typeof itemsOwned>[0] = {
      keys: (_, prefix) => Promise.resolve((keys ?? ((of) => this.names(of)))(prefix)),
      storage: (_, wanted) => {
        if (wanted.length > chainLimits.keys) throw new RangeError("more than a gateway is asked for");
        return Promise.resolve(readProof(this.#state, wanted.map(keyOf)));
      },
    };
    const items = await itemsOwned(source, state, account, collections);
    return items.map(({ collection, item }) => `${collection}/${item}`);
  }
}

const keyOfItem = (account: AccountId, collection: number, item: number): Uint8Array =>
  concatBytes(itemsPrefix(account, collection), blake2b128Concat(littleEndian(item, 4)));
const named = (list: readonly (readonly [number, number])[]): string[] => list.map((place) => place.join("/"));

describe("of an account with few items", () => {
  const mine = [...places(ours, 60), ...places(ours2, 2)];
  const foreign = places(99, 30);
  const node = new Node([
    [alice, [...mine, ...foreign]],
    [bob, [[ours, 500] as const]],
  ]);

  test("all of the world's are seen, and no others", async () => {
    expect(new Set(await node.items(alice))).toEqual(new Set(named(mine)));
    expect(await node.items(bob)).toEqual(["7/500"]);
    expect(await node.items("77".repeat(32) as AccountId)).toEqual([]);
  });

  test.for<readonly [string, (honest: readonly Uint8Array[]) => readonly Uint8Array[]]>([
    ["hides some", (honest) => honest.slice(30)],
    ["hides others", (honest) => honest.slice(0, -30)],
    ["hides all", () => []],
    ["names another's", (honest) => [...honest.slice(30), keyOfItem(alice, ours, 500)]],
    ["names nonsense only", () => [new Uint8Array(3), new Uint8Array(120)]],
  ])("a node that %s is not believed", async ([, change]) => {
    await expect(node.items(alice, (prefix) => change(node.names(prefix)))).rejects.toMatchObject({
      code: "proof-incomplete",
    });
  });

  test("a node that hides any single one is not believed, or shows it all the same", async () => {
    const few = new Node([[alice, [...places(ours, 6), ...places(99, 4)]]]);
    const honest = await few.items(alice);
    const keys = few.names(itemsPrefix(alice));
    for (let at = 0; at < keys.length; at++) {
      const told = await few.items(alice, () => keys.toSpliced(at, 1)).catch((error: { code: string }) => error.code);
      // Neighbours may lie in one node.
      expect(["proof-incomplete", honest]).toContainEqual(told);
    }
  });

  test("what a node names twice, in another order, or beside it, changes nothing", async () => {
    const honest = await node.items(alice);
    const keys = node.names(itemsPrefix(alice));
    for (const told of [[...keys].reverse(), [...keys, ...keys], [...keys, keyOfItem(alice, ours, 500)]]) {
      expect(await node.items(alice, () => told)).toEqual(honest);
    }
  });
});

describe("of an account with many items", () => {
  test("none of the world's is hidden by gifts from other collections, as many as there may be", async () => {
    const mine = [...places(ours, 2), ...places(ours2, 1)];
    const node = new Node([[alice, [...mine, ...places(99, 250), ...places(98, 20)]]]);
    expect(new Set(await node.items(alice))).toEqual(new Set(named(mine)));
  });

  test("none is hidden by many of another collection of the world's", async () => {
    const node = new Node([[alice, [...places(ours, 260), ...places(ours2, 2)]]]);
    const items = await node.items(alice);
    expect(items).toHaveLength(itemsMax + 2);
    expect(items).toEqual(expect.arrayContaining(["8/0", "8/1"]));
  });

  test("which ones are seen is the state's to say, whatever a node names", async () => {
    const node = new Node([[alice, places(ours, 260)]]);
    const honest = await node.items(alice);
    expect(honest).toHaveLength(itemsMax);
    const all = Array.from({ length: 260 }, (_, item) => keyOfItem(alice, ours, item));
    const says = (told: readonly Uint8Array[]) =>
      node.items(alice, (prefix) => told.filter((key) => keyOf(key).startsWith(keyOf(prefix))));
    expect(await says(all)).toEqual(honest);
    // Those that a node would like to have seen, and that it would like to hide.
    for (const told of [all.slice(0, 250), all.slice(15), all.slice(0, 100), []]) {
      await expect(says(told)).rejects.toThrow(/^proof-(incomplete|unused)/);
    }
  });
});
