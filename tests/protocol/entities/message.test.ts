/** Messages about entities: one encoding each, strict, bounded, and the same bytes for ever. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader, idSetLength, writeIdSet } from "#protocol/entities/id-set.ts";
import { angleOf, quantiseAngle, quantiseRange, rangeValueOf, wireTables } from "#protocol/entities/layout.ts";
import type { WireField, WireTable } from "#protocol/entities/layout.ts";
import { decodeEntities, encodeEntities, type EntitiesBody, type EntityBlock } from "#protocol/entities/message.ts";
import type { FieldValue } from "#protocol/entities/message.ts";
import type { TableLayout } from "#protocol/tables.ts";
import golden from "../../vectors/entities.json" with { type: "json" };
import { goldenMessages, goldenTables } from "../../vectors/entities-cases.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { mutation, refusalOf } from "../support/refusal.ts";
import { tables } from "../support/tables.ts";

const letters = fc.string({ unit: fc.constantFrom(...Array.from("aé日🜁 z")), maxLength: 12 });

/** As it comes back: quantised. */
function valueOf({ field, wire }: WireField): fc.Arbitrary<FieldValue> {
  if (wire.kind === "text") {
    const fit = (text: string): Uint8Array => {
      const bytes = new TextEncoder().encode(text);
      return bytes.length <= wire.max ? bytes : new Uint8Array(0);
    };
    return letters.map(fit);
  }
  if (wire.kind === "float") return wire.bytes === 4 ? fc.float({ noNaN: true }) : fc.double({ noNaN: true });
  if (wire.kind === "signed")
    return fc.integer({ min: -(2 ** (8 * wire.bytes - 1)), max: 2 ** (8 * wire.bytes - 1) - 1 });
  const steps = fc.integer({ min: 0, max: wire.max });
  if (field.type === "angle16") return steps.map(angleOf);
  return field.type === "range" ? steps.map((step) => rangeValueOf(step, field)) : steps;
}

const rowOf = (fields: readonly WireField[]): fc.Arbitrary<FieldValue[]> => fc.tuple(...fields.map(valueOf));

function blockOf(table: WireTable): fc.Arbitrary<EntityBlock> {
  const { capacity, fields } = table;
  const ids = fc.uniqueArray(fc.nat(capacity - 1), { maxLength: 20 }).map((drawn) => drawn.toSorted((a, b) => a - b));
  const enters = ids.chain((drawn) => fc.tuple(...drawn.map((id) => rowOf(fields).map((values) => ({ id, values })))));
  const any = fc.integer({ min: 1, max: 2 ** Math.max(1, fields.length) - 1 });
  // Neighbours often have the same.
  const mask = fc.oneof(fc.constant(1), any);
  const update = (id: number) =>
    mask.chain((drawn) =>
      rowOf(fields.filter((_, i) => (drawn & (1 << i)) !== 0)).map((values) => ({ id, mask: drawn | 0, values })),
    );
  const updates = fields.length === 0 ? fc.constant([]) : ids.chain((drawn) => fc.tuple(...drawn.map(update)));
  return fc
    .record({ leaves: ids, enters, updates, mine: fc.option(ids, { nil: undefined }) })
    .map(({ mine, ...rest }) => ({ table: table.index, ...rest, ...(mine === undefined ? {} : { mine }) }))
    .filter((block) => block.leaves.length + block.enters.length + block.updates.length > 0 || "mine" in block);
}

const drawn: fc.Arbitrary<readonly [readonly WireTable[], EntitiesBody]> = tables()
  .map(wireTables)
  .chain((wires) => {
    const blocks = fc.tuple(...wires.filter(({ shown }) => shown).map(blockOf)).chain((all) => fc.subarray(all));
    const acknowledged = fc.record({ applied: fc.nat(2 ** 32 - 1), ahead: fc.nat(255) });
    const plain = fc.record({ tick: fc.nat(2 ** 32 - 1), blocks });
    const answered = fc.record({ tick: fc.nat(2 ** 32 - 1), acknowledged, blocks });
    return fc.tuple(fc.constant(wires), fc.oneof<fc.Arbitrary<EntitiesBody>[]>(plain, answered));
  });

describe("a message", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(drawn, ([wires, body]) => {
        expect(decodeEntities(encodeEntities(body, wires), wires)).toEqual(body);
      }),
    );
  });

  test("that is broken is refused, or is the only encoding of another", () => {
    fc.assert(
      fc.property(drawn, mutation, ([wires, body], mutate) => {
        const bytes = mutate(encodeEntities(body, wires));
        const code = refusalOf(() => {
          const read = decodeEntities(bytes, wires);
          // There is more than one pattern of bits that is no number; the engine's is one.
          if (!JSON.stringify(read).includes("null")) expect(encodeEntities(read, wires)).toEqual(bytes);
        });
        expect(["malformed", undefined]).toContain(code);
      }),
      { numRuns: 150 },
    );
  });

  test("of any bytes at all is refused or read, and nothing else happens", () => {
    fc.assert(
      fc.property(
        tables().map(wireTables),
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 2, max: 5 }),
        (wires, bytes, version) => {
          bytes[0] = version;
          expect(["malformed", undefined]).toContain(refusalOf(() => decodeEntities(bytes, wires)));
        },
      ),
    );
  });

  test.for(Object.entries(goldenMessages))("%s is the same bytes for ever", ([name, body]) => {
    const wires = wireTables(goldenTables);
    const hex = golden[name as keyof typeof golden];
    expect(bytesToHex(encodeEntities(body, wires))).toBe(hex);
    expect(decodeEntities(hexToBytes(hex), wires)).toEqual(body);
  });
});

describe("masks", () => {
  const Two: TableLayout = {
    name: "Two",
    capacity: 20,
    fields: [
      { name: "a", type: "u8" },
      { name: "b", type: "u8" },
    ],
    audience: { who: "owner" },
    position: null,
  };
  const wires = wireTables([Two]);
  const head = "030000000000" + "04";

  test("that repeat are sent once, with a bit for each row that has it", () => {
    const updates = Array.from({ length: 10 }, (_, id) => ({ id, mask: 3, values: [id, id] }));
    const bytes = encodeEntities({ tick: 0, blocks: [{ table: 0, leaves: [], enters: [], updates }] }, wires);
    // Head and block 7, ids 3, bits 2, one mask, twenty numbers.
    expect(bytes.length).toBe(7 + 3 + 2 + 1 + 20);
  });

  test.for([
    ["said again", `${head}030300` + "0105" + "0106"],
    ["with bits behind the last", `${head}030303` + "0105" + "06"],
    ["of nothing", `${head}0200` + "0005"],
    ["of fields that there are not", `${head}0200` + "0405"],
    ["cut short", `${head}0303`],
  ] as const)("%s are refused", ([, hex]) => {
    expect(refusalOf(() => decodeEntities(hexToBytes(hex), wires))).toBe("malformed");
  });
});

describe("a set of ids", () => {
  test("is read as it was written, in the shorter of two forms", () => {
    const ids = fc.uniqueArray(fc.nat(999), { maxLength: 300 }).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(ids, (set) => {
        const bytes = new Uint8Array(1000);
        const length = writeIdSet(bytes, 0, set, set.length);
        expect(length).toBe(idSetLength(set, set.length));
        expect(new ByteReader(bytes.subarray(0, length)).idSet(1000)).toEqual(set);
        expect(length).toBeLessThanOrEqual(3 + Math.min(2 * set.length, ((set.at(-1) ?? 0) >> 3) + 1));
      }),
    );
  });

  test.for([
    ["a dense one that is as long as the sparse one", "0302"],
    ["a dense one of nothing", "0300"],
    ["an id beyond the table", "0264"],
    ["more ids than there are", "ca01"],
    ["a number longer than it must be", "8000"],
    ["cut short", "0401"],
  ] as const)("%s is refused", ([, hex]) => {
    expect(refusalOf(() => new ByteReader(hexToBytes(hex)).idSet(100))).toBe("malformed");
  });
});

describe("a value", () => {
  test("is the nearest that there are bits for", () => {
    const range = { min: -2, max: 6, bits: 6 };
    fc.assert(
      fc.property(fc.double({ min: -2, max: 6, noNaN: true }), (value) => {
        expect(Math.abs(rangeValueOf(quantiseRange(value, range), range) - value)).toBeLessThanOrEqual(
          8 / 63 / 2 + 1e-9,
        );
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (radians) => {
        const way = angleOf(quantiseAngle(radians)) - radians;
        const off = Math.abs(way - 2 * Math.PI * Math.round(way / (2 * Math.PI)));
        expect(off).toBeLessThanOrEqual(Math.PI / 65_536 + 1e-9);
      }),
    );
  });

  test.for([
    ["no number", Number.NaN, 0],
    ["below", -1e9, 0],
    ["beyond", 1e9, 63],
    ["infinite", Number.POSITIVE_INFINITY, 63],
  ] as const)("of a range that is %s is one of its ends", ([, value, step]) => {
    expect(quantiseRange(value, { min: -2, max: 6, bits: 6 })).toBe(step);
  });

  test.for([Number.NaN, Number.POSITIVE_INFINITY])("an angle of %s is none", (value) => {
    expect(quantiseAngle(value)).toBe(0);
  });
});

test("rows are as long as their fields", () => {
  const layout: TableLayout = { name: "A", capacity: 9, fields: [], audience: { who: "everyone" }, position: null };
  expect(wireTables([layout])[0]).toMatchObject({ rowMax: 0, maskBytes: 0, shown: true });
  expect(wireTables(goldenTables).map(({ rowMax, maskBytes }) => [rowMax, maskBytes])).toEqual([
    [0, 0],
    [40, 2],
    [1, 1],
  ]);
});
