/**
 * What people do with items, as interactions and payments of one transaction that happens as a whole or not at all; and
 * whether it would happen, before anybody signs or pays for it.
 */
import { encodeAddress, type AccountId } from "./account.ts";
import { emoteOf, isEmote } from "./codec/emote.ts";
import { encodeRemark, type Interaction } from "./codec/interaction.ts";
import type { Property } from "./codec/property.ts";
import type { Theme } from "./codec/theme.ts";
import type { Recipient } from "./codec/values.ts";
import { apply } from "./consolidator.ts";
import type { RefusalCode } from "./errors.ts";
import type { BaseId, NftId, SlotId } from "./ids.ts";
import { balanceMax } from "./limits.ts";
import { paymentsFor } from "./queries/inventory.ts";
import type { Transfer } from "./remark.ts";
import { decodeSnapshot, encodeSnapshot } from "./state/snapshot.ts";
import { isNft, wornIn, type State } from "./state/state.ts";

export interface Payment {
  readonly to: AccountId;
  /** In the chain's smallest unit. */
  readonly amount: bigint;
}

export interface Act {
  readonly interactions: readonly Interaction[];
  readonly payments: readonly Payment[];
}

const said = (...interactions: readonly Interaction[]): Act => ({ interactions, payments: [] });

export const sendAct = (nft: NftId, recipient: Recipient): Act => said({ op: "SEND", nft, recipient });

export const burnAct = (nft: NftId): Act => said({ op: "BURN", nft });

export const acceptAct = (nft: NftId, what: { readonly child: NftId } | { readonly resource: string }): Act =>
  said(
    "child" in what
      ? { op: "ACCEPT", nft, entity: "NFT", child: what.child }
      : { op: "ACCEPT", nft, entity: "RES", resource: what.resource },
  );

/** Puts it on, and takes off what is worn there. */
export function equipAct({ nfts }: State, nft: NftId, slot: SlotId): Act {
  const owner = nfts.get(nft)?.owner;
  const worn = owner !== undefined && isNft(owner) ? wornIn(owner, slot) : undefined;
  const off = worn === undefined || worn.id === nft ? [] : [{ op: "EQUIP", nft: worn.id, slot: undefined } as const];
  return said(...off, { op: "EQUIP", nft, slot });
}

/** Puts an item into another one and on it, in one go: its form for the slot is accepted, and what was worn there taken off. */
export function wearAct({ nfts }: State, nft: NftId, on: NftId, slot: SlotId): Act {
  const [item, wearer] = [nfts.get(nft), nfts.get(on)];
  const offered = item?.resources.find(({ resource, pending }) => pending && resource.slot === slot)?.resource.id;
  const worn = wearer && wornIn(wearer, slot);
  return said(
    ...(offered === undefined ? [] : [{ op: "ACCEPT", nft, entity: "RES", resource: offered } as const]),
    ...(item?.owner === wearer ? [] : [{ op: "SEND", nft, recipient: on } as const]),
    ...(worn === undefined || worn.id === nft ? [] : [{ op: "EQUIP", nft: worn.id, slot: undefined } as const]),
    { op: "EQUIP", nft, slot },
  );
}

export const unequipAct = (nft: NftId): Act => said({ op: "EQUIP", nft, slot: undefined });

/** @param price in the chain's smallest unit; 0 takes it off the list. @throws RangeError for what is no price. */
export function listAct(nft: NftId, price: bigint): Act {
  if (price < 0n || price > balanceMax) throw new RangeError("not a price");
  return said({ op: "LIST", nft, price });
}

/**
 * With all that has to be paid: to the seller, and the royalty to whoever its issuer named.
 *
 * @returns undefined if it is not for sale in this block.
 */
export function buyAct(state: State, nft: NftId, block: number, recipient?: AccountId): Act | undefined {
  const payments = paymentsFor(state, nft, block);
  if (payments === undefined) return undefined;
  return { interactions: [{ op: "BUY", nft, recipient }], payments };
}

/** Said again, it is taken back. @param emoji one. @throws RangeError for what is no emote. */
export function emoteAct(nft: NftId, emoji: string): Act {
  const emote = emoteOf(emoji);
  if (!isEmote(emote)) throw new RangeError("not an emote");
  return said({ op: "EMOTE", namespace: "RMRK2", nft, emote });
}

/** By the issuer of a base. The first one is called "default". */
export const themeAct = (base: BaseId, name: string, theme: Theme): Act => said({ op: "THEMEADD", base, name, theme });

/**
 * A property with which an NFT is minted, for ever.
 *
 * @param percent of each sale, with at most four decimals.
 */
export function royaltyOn(receiver: AccountId, percent: number, prefix: number): Property {
  if (!(percent >= 0 && percent <= 100) || Math.round(percent * 10_000) / 10_000 !== percent) {
    throw new RangeError("a royalty is from 0 to 100 per cent, with at most four decimals");
  }
  const value = { receiver: encodeAddress(receiver, prefix), royaltyPercentFloat: percent };
  return { type: "royalty", value, writer: "nobody" };
}

/**
 * Why the chain would do nothing of it, tried on a copy of what is known; undefined if it would. Others may be faster.
 *
 * @param block the next one, or any later.
 */
export function refusalOf(state: State, caller: AccountId, act: Act, block: number): RefusalCode | undefined {
  const copy = decodeSnapshot(encodeSnapshot(state));
  const extrinsic = copy.purse.block === block ? copy.purse.extrinsic + 1 : 0;
  const transfers: readonly Transfer[] = act.payments.map(({ to, amount }) => ({ from: caller, to, amount }));
  for (const interaction of act.interactions) {
    const bytes = encodeRemark(interaction, state.prefix);
    const outcome = apply(copy, { block, extrinsic, caller, bytes, transfers });
    if (!outcome.accepted) return outcome.code;
  }
  return undefined;
}
