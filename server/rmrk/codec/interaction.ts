/** Every interaction of RMRK 2.0, and the remark that says it. */
import { RmrkError } from "../errors.ts";
import { base, equippable, themeAdd, type Base, type ChangeEquippable, type ThemeAdd } from "./base.ts";
import type { Codec } from "./codec.ts";
import {
  changeIssuer,
  create,
  destroy,
  lock,
  type ChangeIssuer,
  type Create,
  type Destroy,
  type Lock,
} from "./collection.ts";
import { emote, type Emote } from "./emote.ts";
import { equip, type Equip } from "./equip.ts";
import { joinRemark, splitRemark } from "./fields.ts";
import { buy, list, type Buy, type List } from "./market.ts";
import { accept, burn, mint, send, type Accept, type Burn, type Mint, type Send } from "./nft.ts";
import { setProperty, type SetProperty } from "./property.ts";
import { resourceAdd, setPriority, type ResourceAdd, type SetPriority } from "./resource.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";

export type Interaction =
  | Create
  | ChangeIssuer
  | Lock
  | Destroy
  | Base
  | ChangeEquippable
  | ThemeAdd
  | Mint
  | Send
  | Accept
  | ResourceAdd
  | SetPriority
  | SetProperty
  | Equip
  | List
  | Buy
  | Burn
  | Emote;

export type Op = Interaction["op"];

const codecs: { readonly [O in Op]: Codec<Extract<Interaction, { op: O }>> } = {
  CREATE: create,
  CHANGEISSUER: changeIssuer,
  LOCK: lock,
  DESTROY: destroy,
  BASE: base,
  EQUIPPABLE: equippable,
  THEMEADD: themeAdd,
  MINT: mint,
  SEND: send,
  ACCEPT: accept,
  RESADD: resourceAdd,
  SETPRIORITY: setPriority,
  SETPROPERTY: setProperty,
  EQUIP: equip,
  LIST: list,
  BUY: buy,
  BURN: burn,
  EMOTE: emote,
};

export const ops = Object.keys(codecs) as readonly Op[];

/**
 * @param prefix of the network's addresses (SS58).
 * @throws RmrkError with a code of reading (see `errors.ts`).
 */
export function decodeRemark(remark: Uint8Array, prefix: number): Interaction {
  const { op, fields } = splitRemark(remark);
  if (!Object.hasOwn(codecs, op)) throw new RmrkError("interaction-unknown");
  return codecs[op as Op].decode(fields, prefix);
}

/**
 * What `decodeRemark` reads as this interaction. Values are the caller's: what is out of its range is written all the
 * same, and refused by whoever reads it.
 */
export function encodeRemark(interaction: Interaction, prefix: number): Uint8Array {
  const codec = codecs[interaction.op] as Codec<Interaction>;
  return utf8ToBytes(joinRemark(interaction.op, codec.encode(interaction, prefix)));
}
