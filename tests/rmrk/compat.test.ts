/** Old collections: each old form of a remark means what it meant, behind a flag; what nobody could say is refused as ever. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { modernId, oldCollectionIdOf } from "#rmrk/compat/ids.ts";
import { translate } from "#rmrk/compat/translate.ts";
import { apply, type Outcome } from "#rmrk/consolidator.ts";
import { collectionIdOf, nftIdOf, type NftId } from "#rmrk/ids.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";
import { faultOf } from "#rmrk/state/invariants.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { missing, Oracle } from "../oracles/rmrk-tools.ts";
import { interaction } from "./support/arbitraries.ts";
import { alice, bob, eve, prefix } from "./support/people.ts";

const address = (account: AccountId): string => encodeAddress(account, prefix);
const json = (tree: unknown): string => encodeURIComponent(JSON.stringify(tree));
const metadata = "ipfs://ipfs/old";
const oldId = oldCollectionIdOf(alice, "OLD");
const newId = collectionIdOf(alice, "OLD");
const oldNft = (block: number, serial: string): string => `${block}-${oldId}-cup-${serial}`;
const newNft = (block: number, serial: string): NftId => nftIdOf(block, newId, "cup", serial);

const collection = { max: 10, issuer: address(alice), symbol: "OLD", id: oldId, metadata };
const create = `RMRK::CREATE::2.0.0::${json(collection)}`;
const first = `RMRK::MINT::1.0.0::${json({ version: "1.0.0", name: "Old cups", ...collection })}`;
const cup = { collection: oldId, name: "Cup", instance: "cup", transferable: 1, sn: "0000000000000001", metadata };

/** Who says what, one block each. */
function told(
  sayings: readonly (readonly [AccountId, string])[],
  compat = true,
): { state: State; outcomes: readonly Outcome[] } {
  const state = emptyState(prefix);
  const outcomes = sayings.map(([caller, text], i) => {
    const remark = { block: i + 1, extrinsic: 0, caller, bytes: utf8ToBytes(text), transfers: [] };
    return apply(state, remark, { compat });
  });
  return { state, outcomes };
}

const accepted = (outcomes: readonly Outcome[]): readonly (true | string)[] =>
  outcomes.map((outcome) => (outcome.accepted ? true : outcome.code));

test("without the flag nothing of it counts", () => {
  const mint = `RMRK::MINTNFT::1.0.0::${json(cup)}`;
  expect(
    accepted(
      told(
        [
          [alice, first],
          [alice, create],
          [alice, mint],
        ],
        false,
      ).outcomes,
    ),
  ).toEqual(["version-unsupported", "id-malformed", "version-unsupported"]);
});

describe("RMRK 1.0", () => {
  const mint = (sn: string) => `RMRK::MINTNFT::1.0.0::${json({ ...cup, sn })}`;
  const begun: readonly (readonly [AccountId, string])[] = [
    [alice, first],
    [alice, mint("0000000000000001")],
  ];
  const id = oldNft(2, "0000000000000001");
  const here = newNft(2, "00000001");

  test("MINT made a collection, MINTNFT an item in it that is its issuer's, with its name", () => {
    const { state, outcomes } = told(begun);
    expect(accepted(outcomes)).toEqual([true, true]);
    expect(state.collections.get(newId)).toMatchObject({ creator: alice, max: 10, symbol: "OLD", metadata });
    expect(state.nfts.get(here)).toMatchObject({ owner: alice, transferable: 1, metadata });
    expect(state.nfts.get(here)!.properties!.get("name")).toEqual({ type: "string", value: "Cup", writer: "nobody" });
  });

  test.for<readonly [string, AccountId, string, (state: State) => unknown, unknown]>([
    ["SEND", alice, `RMRK::SEND::1.0.0::${id}::${address(bob)}`, ({ nfts }) => nfts.get(here)!.owner, bob],
    ["LIST", alice, `RMRK::LIST::1.0.0::${id}::100`, ({ nfts }) => nfts.get(here)!.listing!.price, 100n],
    ["CONSUME", alice, `RMRK::CONSUME::1.0.0::${id}`, ({ nfts }) => nfts.has(here), false],
    [
      "CHANGEISSUER",
      alice,
      `RMRK::CHANGEISSUER::1.0.0::${oldId}::${address(bob)}`,
      ({ collections }) => collections.get(newId)!.issuer,
      bob,
    ],
    ["EMOTE", bob, `RMRK::EMOTE::1.0.0::${id}::1F600`, ({ nfts }) => [...nfts.get(here)!.emotes!.keys()], ["1F600"]],
  ])("%s", ([, caller, text, of, expected]) => {
    const { state, outcomes } = told([...begun, [caller, text]]);
    expect(accepted(outcomes)).toEqual([true, true, true]);
    expect(of(state)).toEqual(expected);
  });

  test("BUY, with its payment", () => {
    const { state } = told([...begun, [alice, `RMRK::LIST::1.0.0::${id}::100`]]);
    const bytes = utf8ToBytes(`RMRK::BUY::1.0.0::${id}`);
    const transfers = [{ from: bob, to: alice, amount: 100n }];
    const remark = { block: 20, extrinsic: 0, caller: bob, bytes, transfers };
    expect(apply(state, remark, { compat: true }).accepted).toBe(true);
    expect(state.nfts.get(here)!.owner).toBe(bob);
  });

  test.for<readonly [string, AccountId, string, string]>([
    ["a stranger's item", eve, mint("0000000000000002"), "not-issuer"],
    ["a stranger's collection", eve, first, "issuer-not-caller"],
    ["a number twice", alice, mint("0000000000000001"), "serial-used"],
    ["a number that is too large", alice, mint("9999999999999999"), "version-unsupported"],
    ["what RMRK 1.0 never had", alice, `RMRK::EQUIP::1.0.0::${id}::x`, "version-unsupported"],
    ["another's item sent", bob, `RMRK::SEND::1.0.0::${id}::${address(bob)}`, "not-owner"],
  ])("does not count: %s", ([, caller, text, code]) => {
    const { outcomes } = told([...begun, [caller, text]]);
    expect(accepted(outcomes).at(-1)).toBe(code);
  });
});

describe("RMRK 2.0 as it was written", () => {
  const cupOf = { collection: oldId, symbol: "cup", transferable: 1, sn: "00000001", metadata };
  const forms: readonly (readonly [string, string, string])[] = [
    ["ids of four and four bytes", create, `RMRK::MINT::2.0.0::${json(cupOf)}`],
    [
      "a symbol in small letters",
      `RMRK::CREATE::2.0.0::${json({ ...collection, symbol: "old" })}`,
      `RMRK::MINT::2.0.0::${json(cupOf)}`,
    ],
    [
      "JSON with spaces",
      `RMRK::CREATE::2.0.0::${encodeURIComponent(JSON.stringify(collection, undefined, 1))}`,
      `RMRK::MINT::2.0.0::${encodeURIComponent(JSON.stringify(cupOf).replaceAll(",", " , "))}`,
    ],
    [
      "JSON that is not percent-encoded",
      `RMRK::CREATE::2.0.0::${JSON.stringify(collection)}`,
      `RMRK::MINT::2.0.0::${JSON.stringify(cupOf)}`,
    ],
    [
      "other characters percent-encoded than today",
      `RMRK::CREATE::2.0.0::${json(collection).replaceAll("OLD", "%4F%4C%44")}`,
      `RMRK::MINT::2.0.0::${json(cupOf).replaceAll("cup", "%63up")}`,
    ],
  ];

  test.for(forms)("%s", ([, made, minted]) => {
    const id = oldNft(2, "00000001");
    const { state, outcomes } = told([
      [alice, made],
      [alice, minted],
      [alice, `RMRK::SEND::2.0.0::${id}::${address(bob)}`],
    ]);
    expect(accepted(outcomes)).toEqual([true, true, true]);
    expect(state.nfts.get(newNft(2, "00000001"))!.owner).toBe(bob);
  });

  test("what may be worn in a slot, by its old id", () => {
    const slot = { id: "hat", type: "slot", z: 1, equippable: [oldId] };
    const base = { symbol: "body", type: "svg", issuer: address(alice), parts: [slot] };
    const { state, outcomes } = told([
      [alice, create],
      [alice, `RMRK::BASE::2.0.0::${json(base)}`],
      [alice, `RMRK::EQUIPPABLE::2.0.0::base-2-body::hat::-${oldId}`],
    ]);
    expect(accepted(outcomes).slice(0, 2)).toEqual([true, true]);
    expect([...state.bases.values()][0]!.parts.get("hat")).toMatchObject({ equippable: [newId] });
  });

  test("nobody takes another's collection by its old id, and an id that nobody has means nothing", () => {
    const squat = `RMRK::CREATE::2.0.0::${json({ ...collection, issuer: address(eve) })}`;
    const unknown = `RMRK::LOCK::2.0.0::${oldCollectionIdOf(bob, "NONE")}`;
    expect(
      accepted(
        told([
          [eve, squat],
          [alice, create],
          [alice, unknown],
        ]).outcomes,
      ),
    ).toEqual(["id-malformed", true, "id-malformed"]);
  });

  describe.skipIf(missing !== undefined)("is what rmrk-tools reads", () => {
    test.for(forms)("%s", async ([, made, minted]) => {
      const oracle = new Oracle(prefix);
      const say = (block: number, interaction: string, remark: string) =>
        oracle.say({ block, caller: address(alice), interaction_type: interaction, version: "2.0.0", remark });
      expect(await say(1, "CREATE", made)).toBeUndefined();
      expect(await say(2, "MINT", minted)).toBeUndefined();
      const { state } = told([
        [alice, made],
        [alice, minted],
      ]);
      expect(Object.keys(oracle.data.collections).map((id) => modernId(state, id))).toEqual([newId]);
      expect(Object.keys(oracle.data.nfts).map((id) => modernId(state, id))).toEqual([...state.nfts.keys()]);
    });

    test("and what is percent-encoded twice neither reads", async () => {
      const twice = `RMRK::CREATE::2.0.0::${encodeURIComponent(json({ ...collection, id: newId }))}`;
      const remark = { block: 1, caller: address(alice), interaction_type: "CREATE", version: "2.0.0" as const };
      expect(await new Oracle(prefix).say({ ...remark, remark: twice })).toContain("Dead before instantiation");
      expect(accepted(told([[alice, twice]]).outcomes)).toEqual(["json-malformed"]);
    });
  });
});

test("what is written as today stays as it is, byte for byte", () => {
  fc.assert(
    fc.property(interaction, (drawn) => {
      const bytes = encodeRemark(drawn, prefix);
      expect(translate(emptyState(prefix), bytes)).toEqual(bytes);
    }),
    { numRuns: 300 },
  );
});

test("any bytes are translated or left as they are, and no state comes of them that cannot be", () => {
  const state = emptyState(prefix);
  const words = fc.constantFrom(
    "RMRK",
    "::",
    "MINT",
    "MINTNFT",
    "CREATE",
    "1.0.0",
    "2.0.0",
    oldId,
    "%",
    "%25",
    "{",
    "}",
    "[",
    '"id"',
    ":",
    "__proto__",
    json(collection),
    json(cup),
    encodeURIComponent(json(cup)),
    "[".repeat(2000),
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.array(words, { maxLength: 5 }).map((parts) => ["RMRK", ...parts].join("::")),
  );
  let block = 0;
  fc.assert(
    fc.property(text, (said) => {
      const remark = { block: ++block, extrinsic: 0, caller: alice, bytes: utf8ToBytes(said), transfers: [] };
      apply(state, remark, { compat: true });
    }),
    { numRuns: 500 },
  );
  expect(faultOf(state)).toBeUndefined();
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});
