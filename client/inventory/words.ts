/** What happened and what things are, in words. */
import type { Item } from "#rmrk/queries/inventory.ts";
import type { ItemEvent } from "#rmrk/events.ts";
import { isAccountId, type AccountId } from "#rmrk/account.ts";
import type { NftId, SlotId } from "#rmrk/ids.ts";
import { usedProperty } from "#rmrk/rules/properties.ts";
import type { Standing } from "./chain/following.ts";
import type { Redeeming } from "./chain/shelf.ts";
import type { Picture } from "./catalogue/pictures.ts";

/** "Victor's Crown", or what its issuer calls it. */
export const nameOf = ({ symbol, serial }: Pick<Item, "symbol" | "serial">, picture: Picture | undefined): string =>
  `${picture?.name ?? readable(symbol)} #${Number(serial)}`;

export const readable = (symbol: string): string =>
  symbol.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

/** "base-3-body.hat" is a hat. */
export const slotName = (slot: SlotId): string => slot.slice(slot.lastIndexOf(".") + 1).replaceAll("_", " ");

/** The first and the last of an address: enough to tell one's own apart. */
export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-6)}`;

export const shortHash = (hash: string): string => `${hash.slice(0, 6)}…${hash.slice(-4)}`;

/** @param own the account that looks. @param nft whose history it is. */
export function sayEvent(event: ItemEvent, own: AccountId | undefined, nft: NftId): string {
  const who = (owner: string): string =>
    owner === own ? "you" : isAccountId(owner) ? `account ${shortHash(owner)}` : "another item";
  switch (event.event) {
    case "minted":
      return event.voucher === undefined
        ? `Made for ${who(event.owner)}.`
        : `Earned in a room, and issued to ${who(event.owner)}.`;
    case "sent":
      return event.pending
        ? `Sent to ${who(event.owner)}, and waiting to be accepted.`
        : `Went from ${who(event.from)} to ${who(event.owner)}.`;
    case "accepted":
      return "Accepted.";
    case "burned":
      return "Destroyed, for ever.";
    case "resource-added":
      return event.pending ? `A new form, "${event.resource}", was offered.` : `Got the form "${event.resource}".`;
    case "resource-accepted":
      return `The form "${event.resource}" was accepted.`;
    case "resource-replaced":
      return `The form "${event.resource}" was replaced.`;
    case "priority-set":
      return "Its forms were put into another order.";
    case "property-set":
      return event.key === usedProperty ? "Used up in a room." : `Its "${event.key}" changed.`;
    case "equipped":
      return event.on === nft
        ? `Wears something as its ${slotName(event.slot)}.`
        : `Put on as ${slotName(event.slot)}.`;
    case "unequipped":
      return event.on === nft ? `Took off its ${slotName(event.slot)}.` : `Taken off.`;
    case "listed":
      return "Offered for sale.";
    case "unlisted":
      return "No longer for sale.";
    case "bought":
      return `Bought from ${who(event.from)}.`;
    case "emoted":
      return event.given ? `Somebody gave ${emojiOf(event.emote)}.` : `Somebody took ${emojiOf(event.emote)} back.`;
    case "collection-created":
    case "collection-locked":
    case "collection-destroyed":
    case "issuer-changed":
    case "base-created":
    case "equippable-changed":
    case "theme-added":
      return "";
  }
}

export const emojiOf = (emote: string): string =>
  String.fromCodePoint(...emote.split("-").map((point) => Number.parseInt(point, 16)));

/** Of an item whose description is none, or is not in the catalogue: whatever it names is not asked for. */
export const unknownSentence =
  "This page has no picture of it, and knows nothing of it but what the chain says. It asks nobody else.";

/** What can be done with a voucher that its player redeems. */
export const redeemingSentences: { readonly [R in Exclude<Redeeming, "final">]: string } = {
  redeemable: "Redeem it from the wallet that is linked: it mints the item, and pays the chain for it.",
  expired: "It was not redeemed in time. A room signs it again.",
  "other-account": "It was signed for another wallet: the one that was linked to this device.",
};

/** How much what is shown is worth, in three words. */
export const strengthNames: { readonly [S in Standing["strength"]]: string } = {
  "finality-proven": "Proven by finality",
  "trusted-node": "Believed of a node",
  "development-chain": "Development chain",
};

/** What is the matter, and that it goes on by itself. */
export const troubleSentences: { readonly [T in NonNullable<Standing["trouble"]>]: string } = {
  unreachable: "The place cannot be reached. What you see is what was proven last; this page goes on by itself.",
  "no-chain": "This place follows no chain, so nothing can be proven here.",
  malformed: "The place answers something that cannot be read. Nothing of it is shown.",
  "chain-away": "The chain cannot be reached. Nothing is lost; this page goes on by itself once it can.",
  "chain-failed":
    "The chain's node cannot answer just now, or does not know what was proven here. This page asks again by itself; if that goes on for minutes, load it again.",
  "chain-refused": "The chain did not take this. Nothing was paid or moved.",
  "not-believed": "What this place says of the chain is not true. It is not shown, and asked for again.",
};
