/** What an accepted remark did, for histories: everything that changed, in the order in which it changed. */
import type { AccountId } from "./account.ts";
import type { Recipient } from "./codec/values.ts";
import type { BaseId, CollectionId, NftId, SlotId } from "./ids.ts";

export type ItemEvent =
  | { readonly event: "collection-created"; readonly collection: CollectionId }
  | { readonly event: "collection-locked"; readonly collection: CollectionId }
  | { readonly event: "collection-destroyed"; readonly collection: CollectionId }
  | { readonly event: "issuer-changed"; readonly of: CollectionId | BaseId; readonly issuer: AccountId }
  | { readonly event: "base-created"; readonly base: BaseId }
  | { readonly event: "equippable-changed"; readonly base: BaseId; readonly part: string }
  | { readonly event: "theme-added"; readonly base: BaseId; readonly theme: string }
  | {
      readonly event: "minted";
      readonly nft: NftId;
      readonly owner: Recipient;
      readonly pending: boolean;
      readonly voucher: string | undefined;
    }
  | {
      readonly event: "sent";
      readonly nft: NftId;
      readonly from: Recipient;
      readonly owner: Recipient;
      readonly pending: boolean;
    }
  | { readonly event: "accepted"; readonly nft: NftId }
  | { readonly event: "burned"; readonly nft: NftId; readonly owner: Recipient }
  | { readonly event: "resource-added"; readonly nft: NftId; readonly resource: string; readonly pending: boolean }
  | { readonly event: "resource-accepted"; readonly nft: NftId; readonly resource: string }
  | { readonly event: "resource-replaced"; readonly nft: NftId; readonly resource: string }
  | { readonly event: "priority-set"; readonly nft: NftId }
  | { readonly event: "property-set"; readonly nft: NftId; readonly key: string }
  | { readonly event: "equipped"; readonly nft: NftId; readonly on: NftId; readonly slot: SlotId }
  | { readonly event: "unequipped"; readonly nft: NftId; readonly on: NftId; readonly slot: SlotId }
  | { readonly event: "listed"; readonly nft: NftId; readonly price: bigint }
  | { readonly event: "unlisted"; readonly nft: NftId }
  | { readonly event: "bought"; readonly nft: NftId; readonly from: AccountId; readonly price: bigint }
  | { readonly event: "emoted"; readonly nft: NftId; readonly emote: string; readonly given: boolean };
