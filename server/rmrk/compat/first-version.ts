/** Interactions of RMRK 1.0 as those of 2.0 that mean the same: it had collections and NFTs, no nesting and no forms. */
import { encodeJson, isJsonObject, present, type Json, type JsonObject } from "../codec/json.ts";
import { modernSerial } from "./ids.ts";

export interface Said {
  readonly op: string;
  readonly fields: readonly string[];
}

type Translation = (fields: readonly string[], json: (field: string) => Json | undefined) => Said | undefined;

const same =
  (op: string, count: number): Translation =>
  (fields) =>
    fields.length === count ? { op, fields } : undefined;

const translations: { readonly [op: string]: Translation } = {
  MINT: ([field], json) => {
    const tree = field === undefined ? undefined : json(field);
    if (!isJsonObject(tree)) return undefined;
    const { max, issuer, symbol, id, metadata } = tree;
    return { op: "CREATE", fields: [write({ max, issuer, symbol, id, metadata })] };
  },
  MINTNFT: ([field, ...recipient], json) => {
    const tree = field === undefined ? undefined : json(field);
    if (!isJsonObject(tree) || recipient.length > 1) return undefined;
    const { collection, name, instance, transferable, sn, metadata } = tree;
    const serial = typeof sn === "string" ? modernSerial(sn) : undefined;
    if (serial === undefined) return undefined;
    const properties = typeof name === "string" && name !== "" ? { name: { type: "string", value: name } } : undefined;
    const mint = { collection, symbol: instance, transferable, sn: serial, metadata, properties };
    return { op: "MINT", fields: [write(mint), ...recipient] };
  },
  SEND: same("SEND", 2),
  LIST: ([nft, price, ...more]) =>
    nft === undefined || price === undefined || more.length > 0
      ? undefined
      : { op: "LIST", fields: [nft, price === "cancel" ? "0" : price] },
  BUY: same("BUY", 1),
  // Its reason stood in another remark of the batch, and is nobody's here.
  CONSUME: ([nft]) => (nft === undefined ? undefined : { op: "BURN", fields: [nft] }),
  CHANGEISSUER: same("CHANGEISSUER", 2),
  EMOTE: ([nft, emote, ...more]) =>
    nft === undefined || emote === undefined || more.length > 0
      ? undefined
      : { op: "EMOTE", fields: ["RMRK2", nft, emote] },
};

const write = (members: { readonly [member: string]: Json | undefined }): string =>
  encodeJson(present(members) satisfies JsonObject);

/** @param json reads a field. @returns undefined for what RMRK 1.0 did not have, or what cannot be said here. */
export const fromFirstVersion = ({ op, fields }: Said, json: (field: string) => Json | undefined): Said | undefined =>
  Object.hasOwn(translations, op) ? translations[op]!(fields, json) : undefined;
