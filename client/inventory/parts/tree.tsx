/** What somebody owns: items, and the items in them. */
import type { JSX } from "preact";
import { figureOf } from "../figure.ts";
import { saysUsed, type Item } from "#rmrk/queries/inventory.ts";
import { amountText } from "../chain/terms.ts";
import { pictureAt } from "../catalogue/pictures.ts";
import type { InventoryState } from "../inventory-state.ts";
import { nameOf, slotName } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";

interface TreeProps {
  readonly state: InventoryState;
  readonly items: readonly Item[];
  readonly depth?: number;
}

export function Tree({ state, items, depth = 0 }: TreeProps): JSX.Element {
  return (
    <ul class="tree" data-depth={depth}>
      {items.map((item) => (
        <li key={item.id} data-item={item.id} data-pending={item.pending || undefined}>
          <Row state={state} item={item} />
          {item.children.length > 0 ? <Tree state={state} items={item.children} depth={depth + 1} /> : null}
        </li>
      ))}
    </ul>
  );
}

function Row({ state, item }: { readonly state: InventoryState; readonly item: Item }): JSX.Element {
  const { items } = state.standing;
  const layers = figureOf(items, item.id)?.layers ?? [];
  const drawn = layers.length > 0 ? layers : [{ src: item.metadata ?? "", part: undefined }];
  return (
    <button
      class="row"
      type="button"
      aria-current={state.selected.value === item.id ? "true" : undefined}
      onClick={() => {
        state.selected.value = item.id;
      }}
    >
      <LayeredPicture layers={drawn} label="" look="small" />
      <span class="row-words">
        <b>{nameOf(item, pictureOf(item))}</b>
        <small>{sayState(state, item)}</small>
      </span>
    </button>
  );
}

export const pictureOf = ({ metadata }: Pick<Item, "metadata">) => pictureAt(metadata);

function sayState({ options: { terms }, wallet }: InventoryState, item: Item): string {
  if (item.pending) return "waits to be accepted";
  if (saysUsed(item)) return "used up";
  if (item.equipped !== undefined) return `worn as ${slotName(item.equipped)}`;
  if (item.price > 0n) return `for sale at ${amountText(item.price, terms)}`;
  if (item.transferable === 0) return "bound to its owner";
  if (item.children.length > 0) return `holds ${item.children.length}`;
  // Anybody may look at any account.
  return wallet.value === undefined ? "in this account" : "yours";
}
