/**
 * Looks at the rows of a room that was compiled, many times a tick. Giving a component its columns and taking them away again
 * costs more than most looks: here it is given them once, and a look only says whose they are.
 */
import { hideColumns, type Components, type Rows } from "#contract/components.ts";
import { RoomTables } from "#contract/room-tables.ts";

/** What a component shows at the moment. */
interface Slot {
  values: Readonly<Record<string, unknown>> | undefined;
  readonly getters: PropertyDescriptorMap;
}

const slots = new WeakMap<Rows, Slot>();

export class Glimpse {
  readonly region: Uint8Array;
  readonly #shown: readonly { readonly rows: Rows; readonly values: Slot["values"] }[];

  /** @param region where the room's rows lie, for as long as this is used. */
  constructor(components: Components, region: Uint8Array) {
    this.region = region;
    const tables = new RoomTables(components, region);
    tables.show();
    this.#shown = Object.values(components).map((rows) => ({ rows, values: { ...rows } }));
    tables.hide();
  }

  /** Inside `look`, components are those of this room. */
  inside<T>(look: () => T): T {
    for (const { rows, values } of this.#shown) slotOf(rows).values = values;
    try {
      return look();
    } finally {
      for (const { rows } of this.#shown) slots.get(rows)!.values = undefined;
    }
  }
}

/** The component's own, put in place again if another room's columns were there meanwhile. */
function slotOf(rows: Rows): Slot {
  const slot = slots.get(rows) ?? newSlot(rows);
  if (Object.getOwnPropertyDescriptor(rows, "live")!.get !== slot.getters["live"]!.get)
    Object.defineProperties(rows, slot.getters);
  return slot;
}

function newSlot(rows: Rows): Slot {
  const getters: PropertyDescriptorMap = {};
  const slot: Slot = { values: undefined, getters };
  slots.set(rows, slot);
  hideColumns(rows);
  for (const [name, hidden] of Object.entries(Object.getOwnPropertyDescriptors(rows))) {
    if (hidden.get === undefined) continue;
    // Outside of a look it is the mistake that it always is.
    const get = (): unknown => (slot.values === undefined ? hidden.get!() : slot.values[name]);
    getters[name] = { get, configurable: true, enumerable: true };
  }
  return slot;
}
