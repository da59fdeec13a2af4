/** Where a contract's entities lie in its memory follows from what it declares, and from nothing else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkTables } from "#protocol/check-tables.ts";
import { columnAlignment, columnOf, placeTables, tableLimits, type TableLayout } from "#protocol/tables.ts";
import golden from "../vectors/tables.json" with { type: "json" };
import { refusalOf } from "./support/refusal.ts";
import { body, tables } from "./support/tables.ts";

const columnsOf = (layouts: readonly TableLayout[]) =>
  placeTables(layouts).tables.flatMap((table) => table.columns.map((column) => ({ table, column })));

/** Columns, and behind those of a table its bits. */
const piecesOf = (layouts: readonly TableLayout[]) =>
  placeTables(layouts).tables.flatMap(({ capacity, columns, revealed }) => {
    const pieces = columns.map(({ at, width }) => ({ at, length: width * capacity }));
    return revealed === undefined
      ? pieces
      : pieces.concat({ at: revealed.at, length: revealed.seats * revealed.stride });
  });

describe("columns", () => {
  test("lie one after the other, aligned, and inside the region", () => {
    fc.assert(
      fc.property(tables(), (layouts) => {
        const placed = placeTables(layouts);
        let end = 0;
        for (const { at, length } of piecesOf(layouts)) {
          expect(at % columnAlignment).toBe(0);
          expect(at).toBeGreaterThanOrEqual(end);
          expect(at - end).toBeLessThan(columnAlignment);
          end = at + length;
        }
        expect(placed.length % columnAlignment).toBe(0);
        expect(placed.length - end).toBeLessThan(columnAlignment);
      }),
    );
  });

  test("are where the golden layout says", () => {
    expect(checkTables(golden.layouts)).toEqual(golden.layouts);
    expect(placeTables(golden.layouts as unknown as TableLayout[])).toEqual(golden.placed);
  });

  test("do not touch each other: what is written to one is read from no other", () => {
    fc.assert(
      fc.property(tables(), fc.nat(), (layouts, pick) => {
        const region = new Uint8Array(placeTables(layouts).length);
        const all = columnsOf(layouts);
        fc.pre(all.length > 0);
        const written = all[pick % all.length]!;
        columnOf(region, written.table, written.column).fill(1);
        for (const { table, column } of all) {
          const elements = columnOf(region, table, column);
          expect(elements.every((element) => element === (column === written.column ? 1 : 0))).toBe(true);
        }
      }),
    );
  });

  test("are found in a region that lies somewhere in a larger memory", () => {
    const memory = new Uint8Array(4096);
    const region = memory.subarray(64, 64 + placeTables([body]).length);
    const { table, column } = columnsOf([body]).find(({ column: { name } }) => name === "z")!;
    (columnOf(region, table, column) as Float32Array)[3] = 1.5;
    expect(new DataView(memory.buffer).getFloat32(64 + column.at + 12, true)).toBe(1.5);
  });

  test("beyond the end of a region are refused", () => {
    const { length } = placeTables([body]);
    const { table, column } = columnsOf([body]).at(-1)!;
    expect(() => columnOf(new Uint8Array(length - 8), table, column)).toThrow(RangeError);
  });
});

describe("a declaration", () => {
  test("that is valid is returned as it is, by name, whatever the order of tables and of members", () => {
    fc.assert(
      fc.property(tables(), (layouts) => {
        const reversed = layouts.toReversed().map((layout) => Object.fromEntries(Object.entries(layout).toReversed()));
        expect(JSON.stringify(checkTables(reversed))).toBe(JSON.stringify(layouts));
      }),
    );
  });

  test("holds nothing that nobody declared, and its audiences in one order", () => {
    const audience = {
      who: "any",
      of: [
        { who: "near", radius: 40 },
        { who: "team", field: "side" },
      ],
    };
    expect(checkTables([{ ...body, audience, secret: 1 }])).toEqual([body]);
  });

  const field = (change: object) => ({ fields: [{ name: "x", type: "f32" }, change], audience: { who: "nobody" } });
  const audience = (value: unknown) => ({ audience: value });

  test.for<[string, object]>([
    ["tables", { name: "body" }],
    ["tables", { name: "" }],
    ["tables", { name: "Two Words" }],
    ["tables", { name: "A".repeat(33) }],
    ["tables.Body.capacity", { capacity: 0 }],
    ["tables.Body.capacity", { capacity: 1.5 }],
    ["tables.Body.capacity", { capacity: tableLimits.capacity + 1 }],
    ["tables.Body.fields", { fields: {} }],
    ["tables.Body.fields", { fields: Array.from({ length: 33 }, (_, i) => ({ name: `f${i}`, type: "u8" })) }],
    ["tables.Body.x", field({ name: "x", type: "u8" })],
    ["tables.Body", field({ name: "Y", type: "u8" })],
    ["tables.Body", field({ name: "__proto__", type: "u8" })],
    ["tables.Body", field({ name: 7, type: "u8" })],
    ["tables.Body.live", field({ name: "live", type: "u8" })],
    ["tables.Body.generation", field({ name: "generation", type: "u8" })],
    ["tables.Body.owner", field({ name: "owner", type: "u8" })],
    ["tables.Body.class", field({ name: "class", type: "u8" })],
    ["tables.Body.y", field({ name: "y", type: "u64" })],
    ["tables.Body.y", field({ name: "y", type: "toString" })],
    ["tables.Body.y.bytes", field({ name: "y", type: "text" })],
    ["tables.Body.y.bytes", field({ name: "y", type: "text", bytes: 256 })],
    ["tables.Body.y", field({ name: "y", type: "range", min: 1, max: 1, bits: 8 })],
    ["tables.Body.y", field({ name: "y", type: "range", min: 0, max: Infinity, bits: 8 })],
    ["tables.Body.y.bits", field({ name: "y", type: "range", min: 0, max: 1, bits: 0 })],
    ["tables.Body.y.bits", field({ name: "y", type: "range", min: 0, max: 1, bits: 25 })],
    ["tables.Body.position", { position: ["x"] }],
    ["tables.Body.position", { position: ["x", "x"] }],
    ["tables.Body.position", { position: ["x", "label"] }],
    ["tables.Body.position", { position: true }],
    ["tables.Body.audience", audience("everyone")],
    ["tables.Body.audience", audience({ who: "somebody" })],
    ["tables.Body.audience", audience({ who: "team", field: "x" })],
    ["tables.Body.audience", audience({ who: "team", field: "none" })],
    ["tables.Body.audience", audience({ who: "near", radius: 0 })],
    ["tables.Body.audience", audience({ who: "near", radius: Number.NaN })],
    ["tables.Body.audience", { audience: { who: "near", radius: 4 }, position: null }],
    ["tables.Body.audience", audience({ who: "near", radius: 4, full: 4, far: 2 })],
    ["tables.Body.audience", audience({ who: "near", radius: 4, full: 0, far: 2 })],
    ["tables.Body.audience", audience({ who: "near", radius: 4, far: 2 })],
    ["tables.Body.audience.far", audience({ who: "near", radius: 4, full: 2 })],
    ["tables.Body.audience.far", audience({ who: "near", radius: 4, full: 2, far: 1 })],
    ["tables.Body.audience.far", audience({ who: "near", radius: 4, full: 2, far: 33 })],
    ["tables.Body.audience.far", audience({ who: "near", radius: 4, full: 2, far: 2.5 })],
    ["tables.Body.audience", audience({ who: "any", of: [{ who: "owner" }] })],
    ["tables.Body.audience", audience({ who: "any", of: [{ who: "owner" }, { who: "owner" }] })],
    ["tables.Body.audience", audience({ who: "any", of: [{ who: "owner" }, { who: "everyone" }] })],
    ["tables.Body.audience", audience({ who: "any", of: [{ who: "owner" }, { who: "any", of: [] }] })],
  ])("is refused, and its author is told that %s is wrong: %j", ([name, change]) => {
    const wrong = [{ ...body, ...change }];
    expect(refusalOf(() => checkTables(wrong))).toBe("malformed");
    expect(() => checkTables(wrong)).toThrow(`manifest: ${name} must be `);
  });

  test.for<[string, unknown]>([
    ["is no list", { Body: body }],
    ["declares a table twice", [body, body]],
    ["has more tables than a contract may", Array.from({ length: 17 }, (_, i) => ({ ...body, name: `T${i}` }))],
    ["holds what is no table", [null]],
    [
      "takes more memory than a room's tables may",
      ["A", "B", "C"].map((name) => Object.assign({}, body, { name, capacity: 16_384 })),
    ],
  ])("that %s is refused", ([, wrong]) => {
    expect(refusalOf(() => checkTables(wrong))).toBe("malformed");
  });
});
