/** Layouts of component tables: one by hand, and what fast-check draws. */
import fc from "fast-check";
import { checkTables } from "#protocol/check-tables.ts";
import {
  placeTables,
  tableLimits,
  type Audience,
  type FieldType,
  type TableField,
  type TableLayout,
} from "#protocol/tables.ts";
import { finite } from "./arbitraries.ts";

export const body: TableLayout = {
  name: "Body",
  capacity: 64,
  fields: [
    { name: "x", type: "f32" },
    { name: "z", type: "f32" },
    { name: "side", type: "u8" },
    { name: "speed", type: "range", min: -1, max: 8, bits: 10 },
    { name: "label", type: "text", bytes: 12 },
  ],
  audience: {
    who: "any",
    of: [
      { who: "team", field: "side" },
      { who: "near", radius: 40 },
    ],
  },
  position: ["x", "z"],
};

const letters = fc.string({ unit: fc.constantFrom(...Array.from("abzABZ019")), maxLength: 6 });
/** Ends so that no reserved word is drawn. */
const fieldName = fc.tuple(fc.constantFrom("a", "q"), letters).map(([first, rest]) => `${first}${rest}0`);
const tableName = fc.tuple(fc.constantFrom("B", "Q"), letters).map(([first, rest]) => first + rest);

const simple = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "bool", "angle16"] as const;

const fieldType: fc.Arbitrary<FieldType> = fc.oneof(
  fc.constantFrom(...simple).map((type): FieldType => ({ type })),
  fc
    .tuple(finite, finite, fc.integer({ min: 1, max: tableLimits.rangeBits }))
    .filter(([a, b]) => a !== b)
    .map(([a, b, bits]): FieldType => ({ type: "range", min: Math.min(a, b), max: Math.max(a, b), bits })),
  fc.integer({ min: 1, max: tableLimits.textBytes }).map((bytes): FieldType => ({ type: "text", bytes })),
);

const fields: fc.Arbitrary<readonly TableField[]> = fc
  .uniqueArray(fc.tuple(fieldName, fieldType), { selector: ([name]) => name, maxLength: 6 })
  .map((pairs) => pairs.map(([name, type]) => ({ name, ...type })));

const numbers = new Set(["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "range"]);

function audienceOf(own: readonly TableField[], hasPosition: boolean): fc.Arbitrary<Audience> {
  const teams = own.filter(({ type }) => /^[ui](8|16|32)$/.test(type)).map(({ name }) => name);
  const of: fc.Arbitrary<Audience>[] = [fc.constant({ who: "owner" })];
  if (teams.length > 0) of.push(fc.constantFrom(...teams).map((field) => ({ who: "team", field })));
  const radius = fc.integer({ min: 1, max: 500 });
  const far = fc.integer({ min: 2, max: tableLimits.farTicks });
  const near = radius.map((all): Audience => ({ who: "near", radius: all }));
  const seldom = fc
    .tuple(radius, far)
    .map(([all, every]): Audience => ({ who: "near", radius: all, full: all / 3, far: every }));
  if (hasPosition) of.push(fc.oneof(near, seldom));
  of.push(fc.integer({ min: 1, max: 40 }).map((seats) => ({ who: "revealed", seats })));
  const any = fc
    .tuple(fc.tuple(...of), fc.integer({ min: 2, max: of.length }))
    .map(([all, count]): Audience => ({ who: "any", of: all.slice(0, count) }));
  return fc.oneof(fc.constantFrom<Audience>({ who: "everyone" }, { who: "nobody" }), ...of, any);
}

const table: fc.Arbitrary<TableLayout> = fields.chain((own) => {
  const places = own.filter(({ type }) => numbers.has(type)).map(({ name }) => name);
  const position = places.length < 2 ? null : ([places[0]!, places[1]!] as const);
  return fc.record({
    name: tableName,
    capacity: fc.integer({ min: 1, max: 300 }),
    fields: fc.constant(own),
    audience: audienceOf(own, position !== null),
    position: fc.constant(position),
  });
});

/** The same, revealed to as many seats as there are. */
export const revealedTo = (layouts: readonly TableLayout[], seats: number): readonly TableLayout[] =>
  layouts.map((layout) => ({ ...layout, audience: audienceTo(layout.audience, seats) }));

function audienceTo(audience: Audience, seats: number): Audience {
  if (audience.who === "any") return { who: "any", of: audience.of.map((choice) => audienceTo(choice, seats)) };
  return audience.who === "revealed" ? { who: "revealed", seats } : audience;
}

/** The tables of a manifest, in the order a manifest has them in. */
export const tables = (): fc.Arbitrary<readonly TableLayout[]> =>
  fc
    .uniqueArray(table, { selector: ({ name }) => name, maxLength: 4 })
    .filter((drawn) => placeTables(drawn).length <= tableLimits.bytes)
    .map(checkTables);
