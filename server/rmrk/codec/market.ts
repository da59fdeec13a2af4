/** LIST and BUY. */
import { RmrkError } from "../errors.ts";
import type { NftId } from "../ids.ts";
import { balanceMax } from "../limits.ts";
import type { Codec } from "./codec.ts";
import { expectFields, optional, readNftId, readRecipient, writeRecipient, type Recipient } from "./values.ts";

export interface List {
  readonly op: "LIST";
  readonly nft: NftId;
  /** In the chain's smallest unit; 0 takes it off the list. */
  readonly price: bigint;
}

export interface Buy {
  readonly op: "BUY";
  readonly nft: NftId;
  /** Undefined: the caller. */
  readonly recipient: Recipient | undefined;
}

const pricePattern = /^(?:0|[1-9][0-9]{0,38})$/;

export const list: Codec<List> = {
  decode(fields) {
    expectFields(fields, 2);
    const [nft, text] = fields as [string, string];
    if (!pricePattern.test(text) || BigInt(text) > balanceMax) throw new RmrkError("value-malformed");
    return { op: "LIST", nft: readNftId(nft), price: BigInt(text) };
  },
  encode: ({ nft, price }) => [nft, String(price)],
};

export const buy: Codec<Buy> = {
  decode(fields, prefix) {
    expectFields(fields, 1, 2);
    const recipient = optional(fields[1], (field) => readRecipient(field as string, prefix));
    return { op: "BUY", nft: readNftId(fields[0]), recipient };
  },
  encode: ({ nft, recipient }, prefix) => [
    nft,
    ...(recipient === undefined ? [] : [writeRecipient(recipient, prefix)]),
  ],
};
