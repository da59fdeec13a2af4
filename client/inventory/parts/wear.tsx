/** Buttons that put an item on one of the account's others, where it fits: in one transaction, whatever that takes. */
import type { JSX } from "preact";
import { wearAct } from "#rmrk/acts.ts";
import type { NftId } from "#rmrk/ids.ts";
import { itemOf } from "#rmrk/queries/inventory.ts";
import { wearersOf, type Wearer } from "../figure.ts";
import type { InventoryState } from "../inventory-state.ts";
import { nameOf, slotName } from "../words.ts";
import { pictureOf } from "./tree.tsx";

/** More are few people's, who can send it there instead. */
const shownMax = 4;

interface WearProps {
  readonly state: InventoryState;
  readonly id: NftId;
}

export function Wear({ state, id }: WearProps): JSX.Element {
  const wearers = wearersOf(state.standing.items, id).slice(0, shownMax);
  return (
    <>
      {wearers.map((wearer) => (
        <WearOn key={`${wearer.on} ${wearer.slot}`} state={state} id={id} wearer={wearer} />
      ))}
    </>
  );
}

function WearOn({ state, id, wearer: { on, slot } }: WearProps & { readonly wearer: Wearer }): JSX.Element | null {
  const { items } = state.standing;
  const [item, wearer] = [itemOf(items, id), itemOf(items, on)];
  if (item === undefined || wearer === undefined) return null;
  const says = `Put on ${nameOf(wearer, pictureOf(wearer))} as ${slotName(slot)}`;
  const wear = (): void => {
    const act = wearAct(state.standing.items, id, on, slot);
    void state.undertake(says, act, (standing) => standing.items.nfts.get(id)?.equipped === slot);
  };
  return (
    <button class="button main" type="button" data-action="wear" data-on={on} data-slot={slotName(slot)} onClick={wear}>
      {says}
    </button>
  );
}
