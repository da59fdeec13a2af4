/** The rows of one tick: what lies in the contract's table is what the player's own bytes say, and nothing else changes. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { layoutsOf } from "#contract/components.ts";
import { InputTable } from "#protocol/applied-rows.ts";
import { decodeInputRow, encodeInputRow } from "#protocol/input-row.ts";
import { columnOf, placeTables, type PlacedColumn } from "#protocol/tables.ts";
import { appliedRow, appliedRows, pushFormat } from "../support/applied-rows.ts";
import * as components from "../contracts/fixtures/push/components.ts";

const layouts = layoutsOf(components);
const table = new InputTable(layouts, "Push");
const { tables, length } = placeTables(layouts);
const placed = tables.find(({ name }) => name === "Push")!;

/** All fields of one seat, by name. */
function lies(region: Uint8Array, seat: number): Record<string, number> {
  const fields = placed.columns.slice(3) as (PlacedColumn & { type: "i8" })[];
  return Object.fromEntries(fields.map((column) => [column.name, columnOf(region, placed, column)[seat]!]));
}

const seats = fc.subarray([0, 1, 2, 3]);
const drawn = fc.tuple(
  seats,
  seats.chain((some) => fc.tuple(...some.map(appliedRow))),
);

test("a seat with a row has its values, one that is cleared has zeros, and all others what they had", () => {
  fc.assert(
    fc.property(drawn, fc.nat(255), ([cleared, rows], filler) => {
      const region = new Uint8Array(length).fill(filler);
      const before = region.slice();
      const bytes = appliedRows(cleared, rows);
      expect(table.fits(bytes)).toBe(true);
      table.put(region, bytes);
      for (let seat = 0; seat < 4; seat++) {
        const row = rows.find((one) => one.seat === seat);
        if (row !== undefined) {
          const { values } = decodeInputRow(pushFormat, encodeInputRow(pushFormat, { n: 1, ...row }));
          const [x, z, aim, fire] = values;
          expect(lies(region, seat)).toEqual({ x, z, aim, fire, seen: row.seen });
        } else if (cleared.includes(seat)) {
          expect(lies(region, seat)).toEqual({ x: 0, z: 0, aim: 0, fire: 0, seen: 0 });
        } else {
          expect(lies(region, seat)).toEqual(lies(before, seat));
        }
      }
      // Nothing beside the fields was touched.
      const start = placed.columns[3]!.at;
      expect(region.subarray(0, start)).toEqual(before.subarray(0, start));
    }),
  );
});

test("bytes that are no rows of this table are told from those that are", () => {
  const row = { seat: 1, seen: 7, values: [1, 2, 3, 4] };
  const good = appliedRows([0, 2], [row, { ...row, seat: 3 }]);
  expect(table.fits(good)).toBe(true);
  for (const bad of [
    new Uint8Array(0),
    new Uint8Array(1),
    good.subarray(0, good.length - 1),
    appliedRows([2, 0], []),
    appliedRows([1, 1], []),
    appliedRows([4], []),
    appliedRows([], [row, row]),
    appliedRows([], [{ ...row, seat: 4 }]),
    Uint8Array.of(9, 0),
  ]) {
    expect(table.fits(bad)).toBe(false);
  }
});

test("whatever bytes are taken for rows are written inside the table", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      if (!table.fits(bytes)) return;
      const region = new Uint8Array(length);
      table.put(region, bytes);
      expect(region.subarray(0, placed.columns[3]!.at).every((byte) => byte === 0)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
