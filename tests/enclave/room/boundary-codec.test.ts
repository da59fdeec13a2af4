/** Boundaries as bytes: what comes in comes out, and nothing else is taken for one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { requestFailures, type OutsideAnswer } from "#protocol/request.ts";
import { decodeBoundary, encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { decodeCourse } from "#enclave/room/course-codec.ts";
import type { Boundary, RoomInput } from "#enclave/room/inputs.ts";
import golden from "../../vectors/boundary.json" with { type: "json" };
import { boundaryCase } from "./boundary-case.ts";

const player = fc.constantFrom("a".repeat(32), "b".repeat(32)) as fc.Arbitrary<PlayerId>;
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const left = fc.oneof(fc.integer({ min: -1000, max: 1e8 }), fc.constant(1234.5));

const move = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constantFrom("a", "b"), n: fc.integer(), list: fc.array(fc.boolean(), { maxLength: 3 }) }),
);

const answer = fc.oneof<fc.Arbitrary<OutsideAnswer>[]>(
  fc.record({ failed: fc.constantFrom(...requestFailures) }),
  fc.record({ status: fc.integer({ min: 100, max: 599 }), contentType: fc.string(), body: fc.uint8Array() }),
);

const input = fc.oneof<fc.Arbitrary<RoomInput>[]>(
  fc.record({
    input: fc.constant("join" as const),
    player,
    seat: fc.nat(1023),
    name: fc.string({ maxLength: 24 }),
    entropy: bytes,
  }),
  fc.record({ input: fc.constant("leave" as const), player }),
  fc.record({ input: fc.constantFrom("dropped" as const, "returned" as const), player, pauseLeftMs: left }),
  fc.record({ input: fc.constant("move" as const), player, n: fc.nat(), move }),
  fc.record({ input: fc.constant("shown" as const) }),
  fc.record({ input: fc.constant("watched" as const), watched: fc.boolean() }),
  fc.record({ input: fc.constant("locked" as const), invite: bytes }),
  fc.record({ input: fc.constant("answer" as const), id: fc.string({ maxLength: 64 }), answer }),
  fc.record({ input: fc.constant("abandon" as const), absent: fc.array(player, { maxLength: 3 }) }),
);

const boundary: fc.Arbitrary<Boundary> = fc.oneof(
  fc.record({ tick: fc.nat(2 ** 40), inputs: fc.array(input, { maxLength: 5 }) }),
  fc.record({ tick: fc.nat(2 ** 40), from: fc.nat(2 ** 40), inputs: fc.array(input, { maxLength: 5 }) }),
  fc.record({ tick: fc.nat(2 ** 40), inputs: fc.array(input, { maxLength: 2 }), rows: fc.uint8Array() }),
);

test("a boundary comes back as it was", () => {
  fc.assert(
    fc.property(boundary, (one) => {
      expect(decodeBoundary(encodeBoundary(one))).toEqual(one);
    }),
  );
});

test("a boundary with every input has the bytes of the golden vector", () => {
  expect(bytesToHex(encodeBoundary(boundaryCase))).toBe(golden.boundary);
});

test("an answer from outside has these bytes", () => {
  const failed = { input: "answer", id: "a", answer: { failed: "too-slow" } } as const;
  const body = Uint8Array.of(1, 2);
  const got = { input: "answer", id: "b", answer: { status: 200, contentType: "text/plain", body } } as const;
  expect(bytesToHex(encodeBoundary({ tick: 7, inputs: [failed, got] }))).toBe(
    "9307c092930ba16181a66661696c6564a8746f6f2d736c6f77930ba16283a6737461747573ccc8ab636f6e74656e7454797065" +
      "aa746578742f706c61696ea4626f6479c4020102",
  );
});

test("what somebody owns has these bytes", () => {
  const player = "a".repeat(32) as PlayerId;
  const item = { id: "i", collection: "c", symbol: "s", metadata: null, inside: null, slot: "t" };
  const inputs = [
    { input: "items", player, items: [item] },
    { input: "items", player, items: null },
  ] as const;
  const name = `d920${"61".repeat(32)}`;
  expect(bytesToHex(encodeBoundary({ tick: 7, inputs }))).toBe(
    `9307c092930e${name}9196a169a163a173c0c0a174930e${name}c0`,
  );
  expect(decodeBoundary(encodeBoundary({ tick: 7, inputs }))).toEqual({ tick: 7, inputs });
});

test("input rows stand behind all else", () => {
  expect(bytesToHex(encodeBoundary({ tick: 7, inputs: [], rows: Uint8Array.of(0, 0, 5) }))).toBe("9407c090c403000005");
});

test.for<[string, unknown]>([
  ["no array", 7],
  ["nothing", []],
  ["no tick", [null, null, []]],
  ["a tick below zero", [-1, null, []]],
  ["half a tick", [0.5, null, []]],
  ["something behind the inputs", [1, null, [], 1]],
  ["something behind the rows", [1, null, [], new Uint8Array(2), 1]],
  ["inputs that are none", [1, null, 7]],
  ["an input that does not exist", [1, null, [[9]]]],
  ["an input without a number", [1, null, [[]]]],
  ["a join without entropy", [1, null, [[1, "a", 0, "Ann"]]]],
  ["a player that is no text", [1, null, [[2, 7]]]],
  ["a move without a number", [1, null, [[5, "a", null, null]]]],
  ["an answer that failed as nothing fails", [1, null, [[11, "id", { failed: "slowly" }]]]],
  ["an answer without a body", [1, null, [[11, "id", { status: 200, contentType: "" }]]]],
  ["an answer that is no map", [1, null, [[11, "id", null]]]],
  ["items that are none", [1, null, [[14, "a", [["i"]]]]]],
  ["an item that is not used up for no reason that there is", [1, null, [[15, 1, "why"]]]],
  ["an item that is used up under no number", [1, null, [[15, "1", null]]]],
  ["watching as text", [1, null, [[6, "yes"]]]],
])("%s is no boundary", ([, value]) => {
  expect(() => decodeBoundary(encodeMsgpack(value))).toThrow(expect.objectContaining({ code: "damaged" }));
});

test.for<[string, Uint8Array]>([
  ["no bytes", new Uint8Array(0)],
  ["another label", new Uint8Array(100)],
])("%s are no course", ([, some]) => {
  expect(() => decodeCourse(some)).toThrow(expect.objectContaining({ code: "damaged" }));
});
