/** Items that rooms have used up, by what their issuer says on the chain: they are worth nothing there, and can be burned. */
import type { JSX } from "preact";
import { burnAct } from "#rmrk/acts.ts";
import { saysUsed, type Item } from "#rmrk/queries/inventory.ts";
import type { InventoryState } from "../inventory-state.ts";
import { nameOf } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";
import { pictureOf } from "./tree.tsx";

interface UsedProps {
  readonly state: InventoryState;
}

/** Whatever lies in one that is used up is burned with it, and not asked for by itself. */
const usedIn = (items: readonly Item[]): readonly Item[] =>
  items.flatMap((item) => (item.pending ? [] : saysUsed(item) ? [item] : usedIn(item.children)));

export function UsedUp({ state }: UsedProps): JSX.Element | null {
  const used = usedIn(state.items.value);
  if (used.length === 0) return null;
  return (
    <section class="offers glass" aria-labelledby="used-title">
      <h2 id="used-title">Used up</h2>
      <ul>
        {used.map((item) => (
          <UsedRow key={item.id} state={state} item={item} />
        ))}
      </ul>
    </section>
  );
}

function UsedRow({ state, item }: { readonly state: InventoryState; readonly item: Item }): JSX.Element {
  const { id, metadata } = item;
  const name = nameOf(item, pictureOf(item));
  const burn = (): void => void state.undertake(`Burn ${name}`, burnAct(id), ({ items }) => !items.nfts.has(id));
  return (
    <li data-used={id}>
      <LayeredPicture layers={[{ src: metadata ?? "", part: undefined }]} label="" look="small" />
      <span class="row-words">{name}: used up – burn it on chain</span>
      <span class="buttons">
        <button
          class="button small main"
          type="button"
          data-action="burn-used"
          disabled={state.wallet.value === undefined}
          onClick={burn}
        >
          Burn
        </button>
      </span>
    </li>
  );
}
