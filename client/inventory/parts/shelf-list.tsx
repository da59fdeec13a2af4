/** Items of pallet-nfts, side by side: nothing lies in another there, and nothing is worn. */
import type { JSX } from "preact";
import type { NftsItem } from "#enclave/ledger/nfts/items.ts";
import { pictureAt } from "../catalogue/pictures.ts";
import { readable } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";

export function ShelfList({ items }: { readonly items: readonly NftsItem[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <ul class="shelf">
      {items.map(({ collection, item, symbol, metadata }) => (
        <li key={`${collection}/${item}`} data-item={`${collection}/${item}`}>
          <LayeredPicture layers={[{ src: metadata ?? "", part: undefined }]} label="" look="small" />
          <span class="row-words">
            <b>{pictureAt(metadata)?.name ?? readable(symbol ?? "item")}</b>
            <small>
              Number <code>{item}</code> of collection <code>{collection}</code>
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}
