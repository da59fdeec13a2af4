/** What an item wears: its figure, and for each slot what fits, shown on it before anything is signed. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { equipAct, unequipAct } from "#rmrk/acts.ts";
import type { NftId, SlotId } from "#rmrk/ids.ts";
import { itemOf } from "#rmrk/queries/inventory.ts";
import { figureOf, layersWith, type Figure } from "../figure.ts";
import type { InventoryState } from "../inventory-state.ts";
import { nameOf, slotName } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";
import { pictureOf } from "./tree.tsx";

interface SlotsProps {
  readonly state: InventoryState;
  readonly id: NftId;
  readonly name: string;
}

interface Try {
  readonly slot: SlotId;
  readonly worn: NftId | undefined;
}

export function Worn({ state, id, name }: SlotsProps): JSX.Element | null {
  const tried = useSignal<Try | undefined>(undefined);
  const { items } = state.standing;
  const figure = figureOf(items, id);
  if (figure === undefined) return null;
  const { value } = tried;
  const layers = value === undefined ? figure.layers : layersWith(items, figure, value.slot, value.worn);
  const whole = layers.length > 0 ? layers : [{ src: itemOf(items, id)?.metadata ?? "", part: undefined }];
  return (
    <>
      <figure class="figure" data-tried={value === undefined ? undefined : slotName(value.slot)}>
        <LayeredPicture layers={whole} label={name} />
        <figcaption class="label" aria-live="polite">
          {value === undefined ? "As the chain has it" : "A try: nothing is signed yet"}
        </figcaption>
      </figure>
      {figure.slots.length > 0 ? <Slots state={state} figure={figure} onTry={(one) => (tried.value = one)} /> : null}
    </>
  );
}

interface SlotListProps {
  readonly state: InventoryState;
  readonly figure: Figure;
  readonly onTry: (tried: Try | undefined) => void;
}

function Slots({ state, figure, onTry }: SlotListProps): JSX.Element {
  return (
    <section class="slots" aria-label="Slots">
      <h3>Slots</h3>
      <ul>
        {figure.slots.map(({ slot, worn, fitting }) => (
          <li key={slot} data-slot={slotName(slot)} data-worn={worn}>
            <span class="slot-name">{slotName(slot)}</span>
            <span class="slot-choices">
              {fitting.length === 0 ? <span class="label">Nothing in it fits here.</span> : null}
              {fitting.map((id) => (
                <Choice key={id} state={state} slot={slot} id={id} worn={worn} onTry={onTry} />
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ChoiceProps {
  readonly state: InventoryState;
  readonly slot: SlotId;
  readonly id: NftId;
  readonly worn: NftId | undefined;
  readonly onTry: (tried: Try | undefined) => void;
}

function Choice({ state, slot, id, worn, onTry }: ChoiceProps): JSX.Element | null {
  const item = itemOf(state.standing.items, id);
  if (item === undefined) return null;
  const on = worn === id;
  const name = nameOf(item, pictureOf(item));
  const show = (): void => onTry({ slot, worn: on ? undefined : id });
  const hide = (): void => onTry(undefined);
  const change = (): void => {
    const act = on ? unequipAct(id) : equipAct(state.standing.items, id, slot);
    const done = ({ items }: { items: typeof state.standing.items }): boolean =>
      items.nfts.get(id)?.equipped === (on ? undefined : slot);
    void state.undertake(on ? `Take off ${name}` : `Put on ${name} as ${slotName(slot)}`, act, done);
  };
  return (
    <button
      class="choice"
      type="button"
      aria-pressed={on}
      disabled={state.wallet.value === undefined}
      onClick={change}
      onFocus={show}
      onBlur={hide}
      onMouseEnter={show}
      onMouseLeave={hide}
    >
      <LayeredPicture layers={[{ src: item.metadata ?? "", part: undefined }]} label="" look="tiny" />
      <span>{name}</span>
      <small>{on ? "worn" : "put on"}</small>
    </button>
  );
}
