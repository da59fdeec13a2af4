/** What `phatroom items` does: each verb with what it takes, read into an act. */
import { decodeAddress, type AccountId } from "#rmrk/account.ts";
import {
  acceptAct,
  burnAct,
  buyAct,
  emoteAct,
  equipAct,
  listAct,
  sendAct,
  themeAct,
  unequipAct,
  type Act,
} from "#rmrk/acts.ts";
import { readTheme } from "#rmrk/codec/theme.ts";
import { refusalCodes, RmrkError, type RefusalCode } from "#rmrk/errors.ts";
import { isBaseId, isNftId, isSlotId, type NftId } from "#rmrk/ids.ts";
import { stateHash } from "#rmrk/state/snapshot.ts";
import type { State } from "#rmrk/state/state.ts";
import { equalBytes } from "#protocol/bytes.ts";
import type { ItemsTerms } from "./followed-chain.ts";
import { ItemsError } from "./items-error.ts";

export interface Situation {
  readonly items: State;
  /** The next block. */
  readonly block: number;
  readonly terms: ItemsTerms;
}

interface Verb {
  readonly takes: string;
  readonly does: string;
  /** @throws ItemsError with what is wrong with what was given. */
  act(given: readonly string[], situation: Situation): Act;
}

export const verbs: { readonly [name: string]: Verb } = {
  send: {
    takes: "<nft> <address or nft>",
    does: "gives it to an account, or puts it into an item",
    act: ([nft, to], { terms }) => sendAct(nftOf(nft), recipientOf(to, terms.prefix)),
  },
  accept: {
    takes: "<nft> <child or resource>",
    does: "takes what was sent into it, or a form that was offered",
    act: ([nft, what]) =>
      acceptAct(nftOf(nft), isNftId(given(what)) ? { child: nftOf(what) } : { resource: given(what) }),
  },
  equip: {
    takes: "<nft> <base.slot>",
    does: "puts it on the item in which it lies",
    act: ([nft, slot], { items }) => {
      if (!isSlotId(given(slot))) throw new ItemsError(`${slot} is no slot, like base-3-body.hat.`);
      return equipAct(items, nftOf(nft), slot as never);
    },
  },
  unequip: { takes: "<nft>", does: "takes it off", act: ([nft]) => unequipAct(nftOf(nft)) },
  sell: {
    takes: "<nft> <price>",
    does: "offers it for sale; a royalty that its issuer named comes out of the price",
    act: ([nft, price], { terms }) => listAct(nftOf(nft), priceOf(price, terms)),
  },
  unsell: { takes: "<nft>", does: "takes it off the list", act: ([nft]) => listAct(nftOf(nft), 0n) },
  buy: {
    takes: "<nft>",
    does: "pays the seller and the royalty, and takes it, in one transaction",
    act: ([nft], { items, block }) => {
      const act = buyAct(items, nftOf(nft), block);
      if (act === undefined) throw new ItemsError(refusalCodes["not-for-sale"]);
      return act;
    },
  },
  emote: {
    takes: "<nft> <emoji>",
    does: "gives an emote, or takes it back",
    act: ([nft, emoji]) => {
      try {
        return emoteAct(nftOf(nft), given(emoji));
      } catch (error) {
        if (error instanceof RangeError) throw new ItemsError(`${emoji} is no emote.`);
        throw error;
      }
    },
  },
  theme: {
    takes: "<base> <name> <json>",
    does: 'adds a theme to a base of yours, as {"hair":"#ff0088"}',
    act: ([base, name, json]) => {
      if (!isBaseId(given(base))) throw new ItemsError(`${base} is no base.`);
      return themeAct(base as never, given(name), themeOf(given(json)));
    },
  },
  burn: { takes: "<nft>", does: "destroys it, with all in it", act: ([nft]) => burnAct(nftOf(nft)) },
};

function given(text: string | undefined): string {
  if (text === undefined)
    throw new ItemsError("Something is missing behind the verb; `phatroom items` says what it takes.");
  return text;
}

function nftOf(text: string | undefined): NftId {
  const id = given(text);
  if (!isNftId(id)) throw new ItemsError(`${id} is no item's id.`);
  return id;
}

function recipientOf(text: string | undefined, prefix: number): AccountId | NftId {
  const typed = given(text);
  return isNftId(typed) ? typed : addressOf(typed, prefix);
}

/** @throws ItemsError with a sentence: nothing is moved by a wrong one. */
export function addressOf(text: string, prefix: number): AccountId {
  try {
    return decodeAddress(text, prefix);
  } catch (error) {
    if (!(error instanceof RmrkError)) throw error;
    throw new ItemsError(refusalCodes[error.code as RefusalCode]);
  }
}

function priceOf(text: string | undefined, { symbol, decimals }: ItemsTerms): bigint {
  const [, whole, fraction = ""] = /^(\d{1,18})(?:\.(\d{1,30}))?$/.exec(given(text)) ?? [];
  if (whole === undefined || fraction.length > decimals) throw new ItemsError(`${text} is no price in ${symbol}.`);
  const price = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (price === 0n) throw new ItemsError("A price is above zero. `unsell` takes an item off the list.");
  return price;
}

function themeOf(json: string) {
  try {
    return readTheme(JSON.parse(json) as never);
  } catch {
    throw new ItemsError(`${json} is no theme, like {"hair":"#ff0088"}.`);
  }
}

/** Whether an act has changed anything: all of them do. */
export const changed =
  (before: Uint8Array) =>
  (items: State): boolean =>
    !equalBytes(stateHash(items), before);
