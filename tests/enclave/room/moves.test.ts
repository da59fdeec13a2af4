/** A player's moves are taken once by their numbers, whatever becomes of the lines on which they come. */
import { expect, test } from "vitest";
import { Moves, movedOn } from "#enclave/room/moves.ts";
import { Outcomes } from "#enclave/room/outcomes.ts";
import { movesPendingMax, outcomesKept } from "#protocol/limits.ts";
import { firstMoveNumber, mayBeginRow } from "#protocol/move-number.ts";
import type { PlayerId } from "#protocol/identity.ts";

const ann = "a" as PlayerId;

function played(...numbers: number[]): { moves: Moves; outcomes: Outcomes } {
  const outcomes = new Outcomes();
  for (const n of numbers) outcomes.add(ann, [n, null]);
  return { moves: new Moves(outcomes), outcomes };
}

test("a row begins above every number that was taken, and goes on one by one", () => {
  const { moves } = played(1, 2);
  const first = firstMoveNumber(2, 77);
  expect([first > 2, mayBeginRow(first), Number.isSafeInteger(first)]).toEqual([true, true, true]);
  for (const n of [first, first + 1, firstMoveNumber(first + 1, 0)]) {
    expect(moves.take(ann, n)).toEqual({ arrival: "new" });
  }
});

test.for([
  ["nothing", 0],
  ["a gap", 4],
  ["the middle of a row", firstMoveNumber(2, 5) + 1],
] as const)("%s is no number of a next move", ([, n]) => {
  expect(() => played(1, 2).moves.take(ann, n)).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("numbers of two windows are never the same, though both joined where none was taken", () => {
  const [one, other] = [firstMoveNumber(0, 1), firstMoveNumber(0, 2)];
  const { moves } = played(other);
  expect(moves.take(ann, one)).toEqual({ arrival: "answered", outcome: [one, movedOn] });
});

test("what was answered so long ago that it is forgotten is not made again", () => {
  const { moves } = played(...Array.from({ length: outcomesKept + 1 }, (_, i) => i + 1));
  expect(moves.take(ann, 1)).toEqual({ arrival: "answered", outcome: [1, movedOn] });
  expect(moves.take(ann, 2)).toEqual({ arrival: "answered", outcome: [2, null] });
});

test("moves that wait are counted, whatever their numbers are", () => {
  const { moves, outcomes } = played();
  const numbers = Array.from({ length: movesPendingMax }, (_, i) => firstMoveNumber(0, 0) + i);
  for (const n of numbers) moves.take(ann, n);
  const next = numbers.at(-1)! + 1;
  expect(() => moves.take(ann, next)).toThrow(expect.objectContaining({ code: "too-many-moves" }));
  outcomes.add(ann, [numbers[0]!, null]);
  expect(moves.take(ann, next)).toEqual({ arrival: "new" });
  expect(moves.take(ann, numbers[1]!)).toEqual({ arrival: "known" });
});

test("what a boundary has applied waits for nobody any more, whoever made it and left", () => {
  const { moves, outcomes } = played();
  const first = firstMoveNumber(0, 0);
  moves.take(ann, first);
  outcomes.add(ann, [first, null]);
  moves.settle();
  expect(moves.take(ann, first)).toEqual({ arrival: "answered", outcome: [first, null] });
});

test("whoever chose the highest number there is goes on from there", () => {
  const highest = firstMoveNumber(2 ** 52 - 2 ** 32, 0xffff);
  expect(highest).toBe(2 ** 52 - 2 ** 32 + 1);
  expect(firstMoveNumber(2 ** 52 - 1, 3)).toBe(2 ** 52);
});
