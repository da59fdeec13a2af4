/** Values go into a contract in AssemblyScript and come out of it as they do with the SDK for TypeScript. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { Value } from "#protocol/value.ts";
import { ask, buildTimeoutMs, loadProbe, openedRoom } from "./probe.ts";

let probe: LoadedContract;
beforeAll(async () => {
  probe = await loadProbe();
}, buildTimeoutMs);

const opened = (): Instance => openedRoom(probe);

describe("values", () => {
  const anyNumber = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.constantFrom(0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffffff, 0x100000000, -0x20, -0x21, -0x80, -0x81),
    fc.constantFrom(-0x8000, -0x8001, -0x80000000, -0x80000001, 2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 1e308, 5e-324),
  );
  const anyText = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("x".repeat(31), "x".repeat(32), "é".repeat(128), "😀".repeat(20_00), "€".repeat(6000), "\u0000"),
  );
  const { tree: anyTree } = fc.letrec<{ tree: Value }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      anyNumber,
      anyText,
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie("tree"), { maxLength: 20 }),
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((key) => key !== "__proto__"),
        tie("tree"),
        { maxKeys: 20, noNullPrototype: true },
      ),
    ),
  }));

  test("come in and go out again as they were", () => {
    const room = opened();
    fc.assert(
      fc.property(anyTree, (value) => {
        const sent = decodeMsgpack(encodeMsgpack(value)) as Value;
        expect(ask(room, "echo", value)).toEqual(sent);
        expect(encodeMsgpack(ask(room, "echo", value))).toEqual(encodeMsgpack(value));
      }),
      { numRuns: 400 },
    );
  });

  test("that are numbers are the same numbers", () => {
    const room = opened();
    fc.assert(
      fc.property(fc.array(anyNumber, { maxLength: 30 }), (numbers) => {
        expect(ask(room, "numbers", numbers)).toEqual(numbers);
      }),
    );
  });

  test("of many parts and bytes fit", () => {
    const room = opened();
    const long = Array.from({ length: 9000 }, (_, i) => i);
    expect(ask(room, "echo", long)).toEqual(long);
    const bytes = new Uint8Array(60_000).fill(3);
    expect(ask(room, "echo", bytes)).toEqual(bytes);
  });
});
