/** A contract uses up an item of a player's: what it names, and why it may not. */

/** Items of one room of which it is not known yet whether they are used up. */
export const consumingMax = 64;

/** Of an item's id. */
export const itemIdLengthMax = 512;

/** Why an item is not used up, in a sentence for the player. Nothing has happened to it then. */
export const consumeRefusals = {
  "not-followed": "What you own is not known just now: the chain is silent. Try again when it is heard.",
  stale: "What you own was proven too long ago. Try again when the chain is heard.",
  "no-account": "Link the wallet that has the item.",
  "item-foreign": "These rules use up items of their own collections only.",
  "item-unknown": "There is no such item on the chain.",
  "item-used": "This item was used up before.",
  "not-owner": "This item is not yours.",
  "item-pending": "This item has to be accepted first.",
  "item-listed": "This item is for sale. Take it off the list first.",
  "item-not-empty": "Something lies in this item. Take it out first.",
} as const;

export type ConsumeRefusal = keyof typeof consumeRefusals;

export const isConsumeRefusal = (code: unknown): code is ConsumeRefusal =>
  typeof code === "string" && Object.hasOwn(consumeRefusals, code);
