/** Messages about entities whose bytes are kept. */
import { checkTables } from "#protocol/check-tables.ts";
import { angleOf, rangeValueOf } from "#protocol/entities/layout.ts";
import type { EntitiesBody, FieldValue } from "#protocol/entities/message.ts";

const types = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "bool", "angle16"] as const;
const range = { min: -1.5, max: 8, bits: 10 };

export const goldenTables = checkTables([
  { name: "Bare", capacity: 9, fields: [], audience: { who: "everyone" }, position: null },
  {
    name: "Everything",
    capacity: 300,
    fields: [
      ...types.map((type) => ({ name: `${type}Field`, type })),
      { name: "rangeField", type: "range", ...range },
      { name: "textField", type: "text", bytes: 8 },
    ],
    audience: { who: "owner" },
    position: null,
  },
  { name: "Many", capacity: 1000, fields: [{ name: "hp", type: "u8" }], audience: { who: "owner" }, position: null },
]);

const text = (letters: string): Uint8Array => new TextEncoder().encode(letters);

const row: readonly FieldValue[] = [
  255,
  -128,
  65_535,
  -32_768,
  4_294_967_295,
  -2_147_483_648,
  1.5,
  -0.1,
  1,
  angleOf(40_000),
  rangeValueOf(1000, range),
  text("é日z"),
];

const hps = (ids: readonly number[]) => ids.map((id) => ({ id, values: [id & 0xff] }));
const dense = Array.from({ length: 100 }, (_, id) => id);

export const goldenMessages: Readonly<Record<string, EntitiesBody>> = {
  "nothing but a tick": { tick: 70_000, blocks: [] },
  "nothing but what became of input rows": {
    tick: 5,
    acknowledged: { applied: 4_000_000_000, ahead: 3 },
    blocks: [],
  },
  "a row of every type comes": {
    tick: 1,
    blocks: [{ table: 1, leaves: [], enters: [{ id: 0, values: row }], updates: [], mine: [0] }],
  },
  "some fields change": {
    tick: 2,
    blocks: [
      {
        table: 1,
        leaves: [],
        enters: [],
        updates: [
          { id: 0, mask: 0b0100_0000_0001, values: [7, rangeValueOf(512, range)] },
          { id: 299, mask: 0b1000_0000_0000, values: [text("")] },
        ],
      },
    ],
  },
  "the same fields change in most rows": {
    tick: 6,
    blocks: [
      {
        table: 1,
        leaves: [],
        enters: [],
        updates: Array.from({ length: 11 }, (_, id) =>
          id === 4 ? { id, mask: 0b10, values: [-3] } : { id, mask: 0b11, values: [id, -1 - id] },
        ),
      },
    ],
  },
  "rows without fields come and go": {
    tick: 3,
    blocks: [{ table: 0, leaves: [1, 8], enters: [{ id: 1, values: [] }], updates: [], mine: [] }],
  },
  "few of many, and many": {
    tick: 4,
    blocks: [
      { table: 2, leaves: [3, 400, 999], enters: hps(dense), updates: [{ id: 500, mask: 1, values: [9] }] },
      { table: 0, leaves: [0], enters: [], updates: [] },
    ],
  },
};
