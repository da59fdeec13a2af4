/** Properties of an NFT, and SETPROPERTY. */
import { decodeAddress, type AccountId } from "../account.ts";
import { RmrkError } from "../errors.ts";
import type { NftId } from "../ids.ts";
import { propertiesMax, propertyKeyLengthMax, propertyValueDepthMax, propertyValueLengthMax } from "../limits.ts";
import type { Codec } from "./codec.ts";
import { decodeText, encodeText } from "./fields.ts";
import { decodeJson, depthOf, encodeJson, isJsonObject, membersOf, type Json, type JsonObject } from "./json.ts";
import { expectFields, readNftId, readWord } from "./values.ts";

/**
 * Who may write a property after the MINT. RMRK says only whether it changes. What changes is written by the issuer,
 * because it is the game's: a player who writes his own experience has none. `by: "owner"` is our addition, for names
 * and the like; other consolidators read over it and let the owner write both.
 */
export type Writer = "nobody" | "issuer" | "owner";

export interface Property {
  readonly type: string;
  readonly value: Json;
  readonly writer: Writer;
}

export type Properties = ReadonlyMap<string, Property>;

export interface SetProperty {
  readonly op: "SETPROPERTY";
  readonly nft: NftId;
  readonly key: string;
  readonly value: Json;
  /** Nobody writes it afterwards. */
  readonly freeze: boolean;
}

/** What of a sale goes to whom, in millionths of the price. */
export interface Royalty {
  readonly receiver: AccountId;
  readonly millionths: number;
}

const typePattern = /^[a-z][A-Za-z0-9]{0,15}$/;

/** @throws RmrkError "value-malformed", "member-malformed", and those of addresses for a royalty's receiver. */
export function readProperties(tree: Json | undefined, prefix: number): Properties {
  if (tree === undefined) return new Map();
  if (!isJsonObject(tree)) throw new RmrkError("value-malformed");
  const entries = Object.entries(tree);
  if (entries.length === 0 || entries.length > propertiesMax) throw new RmrkError("value-malformed");
  const properties = new Map(
    entries.map(([key, property]) => [readWord(key, isPropertyKey), readProperty(property, prefix)]),
  );
  const royalties = Array.from(properties.values()).filter(({ type }) => type === "royalty");
  if (royalties.length > 1) throw new RmrkError("value-malformed", "two royalties");
  return properties;
}

export const writeProperties = (properties: Properties): JsonObject | undefined =>
  properties.size === 0
    ? undefined
    : Object.fromEntries(Array.from(properties, ([key, property]) => [key, writeProperty(property)]));

function readProperty(tree: Json, prefix: number): Property {
  const { type, value, _mutation: mutation } = membersOf(tree, ["type", "value"], ["_mutation"]);
  const property = {
    type: readWord(type, (text) => typePattern.test(text)),
    value: value!,
    writer: mutation === undefined ? ("nobody" as const) : readMutation(mutation),
  };
  checkPropertyValue(property.type, property.value, prefix);
  return property;
}

/** Nobody has one spelling: no member at all. */
function readMutation(tree: Json): Writer {
  const { allowed, by } = membersOf(tree, ["allowed"], ["by"]);
  if (allowed !== true || (by !== undefined && by !== "owner")) throw new RmrkError("value-malformed");
  return by ?? "issuer";
}

const mutations = { nobody: {}, issuer: { _mutation: { allowed: true } } } as const;

const writeProperty = ({ type, value, writer }: Property): JsonObject => ({
  type,
  value,
  ...(writer === "owner" ? { _mutation: { allowed: true, by: "owner" } } : mutations[writer]),
});

export const isPropertyKey = (text: string): boolean =>
  text.length > 0 && text.length <= propertyKeyLengthMax && text !== "__proto__" && !/\p{Cc}/u.test(text);

/**
 * Types that we know hold what they say; of others it is the issuer who knows.
 *
 * @throws RmrkError "value-malformed", and those of addresses for a royalty's receiver.
 */
export function checkPropertyValue(type: string, value: Json, prefix: number): void {
  if (
    JSON.stringify(value).length > propertyValueLengthMax ||
    depthOf(value, propertyValueDepthMax) > propertyValueDepthMax
  )
    throw new RmrkError("value-malformed");
  if (type === "royalty") royaltyOf(value, prefix);
  else if (!(kinds[type]?.(value) ?? true)) throw new RmrkError("value-malformed", type);
}

const kinds: { readonly [type: string]: (value: Json) => boolean } = {
  string: (value) => typeof value === "string",
  int: (value) => Number.isSafeInteger(value),
  float: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  array: (value) => Array.isArray(value),
  object: isJsonObject,
};

/** The type of a property that comes into being by its value. */
export const typeOfValue = (value: Json): string =>
  ["boolean", "int", "float", "string", "array"].find((type) => kinds[type]!(value)) ?? "object";

/** @throws RmrkError "value-malformed", "member-malformed", and those of addresses. */
export function royaltyOf(value: Json, prefix: number): Royalty {
  const { receiver, royaltyPercentFloat: percent } = membersOf(value, ["receiver", "royaltyPercentFloat"]);
  if (typeof percent !== "number" || percent < 0 || percent > 100) throw new RmrkError("value-malformed");
  const millionths = Math.round(percent * 10_000);
  // What is paid is counted in whole units: no percentage has more than four decimals.
  if (millionths / 10_000 !== percent) throw new RmrkError("value-malformed");
  return {
    receiver: decodeAddress(
      readWord(receiver, () => true),
      prefix,
    ),
    millionths,
  };
}

const freezeWord = "freeze";

export const setProperty: Codec<SetProperty> = {
  decode(fields) {
    expectFields(fields, 3, 4);
    const [nft, key, value, freeze] = fields as [string, string, string, string?];
    if (freeze !== undefined && freeze !== freezeWord) throw new RmrkError("value-malformed");
    return {
      op: "SETPROPERTY",
      nft: readNftId(nft),
      key: readWord(decodeText(key), isPropertyKey),
      value: decodeJson(value),
      freeze: freeze !== undefined,
    };
  },
  encode({ nft, key, value, freeze }) {
    return [nft, encodeText(key), encodeJson(value), ...(freeze ? [freezeWord] : [])];
  },
};
