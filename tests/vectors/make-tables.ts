/** Writes `tables.json`: `node tests/vectors/make-tables.ts`. Only when the places of columns change on purpose. */
import { writeFileSync } from "node:fs";
import { checkTables } from "#protocol/check-tables.ts";
import { placeTables } from "#protocol/tables.ts";

const types = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "bool", "angle16"] as const;

const layouts = checkTables([
  {
    name: "Everything",
    capacity: 3,
    fields: [
      ...types.map((type) => ({ name: `${type}Field`, type })),
      { name: "rangeField", type: "range", min: -1.5, max: 8, bits: 10 },
      { name: "textField", type: "text", bytes: 5 },
    ],
    audience: {
      who: "any",
      of: [
        { who: "owner" },
        { who: "team", field: "u8Field" },
        { who: "near", radius: 40, full: 20, far: 4 },
        { who: "revealed", seats: 9 },
      ],
    },
    position: ["f32Field", "f64Field"],
  },
  { name: "Bare", capacity: 1, fields: [], audience: { who: "nobody" }, position: null },
  { name: "Many", capacity: 1000, fields: [{ name: "hp", type: "u8" }], audience: { who: "everyone" }, position: null },
]);
writeFileSync(
  new URL("tables.json", import.meta.url),
  `${JSON.stringify({ layouts, placed: placeTables(layouts) }, undefined, 1)}\n`,
);
