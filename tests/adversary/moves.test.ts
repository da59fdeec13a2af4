/**
 * Moves that no honest client sends, from a player whose channel is genuine. Each is refused with a sentence, or ends
 * that player's connection with a code; the room and the other player go on.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concatBytes } from "#protocol/bytes.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { moveLengthMax, valueDepthMax } from "#protocol/limits.ts";
import { messageTypes } from "#protocol/message.ts";
import { cutText, encoded, hex, longText, map, moveBody, nested } from "./crafted.ts";
import type { Insider } from "./insider.ts";
import { openStage, type Stage } from "./stage.ts";
import { expectSentence, place, Table } from "./table.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

const drop = (fields: object): object => ({ kind: "drop", side: "top", line: 0, ...fields });
const bombs = (...cells: unknown[]): object => ({ kind: "place", bombs: cells });

/** Well-formed, and no move of this game. */
const refused: readonly (readonly [what: string, move: unknown])[] = [
  // Every type of the format that may be in a message
  ["nil", hex("c0")],
  ["false", hex("c2")],
  ["true", hex("c3")],
  ["a positive fixint", hex("07")],
  ["a negative fixint", hex("e0")],
  ["an uint 8", hex("cc ff")],
  ["an uint 16", hex("cd ffff")],
  ["an uint 32", hex("ce ffffffff")],
  ["an uint 64", hex("cf 001fffffffffffff")],
  ["an int 8", hex("d0 80")],
  ["an int 16", hex("d1 8000")],
  ["an int 32", hex("d2 80000000")],
  ["an int 64", hex("d3 ffe0000000000001")],
  ["a float 32", hex("ca 3fc00000")],
  ["a float 64", hex("cb 7fefffffffffffff")],
  ["the smallest number there is", hex("cb 0000000000000001")],
  ["a fixstr", hex("a4 64726f70")],
  ["a str 8", hex("d9 04 64726f70")],
  ["a str 16", hex("da 0004 64726f70")],
  ["a str 32", hex("db 00000004 64726f70")],
  ["a bin 8", hex("c4 04 64726f70")],
  ["a bin 16", hex("c5 0004 64726f70")],
  ["a bin 32", hex("c6 00000004 64726f70")],
  ["a fixarray", hex("93 00 01 02")],
  ["an array 16", hex("dc 0001 00")],
  ["an array 32", hex("dd 00000001 00")],
  ["a fixmap", hex("80")],
  ["a map 16", hex("de 0001 a1 78 00")],
  ["a map 32", hex("df 00000001 a1 78 00")],
  ["as much text as a message holds", longText(moveLengthMax - 10)],
  ["as many zeros as a message holds", concatBytes(hex("dc 07d0"), new Uint8Array(2000))],
  ["lists as deep as a value may be", nested(valueDepthMax)],
  // Shapes
  ["no kind", { side: "top", line: 0 }],
  ["a kind that is none", { kind: "castle" }],
  ["a kind that is a number", { kind: 1 }],
  ["a kind that is a list of kinds", { kind: ["resign"] }],
  ["a kind that every object has", { kind: "constructor" }],
  ["a kind with a zero behind it", { kind: "resign\0" }],
  ["a drop without a line", { kind: "drop", side: "top" }],
  ["a drop without a side", { kind: "drop", line: 0 }],
  ["a drop with a field too many", drop({ seat: 0 })],
  ["a drop with a constructor", drop({ constructor: { prototype: { line: 0 } } })],
  ["a drop with a key that is empty", drop({ "": 0 })],
  ["a side that is none", drop({ side: "middle" })],
  ["a side that every object has", drop({ side: "toString" })],
  ["a side that is a number", drop({ side: 0 })],
  ["a line below the board", drop({ line: -1 })],
  ["a line beyond the board", drop({ line: 10 })],
  ["a line between two lines", drop({ line: 4.5 })],
  ["a line that is text", drop({ line: "4" })],
  ["a line that is nil", drop({ line: null })],
  ["a line that is a list", drop({ line: [4] })],
  ["a line that is true", drop({ line: true })],
  ["a line as large as whole numbers get", drop({ line: Number.MAX_SAFE_INTEGER })],
  ["a line as large as numbers get", drop({ line: Number.MAX_VALUE })],
  ["a place without bombs", { kind: "place" }],
  ["no bombs", bombs()],
  ["two bombs", bombs([0, 0], [1, 1])],
  ["four bombs", bombs([0, 0], [1, 1], [2, 2], [3, 3])],
  ["a bomb twice", bombs([0, 0], [1, 1], [0, 0])],
  ["one bomb three times", bombs([5, 5], [5, 5], [5, 5])],
  ["a bomb left of the board", bombs([-1, 0], [1, 1], [2, 2])],
  ["a bomb below the board", bombs([0, 10], [1, 1], [2, 2])],
  ["a bomb between cells", bombs([0.5, 0], [1, 1], [2, 2])],
  ["a bomb with one coordinate", bombs([0], [1, 1], [2, 2])],
  ["a bomb with three coordinates", bombs([0, 0, 0], [1, 1], [2, 2])],
  ["a bomb in text", bombs(["0", "0"], [1, 1], [2, 2])],
  ["a bomb that is a map", bombs({ 0: 0, 1: 0, length: 2 }, [1, 1], [2, 2])],
  ["bombs in a map", { kind: "place", bombs: { 0: [0, 0], 1: [1, 1], 2: [2, 2], length: 3 } }],
  ["bombs that are bytes", { kind: "place", bombs: hex("c4 03 000102") }],
  ["a resignation with a field too many", { kind: "resign", winner: 0 }],
  // Legal at another time
  ["a drop before the bombs are hidden", drop({})],
];

describe("well-formed nonsense", () => {
  let table: Table;
  let mallory: Insider;
  let n = 0;

  beforeAll(async () => {
    table = await Table.open(stage);
    mallory = await table.seat();
  });

  test.for(refused)("%s is refused with a sentence", async ([, move]) => {
    mallory.sayBody(messageTypes.move, moveBody((n += 1), move));
    expectSentence(await mallory.outcome(n));
  });

  test("cost its sender nothing, nor anybody else: both play on", async () => {
    expect(n).toBe(refused.length);
    await table.expectPlay(mallory, n + 1);
    mallory.close();
  });
});

/** Bodies of moves that cannot be read, or break the numbers that moves have. */
const closing: readonly (readonly [what: string, code: ErrorCode, body: Uint8Array])[] = [
  // Types of the format that no message has, and numbers that not every reader would read alike
  ["the type that never is", "malformed", moveBody(1, hex("c1"))],
  ["a fixext 1", "malformed", moveBody(1, hex("d4 00 00"))],
  ["a fixext 2", "malformed", moveBody(1, hex("d5 00 0000"))],
  ["a timestamp", "malformed", moveBody(1, hex("d6 ff 00000000"))],
  ["a fixext 8", "malformed", moveBody(1, hex("d7 ff 0000000000000000"))],
  ["a fixext 16", "malformed", moveBody(1, hex(`d8 01 ${"00".repeat(16)}`))],
  ["an ext 8", "malformed", moveBody(1, hex("c7 01 05 00"))],
  ["an ext 16", "malformed", moveBody(1, hex("c8 0001 05 00"))],
  ["an ext 32", "malformed", moveBody(1, hex("c9 00000001 05 00"))],
  ["NaN in 32 bits", "malformed", moveBody(1, hex("ca 7fc00000"))],
  ["NaN in 64 bits", "malformed", moveBody(1, map(["line", hex("cb 7ff8000000000000")]))],
  ["infinity", "malformed", moveBody(1, map(["line", hex("cb 7ff0000000000000")]))],
  ["minus infinity", "malformed", moveBody(1, hex("ca ff800000"))],
  ["minus zero", "malformed", moveBody(1, map(["line", hex("cb 8000000000000000")]))],
  ["2⁵³", "malformed", moveBody(1, hex("cf 0020000000000000"))],
  ["the largest uint 64", "malformed", moveBody(1, hex("cf ffffffffffffffff"))],
  ["the smallest int 64", "malformed", moveBody(1, hex("d3 8000000000000000"))],
  ["text that is not UTF-8", "malformed", moveBody(1, hex("a2 c328"))],
  ["half a surrogate pair", "malformed", moveBody(1, hex("a3 eda080"))],
  ["a key that is a number", "malformed", moveBody(1, hex("81 00 00"))],
  ["a key that is nil", "malformed", moveBody(1, hex("81 c0 00"))],
  ["a key that names the prototype", "malformed", moveBody(1, map(["__proto__", { kind: "resign" }]))],
  // Lengths that lie
  ["text that claims four gigabytes", "malformed", moveBody(1, cutText("drop", "db ffffffff"))],
  ["bytes that claim four gigabytes", "malformed", moveBody(1, cutText("drop", "c6 ffffffff"))],
  ["a list that claims four billion items", "malformed", moveBody(1, hex("dd ffffffff 00"))],
  ["a map that claims four billion pairs", "malformed", moveBody(1, hex("df ffffffff a1 78 00"))],
  ["a map that stops after a key", "malformed", moveBody(1, hex("81 a1 78"))],
  ["something behind the move", "malformed", concatBytes(moveBody(1, place), hex("c0"))],
  // Too much
  ["lists deeper than a value may be", "too-long", moveBody(1, nested(valueDepthMax + 1))],
  ["lists deeper than anything is", "too-long", moveBody(1, nested(moveLengthMax - 10))],
  ["text longer than a message may be", "too-long", moveBody(1, longText(moveLengthMax))],
  // Messages that are not a number and a move
  ["nothing", "malformed", new Uint8Array(0)],
  ["nil", "malformed", hex("c0")],
  ["a move without a number", "malformed", encoded(place)],
  ["a list of nothing", "malformed", hex("90")],
  ["a number without a move", "malformed", hex("91 01")],
  ["a number, a move and something else", "malformed", concatBytes(hex("93 01"), encoded(place), hex("00"))],
  ["a map of both", "malformed", encoded({ 0: 1, 1: place })],
  // Numbers of moves
  ["number zero", "malformed", moveBody(0, place)],
  ["a gap in the numbers", "malformed", moveBody(2, place)],
  ["the largest number", "malformed", moveBody(Number.MAX_SAFE_INTEGER, place)],
  ["a negative number", "malformed", moveBody(-1, place)],
  ["a number between two", "malformed", moveBody(1.5, place)],
  ["a number that is text", "malformed", moveBody("1", place)],
  ["a number that is nil", "malformed", moveBody(null, place)],
  ["a number in a list", "malformed", moveBody([1], place)],
];

test.for(closing)("a move of %s ends its sender's connection: %s", async ([, code, body]) => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  mallory.sayBody(messageTypes.move, body);
  expect(await mallory.ended()).toBe(code);
  await table.expectUndisturbed(mallory.account);
});

test("none of it was taken for a mistake of ours, or of the rules", () => {
  expect(stage.logged.length).toBeGreaterThan(0);
  expect(stage.logged.filter((line) => /"event":"(bug|contract-faulted)"/.test(line))).toEqual([]);
});
