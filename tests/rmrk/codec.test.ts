/** Each interaction is written in one way and read back as the same, and what is written in another way is not read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRemark, encodeRemark, ops, type Interaction } from "#rmrk/codec/interaction.ts";
import { RmrkError } from "#rmrk/errors.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { interaction } from "./support/arbitraries.ts";
import { alice, bob, prefix } from "./support/people.ts";
import { encodeAddress } from "#rmrk/account.ts";

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const refusalOf = (remark: string | Uint8Array, network: number = prefix): string | undefined => {
  try {
    decodeRemark(typeof remark === "string" ? utf8ToBytes(remark) : remark, network);
  } catch (error) {
    if (error instanceof RmrkError) return error.code;
    throw error;
  }
  return undefined;
};

test("what is written is read as the same, on every network", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(interaction, fc.constantFrom(0, 2, 42, 8_000), (said, network) => {
      // A royalty's receiver is text in a property's value, so it is of one network.
      const read = (said.op === "MINT" ? prefix : network) as number;
      expect(decodeRemark(encodeRemark(said, read), read)).toEqual(said);
      seen.add(said.op);
    }),
    { numRuns: 2000 },
  );
  expect([...seen].sort()).toEqual([...ops].sort());
});

test("a remark is printable ASCII, whatever is said in it", () => {
  fc.assert(
    fc.property(interaction, (said) => {
      expect(textOf(encodeRemark(said, prefix))).toMatch(/^RMRK::[A-Z]+::2\.0\.0::[\x21-\x7e]*$/);
    }),
  );
});

/** Bytes changed, fields added, doubled, taken away and swapped. */
const mutated = fc.tuple(interaction, fc.nat(10_000), fc.nat(255), fc.nat(6)).map(([said, place, byte, kind]) => {
  const bytes = encodeRemark(said, prefix);
  const at = place % bytes.length;
  const fields = textOf(bytes).split("::");
  const field = place % fields.length;
  switch (kind) {
    case 0:
      return bytes.with(at, byte);
    case 1:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]);
    case 3:
      return utf8ToBytes(fields.toSpliced(field, 1).join("::"));
    case 4:
      return utf8ToBytes(fields.toSpliced(field, 0, fields[byte % fields.length]!).join("::"));
    case 5:
      return utf8ToBytes(fields.with(field, encodeURIComponent(fields[field]!)).join("::"));
    default:
      return utf8ToBytes(fields.with(field, decodeURIComponent(fields[field]!)).join("::"));
  }
});

test("what can be read is written again as it was, but for the order of members", () => {
  const lettersOf = (text: string): string => Array.from(decodeURIComponent(text)).sort().join("");
  fc.assert(
    fc.property(mutated, (bytes) => {
      if (refusalOf(bytes) !== undefined) return;
      const said = decodeRemark(bytes, prefix);
      const again = encodeRemark(said, prefix);
      expect(decodeRemark(again, prefix)).toEqual(said);
      expect(again.length).toBe(bytes.length);
      expect(lettersOf(textOf(again))).toBe(lettersOf(textOf(bytes)));
    }),
    { numRuns: 4000 },
  );
});

test("random bytes are refused by code", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom("", "RMRK::", "RMRK::MINT::2.0.0::", "RMRK::SEND::2.0.0::"),
      (tail, head) => {
        expect(refusalOf(Uint8Array.from([...utf8ToBytes(head), ...tail]))).toEqual(expect.any(String));
      },
    ),
  );
});

const collection = "d43593c715a56da27d-SWORD";
const nft = `101-${collection}-item-00000001`;
const json = (tree: unknown): string => encodeURIComponent(JSON.stringify(tree));
const minted = { collection, symbol: "item", transferable: 1, sn: "00000001", metadata: "ipfs://ipfs/a" };
const mint = (change: object): string => `RMRK::MINT::2.0.0::${json({ ...minted, ...change })}`;
const created = {
  max: 1,
  issuer: encodeAddress(alice, prefix),
  symbol: "SWORD",
  id: collection,
  metadata: "ipfs://ipfs/a",
};
const create = (change: object): string => `RMRK::CREATE::2.0.0::${json({ ...created, ...change })}`;
const based = {
  symbol: "body",
  type: "svg",
  issuer: encodeAddress(alice, prefix),
  parts: [{ id: "a", type: "fixed", src: "ipfs://a", z: 0 }],
};
const base = (change: object): string => `RMRK::BASE::2.0.0::${json({ ...based, ...change })}`;
const resource = (change: object): string =>
  `RMRK::RESADD::2.0.0::${nft}::${json({ id: "a", src: "ipfs://a", ...change })}`;
const many = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe("what is refused", () => {
  test.for([
    ["a chat message", "hello", "not-rmrk"],
    ["nothing", "", "not-rmrk"],
    ["a lower-case prefix", `rmrk::BURN::2.0.0::${nft}`, "not-rmrk"],
    ["no version", "RMRK::BURN", "fields-malformed"],
    ["version 1", `RMRK::BURN::1.0.0::${nft}`, "version-unsupported"],
    ["an unknown interaction", `RMRK::CONSUME::2.0.0::${nft}`, "interaction-unknown"],
    ["a name every object has", `RMRK::constructor::2.0.0::${nft}`, "interaction-unknown"],
    ["too many fields", `RMRK::BURN::2.0.0::${nft}::x`, "fields-malformed"],
    ["far too many fields", `RMRK::BURN::2.0.0::${nft}${"::x".repeat(1000)}`, "fields-malformed"],
    ["too few fields", "RMRK::SEND::2.0.0", "fields-malformed"],
    ["an empty field at the end", `${mint({})}::`, "address-malformed"],
    ["a space", `RMRK::BURN::2.0.0::${nft} `, "encoding-malformed"],
    ["a line break at the end", `RMRK::BURN::2.0.0::${nft}\n`, "encoding-malformed"],
    ["letters that are not ASCII", `RMRK::EMOTE::2.0.0::RMRK2::${nft}::🎉`, "encoding-malformed"],
    ["more than 64 KiB", `RMRK::BURN::2.0.0::${"9".repeat(65_536)}`, "too-long"],
    ["JSON that is not encoded", `RMRK::MINT::2.0.0::${JSON.stringify(minted)}`, "encoding-malformed"],
    ["JSON that is encoded twice", `RMRK::MINT::2.0.0::${encodeURIComponent(json(minted))}`, "json-malformed"],
    ["a letter that need not be encoded", mint({}).replace("SWORD", "%53WORD"), "encoding-malformed"],
    ["lower-case digits in an escape", mint({}).replace("%3A", "%3a"), "encoding-malformed"],
    ["half an escape", `${mint({})}%4`, "encoding-malformed"],
    ["bytes that are not UTF-8", `RMRK::MINT::2.0.0::%FF`, "encoding-malformed"],
    [
      "JSON with spaces",
      `RMRK::MINT::2.0.0::${encodeURIComponent(JSON.stringify(minted, undefined, 1))}`,
      "json-malformed",
    ],
    [
      "a member that comes twice",
      `RMRK::MINT::2.0.0::${encodeURIComponent(`{"sn":"00000009",${JSON.stringify(minted).slice(1)}`)}`,
      "json-malformed",
    ],
    ["a second spelling of a number", mint({}).replace("%3A1%2C", "%3A1.0%2C"), "json-malformed"],
    ["a second spelling of a letter", mint({}).replace("SWORD", "%5Cu0053WORD"), "json-malformed"],
    ["half a character", mint({ metadata: "ipfs://\ud800" }), "json-malformed"],
    [
      "JSON as deep as a well",
      `RMRK::MINT::2.0.0::${encodeURIComponent("[".repeat(10_000) + "]".repeat(10_000))}`,
      "json-malformed",
    ],
    [
      "a member called __proto__",
      `RMRK::MINT::2.0.0::${encodeURIComponent(`{"__proto__":1,${JSON.stringify(minted).slice(1)}`)}`,
      "json-malformed",
    ],
    ["an array for an object", `RMRK::MINT::2.0.0::${json([])}`, "member-malformed"],
    ["an unknown member", mint({ foo: 1 }), "member-malformed"],
    ["a missing member", `RMRK::MINT::2.0.0::${json({ collection })}`, "member-malformed"],
    ["a collection of another's form", mint({ collection: "foo" }), "id-malformed"],
    [
      "a collection whose symbol has lower-case letters",
      mint({ collection: collection.toLowerCase() }),
      "id-malformed",
    ],
    ["an NFT without its block", `RMRK::BURN::2.0.0::${nft.slice(4)}`, "id-malformed"],
    ["a block beyond 32 bits", `RMRK::BURN::2.0.0::4294967296${nft.slice(3)}`, "id-malformed"],
    ["a block with zeros in front", `RMRK::BURN::2.0.0::0${nft}`, "id-malformed"],
    ["a short serial number", mint({ sn: "1" }), "value-malformed"],
    ["a serial number of letters", mint({ sn: "0000000a" }), "value-malformed"],
    ["a number for a serial number", mint({ sn: 10_000_000 }), "value-malformed"],
    ["a symbol with a hyphen", mint({ symbol: "a-b" }), "value-malformed"],
    ["text for transferable", mint({ transferable: "1" }), "value-malformed"],
    ["half transferable", mint({ transferable: 0.5 }), "value-malformed"],
    ["a script for metadata", mint({ metadata: "javascript:alert(1)" }), "value-malformed"],
    ["metadata of 257 characters", mint({ metadata: `ipfs://${"a".repeat(250)}` }), "value-malformed"],
    ["no properties, spelled out", mint({ properties: {} }), "value-malformed"],
    ["a property without a type", mint({ properties: { a: { value: 1 } } }), "member-malformed"],
    ["a bare value as property", mint({ properties: { a: 1 } }), "member-malformed"],
    ["an int that is none", mint({ properties: { a: { type: "int", value: 1.5 } } }), "value-malformed"],
    [
      "a mutation that is not allowed, spelled out",
      mint({ properties: { a: { type: "int", value: 1, _mutation: { allowed: false } } } }),
      "value-malformed",
    ],
    [
      "a mutation under a condition",
      mint({ properties: { a: { type: "int", value: 1, _mutation: { allowed: true, with: {} } } } }),
      "member-malformed",
    ],
    [
      "33 properties",
      mint({ properties: Object.fromEntries(many(33).map((at) => [`p${at}`, { type: "int", value: 1 }])) }),
      "value-malformed",
    ],
    [
      "a value of 257 characters",
      mint({ properties: { a: { type: "string", value: "a".repeat(255) } } }),
      "value-malformed",
    ],
    [
      "a key of 65 characters",
      mint({ properties: { ["a".repeat(65)]: { type: "int", value: 1 } } }),
      "value-malformed",
    ],
    [
      "a royalty of 101 per cent",
      mint({
        properties: {
          a: { type: "royalty", value: { receiver: encodeAddress(bob, prefix), royaltyPercentFloat: 101 } },
        },
      }),
      "value-malformed",
    ],
    [
      "a royalty in hundred-thousandths",
      mint({
        properties: {
          a: { type: "royalty", value: { receiver: encodeAddress(bob, prefix), royaltyPercentFloat: 0.00001 } },
        },
      }),
      "value-malformed",
    ],
    [
      "a royalty for nobody",
      mint({ properties: { a: { type: "royalty", value: { receiver: "bob", royaltyPercentFloat: 1 } } } }),
      "address-malformed",
    ],
    [
      "two royalties",
      mint({
        properties: Object.fromEntries(
          ["a", "b"].map((key) => [
            key,
            { type: "royalty", value: { receiver: encodeAddress(bob, prefix), royaltyPercentFloat: 1 } },
          ]),
        ),
      }),
      "value-malformed",
    ],
    ["a recipient on another network", `${mint({})}::${encodeAddress(bob, 42)}`, "address-network"],
    ["a collection of minus one", create({ max: -1 }), "value-malformed"],
    ["a collection of one and a half", create({ max: 1.5 }), "value-malformed"],
    ["a collection of more than there are serial numbers", create({ max: 100_000_000 }), "value-malformed"],
    ["a lower-case symbol", create({ symbol: "sword" }), "value-malformed"],
    ["an issuer on another network", create({ issuer: encodeAddress(alice, 0) }), "address-network"],
    ["the id of a base for a collection", "RMRK::LOCK::2.0.0::base-1-a", "id-malformed"],
    ["a new issuer of an NFT", `RMRK::CHANGEISSUER::2.0.0::${nft}::${encodeAddress(bob, prefix)}`, "id-malformed"],
    ["two parts of one name", base({ parts: [...based.parts, ...based.parts] }), "value-malformed"],
    [
      "257 parts",
      base({ parts: many(257).map((at) => ({ id: `p${at}`, type: "fixed", src: "ipfs://a", z: 0 })) }),
      "value-malformed",
    ],
    ["a part of another kind", base({ parts: [{ ...based.parts[0], type: "hole" }] }), "value-malformed"],
    [
      "a part that takes anything",
      base({ parts: [{ ...based.parts[0], type: "slot", equippable: ["*"] }] }),
      "id-malformed",
    ],
    ["a part between layers", base({ parts: [{ ...based.parts[0], z: 0.5 }] }), "value-malformed"],
    ["no themes, spelled out", base({ themes: {} }), "value-malformed"],
    ["a theme that half inherits", base({ themes: { default: { _inherit: false } } }), "value-malformed"],
    ["33 themes", base({ themes: Object.fromEntries(many(33).map((at) => [`t${at}`, {}])) }), "value-malformed"],
    ["nothing to equip", "RMRK::EQUIPPABLE::2.0.0::base-1-a::hand::", "id-malformed"],
    ["everything more", "RMRK::EQUIPPABLE::2.0.0::base-1-a::hand::+*", "id-malformed"],
    ["a collection twice", `RMRK::EQUIPPABLE::2.0.0::base-1-a::hand::${collection},${collection}`, "value-malformed"],
    [
      "257 collections",
      `RMRK::EQUIPPABLE::2.0.0::base-1-a::hand::${many(257)
        .map((at) => `${collection}${at}`)
        .join(",")}`,
      "value-malformed",
    ],
    ["a part called __proto__", "RMRK::THEMEADD::2.0.0::base-1-a::__proto__::%7B%7D", "value-malformed"],
    ["an empty resource", `RMRK::RESADD::2.0.0::${nft}::${json({ id: "a" })}`, "member-malformed"],
    ["parts of no base", resource({ parts: ["a"] }), "member-malformed"],
    ["a theme of no base", resource({ themeId: "a" }), "member-malformed"],
    ["a base for nothing", resource({ base: "base-1-a" }), "member-malformed"],
    ["a slot of no base", resource({ slot: "hand" }), "id-malformed"],
    ["a part twice", resource({ base: "base-1-a", parts: ["a", "a"] }), "value-malformed"],
    ["a priority that names one twice", `RMRK::SETPRIORITY::2.0.0::${nft}::${json(["a", "a"])}`, "value-malformed"],
    ["a priority of an object", `RMRK::SETPRIORITY::2.0.0::${nft}::${json({})}`, "value-malformed"],
    ["a frozen something", `RMRK::SETPROPERTY::2.0.0::${nft}::a::1::frozen`, "value-malformed"],
    ["a line break in a key", `RMRK::SETPROPERTY::2.0.0::${nft}::hit%0Apoints::1`, "value-malformed"],
    ["a negative price", `RMRK::LIST::2.0.0::${nft}::-5`, "value-malformed"],
    ["a price in hexadecimal", `RMRK::LIST::2.0.0::${nft}::0x10`, "value-malformed"],
    ["a price with zeros in front", `RMRK::LIST::2.0.0::${nft}::010`, "value-malformed"],
    ["a price beyond 128 bits", `RMRK::LIST::2.0.0::${nft}::${1n << 128n}`, "value-malformed"],
    ["no price", `RMRK::LIST::2.0.0::${nft}::`, "value-malformed"],
    ["acceptance of something else", `RMRK::ACCEPT::2.0.0::${nft}::FOO::a`, "value-malformed"],
    ["an emote in words", `RMRK::EMOTE::2.0.0::RMRK2::${nft}::x`, "value-malformed"],
    ["a lower-case emote", `RMRK::EMOTE::2.0.0::RMRK2::${nft}::1f389`, "value-malformed"],
    ["an emote with zeros in front", `RMRK::EMOTE::2.0.0::RMRK2::${nft}::01F389`, "value-malformed"],
    ["an emote beyond Unicode", `RMRK::EMOTE::2.0.0::RMRK2::${nft}::110000`, "value-malformed"],
    ["half an emote", `RMRK::EMOTE::2.0.0::RMRK2::${nft}::D83C`, "value-malformed"],
    ["an emote on nothing", `RMRK::EMOTE::2.0.0::MOON::${nft}::1F389`, "value-malformed"],
  ] as const)("%s", ([, remark, code]) => {
    expect(refusalOf(remark)).toBe(code);
  });
});

test("Polkadot's prefix 0 is a prefix like any other", () => {
  const said: Interaction = { op: "SEND", nft: nft as never, recipient: bob };
  expect(decodeRemark(encodeRemark(said, 0), 0)).toEqual(said);
  expect(refusalOf(encodeRemark(said, 0), 42)).toBe("address-network");
});

test("members may come in any order, as other programs write them", () => {
  const reversed = Object.fromEntries(Object.entries(minted).toReversed());
  expect(decodeRemark(utf8ToBytes(`RMRK::MINT::2.0.0::${json(reversed)}`), prefix)).toEqual(
    decodeRemark(utf8ToBytes(mint({})), prefix),
  );
});
