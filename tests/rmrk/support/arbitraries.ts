/** Any interaction that can be written. */
import fc from "fast-check";
import { accountOf, encodeAddress } from "#rmrk/account.ts";
import type { Part } from "#rmrk/codec/base.ts";
import { emoteOf } from "#rmrk/codec/emote.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import type { Json } from "#rmrk/codec/json.ts";
import { isPropertyKey, type Property } from "#rmrk/codec/property.ts";
import { baseIdOf, collectionIdOf, isName, nftIdOf, slotIdOf } from "#rmrk/ids.ts";
import { prefix } from "./people.ts";

const chars = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });

export const account = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(accountOf);
const block = fc.integer({ min: 0, max: 0xffff_ffff });
export const collectionSymbol = chars("ABCXYZ0189_", 1, 32);
export const symbol = chars("abcXYZ019_", 1, 32);
export const name = chars("abcXYZ019_-", 1, 32).filter(isName);
const serial = fc.integer({ min: 0, max: 99_999_999 }).map((number) => String(number).padStart(8, "0"));
export const collectionId = fc.tuple(account, collectionSymbol).map(([issuer, word]) => collectionIdOf(issuer, word));
export const nftId = fc
  .tuple(block, collectionId, symbol, serial)
  .map(([at, collection, word, number]) => nftIdOf(at, collection, word, number));
export const baseId = fc.tuple(block, symbol).map(([at, word]) => baseIdOf(at, word));
export const slotId = fc.tuple(baseId, name).map(([base, part]) => slotIdOf(base, part));
const recipient = fc.oneof(account, nftId);
export const uri = fc
  .tuple(fc.constantFrom("https://", "http://", "ipfs://"), fc.string({ unit: "binary", minLength: 1, maxLength: 60 }))
  .map(([scheme, rest]) => scheme + rest)
  .filter((text) => /^(?:https?|ipfs):\/\/[^\s\p{Cc}]+$/u.test(text) && text.isWellFormed());
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const text = fc.string({ unit: "binary", maxLength: 20 });
export const propertyKey = text.filter(isPropertyKey);
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 3, depthSize: "small", noUnicodeString: false })
  .map((tree) => JSON.parse(JSON.stringify(tree)) as Json)
  .filter(isPlainJson);

function isPlainJson(tree: Json): boolean {
  const written = JSON.stringify(tree);
  return written.length <= 256 && !written.includes("__proto__") && JSON.stringify(JSON.parse(written)) === written;
}

const royalty = fc.record({ receiver: account, percent: fc.integer({ min: 0, max: 1_000_000 }) }).map((given) => ({
  type: "royalty",
  value: { receiver: encodeAddress(given.receiver, prefix), royaltyPercentFloat: given.percent / 10_000 },
}));

const typed: fc.Arbitrary<{ readonly type: string; readonly value: Json }> = fc.oneof(
  fc.record({ type: fc.constant("int"), value: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant("string"), value: text }),
  fc.record({ type: fc.constant("boolean"), value: fc.boolean() }),
  fc.record({ type: fc.constantFrom("date", "seed"), value: json }),
);

const property: fc.Arbitrary<Property> = fc
  .record({ of: typed, writer: fc.constantFrom("nobody", "issuer", "owner") })
  .map(({ of: { type, value }, writer }) => ({ type, value, writer }));

export const properties = fc
  .tuple(fc.dictionary(propertyKey, property, { maxKeys: 4 }), maybe(royalty))
  .map(([entries, share]) => {
    const all = Object.entries(entries);
    return new Map<string, Property>(
      share === undefined ? all : [...all, ["royaltyInfo", { ...share, writer: "nobody" }]],
    );
  });

export const colours = fc
  .dictionary(
    name,
    fc.string({ maxLength: 10 }).filter((value) => !/\p{Cc}/u.test(value)),
    { maxKeys: 3 },
  )
  .map((entries) => new Map(Object.entries(entries)));
const coloursUnflagged = colours.filter((entries) => !entries.has("_inherit"));
const theme = fc.record({ inherit: fc.boolean(), colours: coloursUnflagged });
const z = fc.integer({ min: -1_000_000, max: 1_000_000 });
const classes = (minLength: number) => fc.uniqueArray(collectionId, { minLength, maxLength: 3 });
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant("fixed" as const), id: name, z, src: uri }),
  fc.record({
    kind: fc.constant("slot" as const),
    id: name,
    z,
    equippable: fc.oneof(fc.constant("*" as const), classes(0)),
    src: maybe(uri),
  }),
);

export const resource = fc
  .record({
    id: name,
    src: maybe(uri),
    thumb: maybe(uri),
    metadata: maybe(uri),
    base: maybe(baseId),
    parts: maybe(fc.uniqueArray(name, { maxLength: 4 })),
    slot: maybe(slotId),
    themeId: maybe(name),
    theme: maybe(coloursUnflagged),
  })
  .map((given) => {
    const composed = given.base !== undefined && given.parts !== undefined;
    return composed ? given : { ...given, base: undefined, parts: undefined, themeId: undefined, theme: undefined };
  })
  .filter(({ src, metadata, parts }) => src !== undefined || metadata !== undefined || parts !== undefined);

const emote = fc
  .array(
    fc.integer({ min: 0, max: 0x10_ffff }).filter((point) => point < 0xd800 || point > 0xdfff),
    { minLength: 1, maxLength: 12 },
  )
  .map((points) => emoteOf(String.fromCodePoint(...points)));

export const interaction: fc.Arbitrary<Interaction> = fc.oneof(
  fc.record({
    op: fc.constant("CREATE" as const),
    id: collectionId,
    issuer: account,
    symbol: collectionSymbol,
    max: fc.integer({ min: 0, max: 99_999_999 }),
    metadata: uri,
  }),
  fc.record({ op: fc.constant("CHANGEISSUER" as const), of: fc.oneof(collectionId, baseId), issuer: account }),
  fc.record({ op: fc.constantFrom("LOCK" as const, "DESTROY" as const), collection: collectionId }),
  fc.record({
    op: fc.constant("BASE" as const),
    issuer: account,
    symbol,
    type: fc.constantFrom("svg", "png", "mixed", "image/svg+xml"),
    parts: fc.uniqueArray(part, { maxLength: 4, selector: ({ id }) => id }),
    themes: fc.dictionary(name, theme, { maxKeys: 2 }).map((entries) => new Map(Object.entries(entries))),
    metadata: maybe(uri),
  }),
  fc.oneof(
    fc.record({
      op: fc.constant("EQUIPPABLE" as const),
      base: baseId,
      part: name,
      change: fc.constantFrom("add" as const, "remove" as const, "set" as const),
      collections: classes(1),
    }),
    fc.record({
      op: fc.constant("EQUIPPABLE" as const),
      base: baseId,
      part: name,
      change: fc.constant("set" as const),
      collections: fc.constant("*" as const),
    }),
  ),
  fc.record({ op: fc.constant("THEMEADD" as const), base: baseId, name, theme }),
  fc.record({
    op: fc.constant("MINT" as const),
    collection: collectionId,
    symbol,
    serial,
    transferable: fc.integer({ min: -0xffff_ffff, max: 0xffff_ffff }),
    metadata: maybe(uri),
    properties,
    recipient: maybe(recipient),
  }),
  fc.record({ op: fc.constant("SEND" as const), nft: nftId, recipient }),
  fc.record({ op: fc.constant("ACCEPT" as const), nft: nftId, entity: fc.constant("NFT" as const), child: nftId }),
  fc.record({ op: fc.constant("ACCEPT" as const), nft: nftId, entity: fc.constant("RES" as const), resource: name }),
  fc.record({ op: fc.constant("RESADD" as const), nft: nftId, resource, replaces: maybe(name) }),
  fc.record({ op: fc.constant("SETPRIORITY" as const), nft: nftId, resources: fc.uniqueArray(name, { maxLength: 5 }) }),
  fc.record({
    op: fc.constant("SETPROPERTY" as const),
    nft: nftId,
    key: propertyKey,
    value: json,
    freeze: fc.boolean(),
  }),
  fc.record({ op: fc.constant("EQUIP" as const), nft: nftId, slot: maybe(slotId) }),
  fc.record({ op: fc.constant("LIST" as const), nft: nftId, price: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }) }),
  fc.record({ op: fc.constant("BUY" as const), nft: nftId, recipient: maybe(recipient) }),
  fc.record({ op: fc.constant("BURN" as const), nft: nftId }),
  fc.record({ op: fc.constant("EMOTE" as const), namespace: fc.constant("RMRK2" as const), nft: nftId, emote }),
  fc.record({
    op: fc.constant("EMOTE" as const),
    namespace: fc.constantFrom("RMRK1" as const, "PUBKEY" as const),
    id: name,
    emote,
  }),
);
