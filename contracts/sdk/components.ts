/**
 * Components: the kinds of data a room's entities have, declared once for the contract, its tests and the client.
 *
 * ```ts
 * export const Body = component({ x: f32, z: f32, heading: angle16 }, { capacity: 128, audience: near(40), position: true });
 * ```
 *
 * A declaration holds no rows. Rows belong to a room, and are there while that room is being called.
 */
import type { Audience, ElementsOf, FieldType, TableLayout } from "#protocol/tables.ts";
import type { Entity } from "./abi.ts";
import { nobody } from "./fields.ts";
import type { TextColumn } from "./text-column.ts";

export interface Fields {
  readonly [name: string]: FieldType;
}

/** A column that only `spawn` and `despawn` write. */
export interface ReadonlyColumn {
  readonly length: number;
  readonly [row: number]: number;
  indexOf(value: number, from?: number): number;
}

/** What every component has. */
export interface Rows {
  readonly capacity: number;
  /** 1 for a row that is in use, 0 for one that is free. */
  readonly live: ReadonlyColumn;
  /** How often the row has been taken into use: by it, the next tenant of a row is told from the last. Up to 65,535. */
  readonly generation: ReadonlyColumn;
  /** The seat a row belongs to; -1 if it is nobody's. */
  readonly owner: Int16Array;
  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  spawn(ownerSeat?: number): number;
  /** Frees a row. What is in it stays until it is taken into use again. */
  despawn(row: number): void;
  /** Names the row and its tenant, for `context.focus`. */
  entity(row: number): Entity;
  /**
   * Shows a row to the player in a seat. Only where the audience has `revealed`; elsewhere it throws a TypeError, as do the
   * others. Nobody sees a row that was just taken into use, and who takes a seat sees nothing that was revealed before.
   */
  reveal(row: number, seat: number): void;
  hide(row: number, seat: number): void;
  isRevealed(row: number, seat: number): boolean;
  hideFromAll(row: number): void;
  /** Hides every row from a seat. Where the audience has no `revealed` there is nothing to hide. */
  hideFrom(seat: number): void;
}

type ColumnOf<Type extends FieldType> = Type extends { readonly type: "text" } ? TextColumn : ElementsOf<Type["type"]>;

export type Component<Declared extends Fields = Fields> = Rows & {
  readonly [Name in keyof Declared]: ColumnOf<Declared[Name]>;
};

/** Any component: those of a contract by the names they have in its manifest. */
export interface Components {
  readonly [name: string]: Rows;
}

/** The values of one row: `Row<typeof Body>` is `{ x: number, z: number, heading: number }`. */
export type Row<Declared extends Rows> = {
  readonly [Name in Exclude<keyof Declared, keyof Rows>]: Declared[Name] extends TextColumn ? string : number;
};

export interface ComponentOptions<Name extends string> {
  /** Rows; default 256, at most 16,384. */
  readonly capacity?: number;
  /** Who may see a row; default `nobody`. */
  readonly audience?: Audience<Name>;
  /** Where a row is, for `near`: the two fields that say so; true for `x` and `z`, or for `x` and `y` if there is no `z`. */
  readonly position?: true | readonly [Name, Name];
}

const capacityDefault = 256;

/** What is declared, by component. */
const declarations = new WeakMap<object, Omit<TableLayout, "name">>();

/**
 * Declares a component. Its name is that under which the contract lists it.
 *
 * The columns are properties of the component. They can be used inside the calls of a room whose contract lists it;
 * elsewhere they throw a TypeError.
 */
export function component<const Declared extends Fields>(
  fields: Declared,
  options: ComponentOptions<keyof Declared & string> = {},
): Component<Declared> {
  const { capacity = capacityDefault, audience = nobody, position } = options;
  const rows = {} as Component<Declared>;
  declarations.set(rows, {
    capacity,
    fields: Object.keys(fields).map((name) => Object.assign({ name }, fields[name]!)),
    audience,
    position: position === true ? ["x", "z" in fields ? "z" : "y"] : (position ?? null),
  });
  hideColumns(rows);
  return rows;
}

/**
 * What these components are in a manifest, by name. Not checked: the host does.
 *
 * @throws TypeError if one of them is no component.
 */
export function layoutsOf(components: Components): TableLayout[] {
  return Object.keys(components)
    .sort()
    .map((name) => {
      const declared = declarations.get(components[name]!);
      if (declared === undefined) throw new TypeError(`components.${name} was not made by component()`);
      return Object.assign({ name }, declared);
    });
}

/** What every component has beside its fields. */
const rowMembers = [
  "live",
  "generation",
  "owner",
  "spawn",
  "despawn",
  "entity",
  "reveal",
  "hide",
  "isRevealed",
  "hideFrom",
  "hideFromAll",
] as const satisfies readonly (keyof Rows)[];

/** Makes every column a mistake to touch, until a room shows its own. */
export function hideColumns(rows: Rows): void {
  const { fields, capacity } = declarations.get(rows)!;
  const names = [...fields.map(({ name }) => name), ...rowMembers];
  for (const name of names) {
    const get = (): never => {
      throw new TypeError(
        `${name}: rows are there inside the calls of a room, and only of a contract that lists the component in components`,
      );
    };
    Object.defineProperty(rows, name, { get, configurable: true, enumerable: true });
  }
  Object.defineProperty(rows, "capacity", { value: capacity, configurable: true, enumerable: true });
}
