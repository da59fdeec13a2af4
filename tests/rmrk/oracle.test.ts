/** Beside `rmrk-tools`: the same remarks make the same state, but for differences that are listed, each for a reason. */
import { describe, expect, test } from "vitest";
import type { AccountId } from "#rmrk/account.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import { baseIdOf, collectionIdOf, nftIdOf, slotIdOf } from "#rmrk/ids.ts";
import type { Transfer } from "#rmrk/remark.ts";
import { missing } from "../oracles/rmrk-tools.ts";
import { metadata, mintOf, resourceOf } from "./support/making.ts";
import { broader, OracleStory, stricter } from "./support/oracle-story.ts";
import { alice, bob, charlie, dave, eve } from "./support/people.ts";
import type { Saying } from "./support/sayings.ts";

/** Who says what, what is paid, and how many blocks later. */
type Said = readonly [AccountId, Interaction, (readonly Transfer[])?, number?];

describe.skipIf(missing !== undefined)("beside rmrk-tools", () => {
  test("random stories come out the same, listed differences apart", async () => {
    const met = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const story = new OracleStory(seed);
      await story.tell(30);
      for (const key of story.met) met.add(key);
    }
    expect(met.size).toBeGreaterThan(15);
  });

  const heroes = collectionIdOf(alice, "HERO");
  const hero = nftIdOf(1, heroes, "item", "00000001");
  const ring = nftIdOf(1, heroes, "item", "00000002");
  const bag = nftIdOf(1, heroes, "item", "00000003");
  const base = baseIdOf(1, "body");
  const pay = (from: AccountId, to: AccountId, amount: bigint): readonly Transfer[] => [{ from, to, amount }];
  const listed = (nft: typeof hero): Said => [bob, { op: "LIST", nft, price: 100n }];
  const empty = collectionIdOf(eve, "EMPTY");
  const createEmpty: Said = [eve, { op: "CREATE", id: empty, issuer: eve, symbol: "EMPTY", max: 0, metadata }];
  const sword = nftIdOf(1, collectionIdOf(alice, "SWORD"), "item", "00000001");
  const form = (nft: typeof hero, part: string): readonly Said[] => [
    [alice, { op: "RESADD", nft, resource: resourceOf({ id: part, slot: slotIdOf(base, part) }), replaces: undefined }],
    [bob, { op: "ACCEPT", nft, entity: "RES", resource: part }],
  ];
  const equip = (nft: typeof hero, part: string): Said => [bob, { op: "EQUIP", nft, slot: slotIdOf(base, part) }];

  /** Differences that chance meets seldom. The last saying of each is the one that differs. */
  test.for<readonly [string, readonly Said[]]>([
    ["CREATE: collection-exists", [createEmpty, [eve, { op: "DESTROY", collection: empty }], createEmpty]],
    [
      "LOCK: collection-locked",
      [createEmpty, [eve, { op: "LOCK", collection: empty }], [eve, { op: "LOCK", collection: empty }]],
    ],
    ["MINT: collection-locked", [createEmpty, [eve, { op: "LOCK", collection: empty }], [eve, mintOf(empty, 1)]]],
    [
      "BUY: payment-missing",
      [
        listed(ring),
        listed(hero),
        [dave, { op: "BUY", nft: ring, recipient: undefined }, pay(dave, bob, 100n)],
        [dave, { op: "BUY", nft: hero, recipient: undefined }, pay(dave, bob, 100n)],
      ],
    ],
    ["BUY: buyer-is-owner", [listed(ring), [bob, { op: "BUY", nft: ring, recipient: undefined }, pay(bob, bob, 100n)]]],
    [
      "BUY: recipient-unknown",
      [
        listed(ring),
        [dave, { op: "BUY", nft: ring, recipient: nftIdOf(9, heroes, "item", "00000009") }, pay(dave, bob, 100n)],
      ],
    ],
    [
      "BUY: nft-pending",
      [
        [bob, { op: "SEND", nft: hero, recipient: bag }],
        listed(ring),
        [dave, { op: "BUY", nft: ring, recipient: hero }, pay(dave, bob, 100n)],
      ],
    ],
    [
      "LIST: listed-too-recently",
      [listed(ring), [bob, { op: "LIST", nft: ring, price: 100n }, [], 5], [bob, { op: "LIST", nft: ring, price: 1n }]],
    ],
    [
      "EQUIP: base-not-used",
      [...form(ring, "tail"), [bob, { op: "SEND", nft: ring, recipient: hero }], equip(ring, "tail")],
    ],
    ["EQUIP: already-equipped", [...form(sword, "head"), equip(sword, "hand"), equip(sword, "head")]],
  ])("%s", async ([key, sayings]) => {
    const story = new OracleStory(1);
    await story.tell(0);
    const setup: readonly Said[] = [
      [alice, mintOf(heroes, 2, bob)],
      [alice, mintOf(heroes, 3, charlie)],
    ];
    for (const [caller, interaction, transfers = [], blocks = 0] of [...setup, ...sayings]) {
      const saying: Saying = { caller, interaction, transfers, blocks, sameExtrinsic: interaction.op === "BUY" };
      await story.hear(saying);
    }
    expect(story.met).toContain(key);
  });

  test("every difference has a reason", () => {
    for (const reason of [...Object.values(stricter), ...Object.values(broader)])
      expect(reason.length).toBeGreaterThan(10);
  });
});
