/** What a contract declares has one spelling, and every part of it is in its hash. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { frameBuckets } from "#protocol/limits.ts";
import {
  checkManifest,
  chooseOptions,
  contractHash,
  encodeManifest,
  frozenLineage,
  lineageId,
  manifestLimits,
  worldId,
  type LineageTerms,
  type Manifest,
} from "#protocol/manifest.ts";
import { hash } from "./support/arbitraries.ts";
import { placeTables, tableLimits } from "#protocol/tables.ts";
import { body, revealedTo, tables } from "./support/tables.ts";
import { refusalOf } from "./support/refusal.ts";

const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const word = fc.string({ unit: fc.constantFrom(...Array.from("abc019-")), minLength: 1, maxLength: 24 });

const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    abi: fc.constant("room-wasm v1" as const),
    name: fc
      .tuple(
        fc.constantFrom(...Array.from("abz")),
        fc.string({ unit: fc.constantFrom(...Array.from("abc019-")), maxLength: 31 }),
      )
      .map(([first, rest]) => first + rest),
    players: fc
      .tuple(between(1, 1024), between(1, 1024))
      .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
    spectators: between(0, manifestLimits.spectators),
    pace: fc.constantFrom("turns" as const, "ticks" as const),
    hz: between(1, manifestLimits.hz),
    presence: fc.constantFrom("all" as const, "any" as const),
    graceMs: between(0, manifestLimits.graceMs),
    pauseMs: between(0, manifestLimits.pauseMs),
    options: fc.dictionary(word, fc.array(word, { minLength: 1, maxLength: 16 }), {
      maxKeys: 8,
      noNullPrototype: true,
    }),
    frameBytes: fc.constantFrom(0, ...frameBuckets),
    memoryPages: between(1, manifestLimits.memoryPages),
    fuel: between(100_000, manifestLimits.fuel),
    tables: tables(),
  })
  .chain((drawn) => fc.constantFrom(drawn, { ...drawn, reveal: "at-end" as const }))
  .chain((drawn) => fc.constantFrom(drawn, { ...drawn, requests: places }))
  .map((drawn) => Object.assign(drawn, drawn.pace === "turns" ? { hz: 50 } : {}))
  .map((drawn) => {
    const layouts = revealedTo(drawn.tables, drawn.players.max);
    // A row of them may be longer than a small frame.
    const small = layouts.length > 0 && drawn.frameBytes < 4096;
    return Object.assign(drawn, { tables: layouts }, small ? { frameBytes: 0 } : {});
  })
  .filter(({ tables: drawn }) => placeTables(drawn).length <= tableLimits.bytes);

/** In order. */
const places = ["https://a.example/", "https://a.example/b/", "https://b.example/"];

const sample: Manifest = {
  abi: "room-wasm v1",
  name: "lantern",
  players: { min: 2, max: 4 },
  spectators: 10,
  pace: "turns",
  hz: 50,
  presence: "all",
  graceMs: 1,
  pauseMs: 1,
  options: { board: ["small", "large"], clock: ["30", "60"] },
  frameBytes: 0,
  memoryPages: 32,
  fuel: 100_000,
  tables: [],
};

test("a valid manifest is returned as it is, and checking it again changes nothing", () => {
  fc.assert(
    fc.property(manifest, (drawn) => {
      const checked = checkManifest(drawn);
      expect(checked).toEqual(drawn);
      expect(encodeManifest(checkManifest(checked))).toEqual(encodeManifest(checked));
      expect(checkManifest(JSON.parse(new TextDecoder().decode(encodeManifest(checked))))).toEqual(checked);
    }),
  );
});

test("the order in which an author writes the fields does not matter", () => {
  const reversed = (tree: unknown): unknown =>
    typeof tree === "object" && tree !== null && !Array.isArray(tree)
      ? Object.fromEntries(
          Object.entries(tree)
            .toReversed()
            .map(([key, part]) => [key, reversed(part)]),
        )
      : tree;
  fc.assert(
    fc.property(manifest, (drawn) => {
      expect(encodeManifest(checkManifest(reversed(drawn)))).toEqual(encodeManifest(checkManifest(drawn)));
    }),
  );
});

test("a contract that reveals nothing may say so, or say nothing", () => {
  expect(encodeManifest(checkManifest({ ...sample, reveal: "never" }))).toEqual(encodeManifest(sample));
});

test("places have one order, whatever order they were declared in", () => {
  const declared = encodeManifest(checkManifest({ ...sample, requests: places.toReversed() }));
  expect(declared).toEqual(encodeManifest(checkManifest({ ...sample, requests: places })));
  expect(new TextDecoder().decode(declared)).toMatch(/"requests":\["https:\/\/a.example\/",.*\]\}$/);
});

const wish = {
  name: "Wish",
  capacity: 4,
  fields: [{ name: "x", type: "i8" }],
  audience: { who: "nobody" },
  position: null,
};
const ticking = { ...sample, pace: "ticks", hz: 20, tables: [wish], input: "Wish" };

test("an input is one of the tables, and a module that predicts belongs to one", () => {
  const checked = checkManifest({ ...ticking, predict: "ab".repeat(32) });
  expect([checked.input, checked.predict]).toEqual(["Wish", "ab".repeat(32)]);
  expect(checkManifest(JSON.parse(new TextDecoder().decode(encodeManifest(checked))))).toEqual(checked);
});

test.for<[string, object]>([
  ["input", { pace: "turns", hz: 50 }],
  ["input", { input: "Other" }],
  ["input", { input: 7 }],
  ["input", { tables: [{ ...wish, capacity: 5 }] }],
  ["input", { tables: [{ ...wish, audience: { who: "owner" } }] }],
  ["predict", { predict: "ab" }],
  ["predict", { predict: 7 }],
  ["predict", { input: undefined, predict: "ab".repeat(32) }],
])("an input with another %s than there may be is refused", ([field, change]) => {
  expect(() => checkManifest({ ...ticking, ...change })).toThrow(
    expect.objectContaining({ message: expect.stringContaining(`manifest: ${field}`) as string }),
  );
});

test("what nobody declared is not in the manifest", () => {
  expect(checkManifest({ ...sample, secret: 1 })).toEqual(sample);
});

test.for<[string, object]>([
  ["abi", { abi: "room-wasm v2" }],
  ["name", { name: "Lantern" }],
  ["name", { name: "" }],
  ["name", { name: "a".repeat(33) }],
  ["name", { name: "../etc" }],
  ["name", { name: "lantern\n" }],
  ["players", { players: [2, 4] }],
  ["players.min", { players: { min: 0, max: 4 } }],
  ["players.max", { players: { min: 3, max: 2 } }],
  ["players.max", { players: { min: 1, max: 1025 } }],
  ["spectators", { spectators: -1 }],
  ["spectators", { spectators: 1.5 }],
  ["pace", { pace: "fast" }],
  ["hz", { hz: 20 }],
  ["hz", { pace: "ticks", hz: 61 }],
  ["hz", { pace: "ticks", hz: 0 }],
  ["presence", { presence: "some" }],
  ["reveal", { reveal: "always" }],
  ["reveal", { reveal: true }],
  ["requests", { requests: [] }],
  ["requests", { requests: "https://a.example/" }],
  ["requests", { requests: ["http://a.example/"] }],
  ["requests", { requests: ["https://a.example/", 7] }],
  ["requests", { requests: ["https://a.example/", "https://a.example/"] }],
  ["requests", { requests: Array.from({ length: 9 }, (_, i) => `https://a.example/${i}/`) }],
  ["graceMs", { graceMs: Number.NaN }],
  ["pauseMs", { pauseMs: Infinity }],
  ["options", { options: [] }],
  ["options", { options: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`o${i}`, ["a"]])) }],
  ["options.board", { options: { board: [] } }],
  ["options.board", { options: { board: "small" } }],
  ["options.board", { options: { board: ["Small"] } }],
  ["options.board", { options: { board: [1] } }],
  ["options.board", { options: { board: Array(17).fill("a") } }],
  ["options.Board", { options: { Board: ["a"] } }],
  ["options.__proto__", { options: JSON.parse('{"__proto__": ["a"]}') }],
  ["frameBytes", { frameBytes: 100 }],
  ["memoryPages", { memoryPages: 0 }],
  ["fuel", { fuel: 200_000_001 }],
])("an author is told that %s is wrong", ([field, change]) => {
  expect(refusalOf(() => checkManifest({ ...sample, ...change }))).toBe("malformed");
  expect(() => checkManifest({ ...sample, ...change })).toThrow(`manifest: ${field} must be `);
});

test.for([null, undefined, "lantern", [], 1])("%s is no manifest", (wrong) => {
  expect(refusalOf(() => checkManifest(wrong))).toBe("malformed");
});

test("a room gets the options that were asked for, and the first of each that was not", () => {
  expect(chooseOptions(sample, undefined)).toEqual({ board: "small", clock: "30" });
  expect(chooseOptions(sample, null)).toEqual({ board: "small", clock: "30" });
  expect(chooseOptions(sample, { clock: "60" })).toEqual({ board: "small", clock: "60" });
});

test.for<[string, unknown]>([
  ["an unknown option", { size: "small" }],
  ["an unknown value", { board: "huge" }],
  ["a value of another option", { board: "30" }],
  ["a value that is a number", { clock: 30 }],
  ["a value that is nil", { board: null }],
  ["what every object inherits", { constructor: "small" }],
  ["a list", ["small"]],
  ["text", "small"],
])("%s is refused", ([, wanted]) => {
  expect(refusalOf(() => chooseOptions(sample, wanted))).toBe("options-refused");
});

test("a contract's hash changes with its engine, each field of its manifest, and each byte of its bundle", () => {
  const bundle = Uint8Array.of(1, 2, 3);
  const changed: Partial<Manifest>[] = [
    { name: "other" },
    { players: { min: 1, max: 4 } },
    { players: { min: 2, max: 5 } },
    { spectators: 11 },
    { pace: "ticks" },
    { hz: 49 },
    { presence: "any" },
    { reveal: "at-end" },
    { requests: places },
    { graceMs: 2 },
    { pauseMs: 2 },
    { options: {} },
    { options: { board: ["large", "small"], clock: ["30", "60"] } },
    { frameBytes: 64 },
    { memoryPages: 33 },
    { fuel: 100_001 },
    { tables: [body] },
    { tables: [{ ...body, capacity: 65 }] },
    { tables: [{ ...body, audience: { who: "everyone" } }] },
  ];
  const hashes = [
    contractHash("engine 1", sample, bundle),
    contractHash("engine 2", sample, bundle),
    contractHash("engine 1", sample, Uint8Array.of(1, 2, 4)),
    contractHash("engine 1", sample, new Uint8Array(0)),
    ...changed.map((change) => contractHash("engine 1", { ...sample, ...change }, bundle)),
  ].map(bytesToHex);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("a world is its name and whether it is for development", () => {
  const ids = [
    worldId({ name: "one", development: true }),
    worldId({ name: "one", development: false }),
    worldId({ name: "two", development: true }),
  ].map(bytesToHex);
  expect(new Set(ids).size).toBe(3);
  expect(worldId({ development: true, name: "one" })).toEqual(worldId({ name: "one", development: true }));
});

test("who may upgrade a contract, and how late, is part of its lineage", () => {
  const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
  const terms: readonly LineageTerms[] = [
    frozenLineage,
    { upgradeKeys: [key(1)], threshold: 1, noticeMs: 0 },
    { upgradeKeys: [key(2)], threshold: 1, noticeMs: 0 },
    { upgradeKeys: [key(1), key(2)], threshold: 1, noticeMs: 0 },
    { upgradeKeys: [key(1), key(2)], threshold: 2, noticeMs: 0 },
    { upgradeKeys: [key(1), key(2)], threshold: 2, noticeMs: 1 },
  ];
  fc.assert(
    fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 2, selector: String }), ([world, contract]) => {
      const ids = [
        ...terms.map((own) => lineageId(world!, contract!, own)),
        lineageId(contract!, world!),
        lineageId(world!, world!),
      ].map(bytesToHex);
      expect(new Set(ids).size).toBe(ids.length);
      expect(lineageId(world!, contract!)).toEqual(lineageId(world!, contract!, frozenLineage));
    }),
  );
});

test("a notice that does not fit its field does not wrap around to none", () => {
  const terms = { upgradeKeys: [], threshold: 0, noticeMs: 2 ** 32 };
  expect(() => lineageId(new Uint8Array(32), new Uint8Array(32), terms)).toThrow(RangeError);
});

test("a table that the room does not fit is refused, and the field named", () => {
  const checked = (layout: object, room: object) => (): unknown =>
    checkManifest({ ...sample, ...room, tables: [{ ...body, ...layout }] });
  const revealed = { audience: { who: "revealed", seats: 3 } };
  expect(checked(revealed, {})).toThrow("tables.Body.audience");
  expect(checked(revealed, { players: { min: 1, max: 3 } })).not.toThrow();
  expect(checked({}, { frameBytes: 64 })).toThrow("frameBytes");
  expect(checked({}, { frameBytes: 128 })).not.toThrow();
  expect(checked({ audience: { who: "nobody" } }, { frameBytes: 64 })).not.toThrow();
});
