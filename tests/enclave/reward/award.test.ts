/** What a room's award becomes: an item of the room's own collections and key, or nothing that anybody issues. */
import { expect, test } from "vitest";
import { awardOf, voucherFor } from "#enclave/reward/award.ts";
import { decodeEntry, encodeEntry } from "#enclave/reward/journal.ts";
import { voucherId } from "#enclave/reward/voucher.ts";
import { skirmishContract } from "../../contracts/skirmish/arena.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import type { AccountId } from "#rmrk/account.ts";

const issuer = "11".repeat(32) as AccountId;
const lineage = new Uint8Array(32).fill(5);
const player = "ab".repeat(16) as PlayerId;
const room = "0123456789abcdef0123" as RoomId;
const collections = { SWORDS: { max: 10, metadata: "ipfs://ipfs/swords" } };
const award = (item: Value, once = "winner") => awardOf({ room, player, once, item }, { lineage, issuer }, collections);

test("an item of a declared collection is an award, under the id of its lineage, room and reason alone", () => {
  const found = award({ collection: "SWORDS", symbol: "sword" })!;
  expect(found).toEqual({
    id: voucherId(lineage, room, "winner"),
    player,
    room,
    once: "winner",
    collection: collectionIdOf(issuer, "SWORDS"),
    symbol: "sword",
    transferable: 1,
    metadata: "ipfs://ipfs/swords",
  });
  expect(award({ collection: "SWORDS", symbol: "axe", transferable: false, metadata: "ipfs://axe" })).toMatchObject({
    id: found.id,
    symbol: "axe",
    transferable: 0,
    metadata: "ipfs://axe",
  });
  expect(decodeEntry(encodeEntry({ kind: "award", award: found }))).toEqual({ kind: "award", award: found });
  expect(voucherFor(found, new Uint8Array(32).fill(3))).toMatchObject({ id: found.id, recipient: "03".repeat(32) });
});

test("what Skirmish gives the best of a round and of a match becomes an item of the collection that it declares", async () => {
  const { manifest } = await skirmishContract();
  const [prize] = Object.values(manifest.collections!);
  for (const symbol of ["medal", "trophy"]) {
    const item = { collection: "SKIRMISH", symbol };
    const found = awardOf({ room, player, once: "match", item }, { lineage, issuer }, manifest.collections!)!;
    const voucher = {
      collection: collectionIdOf(issuer, "SKIRMISH"),
      symbol,
      transferable: 1,
      metadata: prize!.metadata,
    };
    expect(voucherFor(found, new Uint8Array(32).fill(3))).toMatchObject(voucher);
  }
});

test("an item of which each player gets one has the same id in every room, for every reason, and another for each player", () => {
  const soul = { collection: "SWORDS", symbol: "soul", transferable: false, perPlayer: true };
  const of = (who: PlayerId, where: RoomId, once: string, item: Value = soul) =>
    awardOf({ room: where, player: who, once, item }, { lineage, issuer }, collections)!.id;
  const other = "fedcba98765432100123" as RoomId;
  const first = of(player, room, "winner");
  expect(of(player, other, "anything")).toBe(first);
  const different = [
    of("cd".repeat(16) as PlayerId, room, "winner"),
    of(player, room, "winner", { ...soul, symbol: "ghost" }),
    of(player, room, "winner", { ...soul, perPlayer: false }),
  ];
  expect(new Set([first, ...different]).size).toBe(4);
});

// Written down, it would be no award that anybody can read, nor any that stands behind it.
test.for(["bob", "", "__proto__", "AB".repeat(16), "ab".repeat(15), `${"ab".repeat(16)}\n`])(
  "what rules award to somebody who is called %j is nothing that anybody issues",
  (nobody) => {
    const item = { collection: "SWORDS", symbol: "sword" };
    const given = { room, player: nobody as PlayerId, once: "winner", item };
    expect(awardOf(given, { lineage, issuer }, collections)).toBeUndefined();
  },
);

test.for<[string, Value]>([
  ["no object", "SWORDS"],
  ["null", null],
  ["no collection", { symbol: "sword" }],
  ["a collection that was not declared", { collection: "SHIELDS", symbol: "sword" }],
  ["a collection by its id", { collection: collectionIdOf(issuer, "SWORDS"), symbol: "sword" }],
  ["a collection of everything that is an object", { collection: "toString", symbol: "sword" }],
  ["an item with much else in it", { collection: "SWORDS", symbol: "sword", secret: "a".repeat(2000) }],
  ["no symbol", { collection: "SWORDS" }],
  ["a symbol with a separator", { collection: "SWORDS", symbol: "a::b" }],
  ["a symbol of kilobytes", { collection: "SWORDS", symbol: "a".repeat(4096) }],
  ["metadata that is no address", { collection: "SWORDS", symbol: "sword", metadata: "javascript:alert(1)" }],
  ["metadata of kilobytes", { collection: "SWORDS", symbol: "sword", metadata: `ipfs://${"a".repeat(4096)}` }],
  ["one for each of something else", { collection: "SWORDS", symbol: "sword", perPlayer: "room" }],
  ["a transferability of its own", { collection: "SWORDS", symbol: "sword", transferable: 5 }],
])("%s is nothing that anybody issues", ([, item]) => {
  expect(award(item)).toBe(undefined);
});

test("every reason that a contract may give has an id", () => {
  expect(award({ collection: "SWORDS", symbol: "sword" }, "€".repeat(64))?.id).toMatch(/^[0-9a-f]{64}$/);
});

test.for<[string, object]>([
  ["a player of no world", { player: "somebody" }],
  ["no room", { room: "somewhere" }],
  ["no reason", { once: 5 }],
  ["a collection of no issuer", { collection: "SWORDS" }],
])("a journal with an award of %s is refused", ([, change]) => {
  const entry = { ...award({ collection: "SWORDS", symbol: "sword" })!, ...change };
  const bytes = new TextEncoder().encode(JSON.stringify(entry));
  expect(() => decodeEntry(bytes)).toThrow(expect.objectContaining({ code: "journal-malformed" }));
});
