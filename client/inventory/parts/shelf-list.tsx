/** Items of pallet-nfts, side by side: nothing lies in another there, and nothing is worn. */
import type { JSX } from "preact";
import type { NftsItem } from "#enclave/ledger/nfts/items.ts";
import { nftsItemId, type SaidUsed } from "#enclave/ledger/nfts/used.ts";
import { pictureAt } from "../catalogue/pictures.ts";
import { readable } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";

interface ShelfListProps {
  readonly items: readonly NftsItem[];
  /** Which of them rooms have used up. */
  readonly used: SaidUsed | undefined;
}

export function ShelfList({ items, used }: ShelfListProps): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <ul class="shelf">
      {items.map(({ collection, item, symbol, metadata }) => (
        <li
          key={`${collection}/${item}`}
          data-item={`${collection}/${item}`}
          data-used={used?.has(nftsItemId({ collection, item })) || undefined}
        >
          <LayeredPicture layers={[{ src: metadata ?? "", part: undefined }]} label="" look="small" />
          <span class="row-words">
            <b>{pictureAt(metadata)?.name ?? readable(symbol ?? "item")}</b>
            <small>
              Number <code>{item}</code> of collection <code>{collection}</code>
            </small>
            {used?.has(nftsItemId({ collection, item })) === true ? (
              <small>Used up in a room: it is worth nothing there any more.</small>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
