/** Items as lines of text, and how far they are proven. */
import type { View } from "#enclave/ledger/follow/follower.ts";
import { strengths } from "#enclave/ledger/proof/strength.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { refusalCodes } from "#rmrk/errors.ts";
import { isNftId } from "#rmrk/ids.ts";
import { itemOf, itemsOf, offersTo, rootOwnerOf, type Item } from "#rmrk/queries/inventory.ts";
import type { ItemsTerms } from "./followed-chain.ts";
import { ItemsError } from "./items-error.ts";

export interface Found {
  readonly text: string;
  readonly items: readonly Item[];
}

export function itemsAsText({ items: state, ...view }: View, terms: ItemsTerms, account: AccountId): Found {
  const items = itemsOf(state, account);
  const offers = offersTo(state, account).map((offer) =>
    offer.entity === "NFT"
      ? `  waits: accept ${offer.nft} ${offer.child}`
      : `  waits: accept ${offer.nft} ${offer.resource}`,
  );
  const lines = items.length === 0 ? ["  nothing"] : items.flatMap((item) => linesOf(item, terms, 1));
  return {
    items,
    text: [`${encodeAddress(account, terms.prefix)} owns`, ...lines, ...offers, proven(view)].join("\n"),
  };
}

/** @throws ItemsError. */
export function asText({ items: state, ...view }: View, terms: ItemsTerms, id: string): Found {
  const item = isNftId(id) ? itemOf(state, id) : undefined;
  if (item === undefined) throw new ItemsError(refusalCodes["nft-unknown"]);
  const owner = rootOwnerOf(state, item.id)!;
  const facts = [
    `  owner       ${encodeAddress(owner, terms.prefix)}`,
    ...item.properties.map(({ key, value }) => `  ${key.padEnd(11)} ${JSON.stringify(value)}`),
    ...item.emotes.map(({ emote, count }) => `  emote       ${emojiOf(emote)} ${count}`),
  ];
  return { items: [item], text: [...linesOf(item, terms, 0), ...facts, proven(view)].join("\n") };
}

function linesOf(item: Item, terms: ItemsTerms, depth: number): readonly string[] {
  const state = [
    item.pending ? "waits to be accepted" : "",
    item.equipped === undefined ? "" : `worn in ${item.equipped}`,
    item.price === 0n ? "" : `for sale at ${amountOf(item.price, terms)}`,
  ].filter((one) => one !== "");
  const line = `${"  ".repeat(depth)}${item.id}${state.length === 0 ? "" : `  (${state.join(", ")})`}`;
  return [line, ...item.children.flatMap((child) => linesOf(child, terms, depth + 1))];
}

const proven = ({ block, strength }: Pick<View, "block" | "strength">): string =>
  `Block ${block.number}. ${strengths[strength]}`;

function amountOf(amount: bigint, { symbol, decimals }: ItemsTerms): string {
  const digits = String(amount).padStart(decimals + 1, "0");
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${digits.slice(0, digits.length - decimals)}${fraction === "" ? "" : `.${fraction}`} ${symbol}`;
}

const emojiOf = (emote: string): string =>
  String.fromCodePoint(...emote.split("-").map((point) => Number.parseInt(point, 16)));

export const jsonOf = (items: readonly Item[]): string =>
  JSON.stringify(items, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2);
