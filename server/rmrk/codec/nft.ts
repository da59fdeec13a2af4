/** MINT, SEND, ACCEPT and BURN: an NFT's life. */
import { RmrkError } from "../errors.ts";
import { isSerial, isSymbol, type CollectionId, type NftId } from "../ids.ts";
import { blockMax } from "../limits.ts";
import type { Codec } from "./codec.ts";
import { decodeJson, encodeJson, membersOf, present } from "./json.ts";
import { readProperties, writeProperties, type Properties } from "./property.ts";
import {
  expectFields,
  optional,
  readCollectionId,
  readInteger,
  readName,
  readNftId,
  readRecipient,
  readUri,
  readWord,
  writeRecipient,
  type Recipient,
} from "./values.ts";

export interface Mint {
  readonly op: "MINT";
  readonly collection: CollectionId;
  readonly symbol: string;
  /** Unique in its collection, for ever. */
  readonly serial: string;
  /** 1: always; 0: never; more: from that block on; less: for so many blocks. */
  readonly transferable: number;
  readonly metadata: string | undefined;
  readonly properties: Properties;
  /** Undefined: the issuer. */
  readonly recipient: Recipient | undefined;
}

export interface Send {
  readonly op: "SEND";
  readonly nft: NftId;
  readonly recipient: Recipient;
}

/** What lies in an NFT, or belongs to it, once its owner agrees. */
export type Accept =
  | { readonly op: "ACCEPT"; readonly nft: NftId; readonly entity: "NFT"; readonly child: NftId }
  | { readonly op: "ACCEPT"; readonly nft: NftId; readonly entity: "RES"; readonly resource: string };

export interface Burn {
  readonly op: "BURN";
  readonly nft: NftId;
}

export const mint: Codec<Mint> = {
  decode(fields, prefix) {
    expectFields(fields, 1, 2);
    const members = membersOf(
      decodeJson(fields[0]!),
      ["collection", "symbol", "transferable", "sn"],
      ["metadata", "properties"],
    );
    return {
      op: "MINT",
      collection: readCollectionId(members["collection"]),
      symbol: readWord(members["symbol"], isSymbol),
      serial: readWord(members["sn"], isSerial),
      transferable: readInteger(members["transferable"], -blockMax, blockMax),
      metadata: optional(members["metadata"], readUri),
      properties: readProperties(members["properties"], prefix),
      recipient: optional(fields[1], (field) => readRecipient(field as string, prefix)),
    };
  },
  encode({ collection, symbol, serial, transferable, metadata, properties, recipient }, prefix) {
    const members = { collection, symbol, transferable, sn: serial, metadata, properties: writeProperties(properties) };
    return [encodeJson(present(members)), ...(recipient === undefined ? [] : [writeRecipient(recipient, prefix)])];
  },
};

export const send: Codec<Send> = {
  decode(fields, prefix) {
    expectFields(fields, 2);
    return { op: "SEND", nft: readNftId(fields[0]), recipient: readRecipient(fields[1]!, prefix) };
  },
  encode: ({ nft, recipient }, prefix) => [nft, writeRecipient(recipient, prefix)],
};

export const accept: Codec<Accept> = {
  decode(fields) {
    expectFields(fields, 3);
    const [nft, entity, id] = fields;
    if (entity === "NFT") return { op: "ACCEPT", nft: readNftId(nft), entity, child: readNftId(id) };
    if (entity === "RES") return { op: "ACCEPT", nft: readNftId(nft), entity, resource: readName(id) };
    throw new RmrkError("value-malformed");
  },
  encode: (interaction) => [
    interaction.nft,
    interaction.entity,
    interaction.entity === "NFT" ? interaction.child : interaction.resource,
  ],
};

export const burn: Codec<Burn> = {
  decode(fields) {
    expectFields(fields, 1);
    return { op: "BURN", nft: readNftId(fields[0]) };
  },
  encode: ({ nft }) => [nft],
};
