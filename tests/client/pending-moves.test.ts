import { expect, test } from "vitest";
import { ClientError } from "#client/errors.ts";
import { PendingMoves } from "#client/pending-moves.ts";

const numbers = (moves: readonly { readonly n: number }[]): number[] => moves.map(({ n }) => n);

test("moves are numbered from one, and each answer finds its own", async () => {
  const moves = new PendingMoves();
  const first = moves.add("a");
  const second = moves.add("b");
  expect([first.n, second.n]).toEqual([1, 2]);
  moves.answer([2, "no"]);
  moves.answer([1, null]);
  expect(await first.outcome).toEqual({ accepted: true });
  expect(await second.outcome).toEqual({ accepted: false, reason: "no" });
  expect(moves.moves).toEqual([]);
});

test("an answer that comes twice, or to nothing, is ignored", async () => {
  const moves = new PendingMoves();
  const { outcome } = moves.add("a");
  moves.answer([7, "never made"]);
  moves.answer([1, null]);
  moves.answer([1, "changed my mind"]);
  expect(await outcome).toEqual({ accepted: true });
});

test("what the room has answered is sent again too, under its number, because the answer may be lost", () => {
  const moves = new PendingMoves();
  for (const move of ["a", "b", "c"]) moves.add(move);
  moves.answer([1, null]);
  expect(moves.resend(3)).toEqual([
    { n: 2, move: "b" },
    { n: 3, move: "c" },
  ]);
  expect(moves.add("d").n).toBe(4);
});

test("after another window has played, counting goes on from where the room stands", () => {
  const moves = new PendingMoves();
  moves.add("a");
  moves.answer([1, null]);
  expect(moves.resend(5)).toEqual([]);
  expect(moves.add("b").n).toBe(6);
});

test("a room that went back to before an unanswered move never had it, and counts it on from there", () => {
  // Two moves of another window were taken, and lost with the worker before anybody was told of them.
  const moves = new PendingMoves(2);
  for (const move of ["c", "d"]) moves.add(move);
  expect(moves.isBehind(0)).toBe(false);
  expect(numbers(moves.resend(0))).toEqual([1, 2]);
  expect(moves.add("e").n).toBe(3);
});

test("a move that was never sent is numbered by the room that it is sent to", () => {
  const moves = new PendingMoves(2);
  moves.add("sent");
  moves.add("kept", false);
  expect(moves.resend(7)).toEqual([
    { n: 3, move: "sent" },
    { n: 8, move: "kept" },
  ]);
  expect(moves.add("next").n).toBe(9);
});

test("a room that counts fewer moves than it answered is an older copy of itself", () => {
  const moves = new PendingMoves();
  for (const move of ["a", "b", "c"]) moves.add(move);
  moves.answer([1, null]);
  moves.answer([2, "No."]);
  expect([0, 1, 2, 3].map((taken) => moves.isBehind(taken))).toEqual([true, true, false, false]);
});

test("when nobody will answer any more, every move that waits is told so", async () => {
  const moves = new PendingMoves();
  const outcomes = [moves.add("a"), moves.add("b")].map(({ outcome }) => outcome);
  moves.fail(new ClientError("taken-over", { source: "room" }));
  for (const outcome of outcomes) await expect(outcome).rejects.toMatchObject({ code: "taken-over" });
});
