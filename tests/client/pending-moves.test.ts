import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClientError } from "#client/errors.ts";
import { PendingMoves } from "#client/pending-moves.ts";
import { Moves, movedOn } from "#enclave/room/moves.ts";
import { Outcomes } from "#enclave/room/outcomes.ts";
import { outcomesKept } from "#protocol/limits.ts";
import { firstMoveNumber } from "#protocol/move-number.ts";
import type { PlayerId } from "#protocol/identity.ts";

const first = firstMoveNumber(0, 0);
const add = (moves: PendingMoves, move: string) => {
  const { n, outcome } = moves.add(move, true);
  return { n: n!, outcome };
};

test("moves have numbers in a row, and each answer finds its own", async () => {
  const moves = new PendingMoves();
  const [one, other] = [add(moves, "a"), add(moves, "b")];
  expect([one.n, other.n]).toEqual([first, first + 1]);
  moves.answer([other.n, "no"]);
  moves.answer([one.n, null]);
  expect(await one.outcome).toEqual({ accepted: true });
  expect(await other.outcome).toEqual({ accepted: false, reason: "no" });
  expect(moves.moves).toEqual([]);
});

test("an answer that comes twice, or to nothing, is ignored", async () => {
  const moves = new PendingMoves();
  const { n, outcome } = add(moves, "a");
  moves.answer([n + 7, "never made"]);
  moves.answer([n, null]);
  moves.answer([n, "changed my mind"]);
  expect(await outcome).toEqual({ accepted: true });
});

test("what the room has taken is sent again too, under its number, because the answer may be lost", () => {
  const moves = new PendingMoves();
  const [a, b, c] = ["a", "b", "c"].map((move) => add(moves, move).n);
  moves.answer([a!, null]);
  expect(moves.resend(c!)).toEqual([
    { n: b, move: "b" },
    { n: c, move: "c" },
  ]);
  expect(add(moves, "d").n).toBe(c! + 1);
});

test("after another window has moved, what is new goes behind its moves", () => {
  const moves = new PendingMoves();
  moves.answer([add(moves, "a").n, null]);
  const others = firstMoveNumber(first, 9) + 4;
  expect(moves.resend(others)).toEqual([]);
  expect(add(moves, "b").n).toBe(firstMoveNumber(others, 0));
});

test("a move that no room has got yet is numbered by the one that it is sent to", () => {
  const moves = new PendingMoves(2);
  const sent = add(moves, "sent").n;
  expect(moves.add("kept", false).n).toBeUndefined();
  const others = firstMoveNumber(sent, 1);
  expect(moves.resend(others)).toEqual([
    { n: sent, move: "sent" },
    { n: firstMoveNumber(others, 0), move: "kept" },
  ]);
});

test("a room that has taken fewer moves than it answered is an older copy of itself", () => {
  const moves = new PendingMoves();
  const [a, b, c] = ["a", "b", "c"].map((move) => add(moves, move).n) as [number, number, number];
  moves.answer([a, null]);
  moves.answer([b, "No."]);
  expect([0, a, b, c].map((taken) => moves.isBehind(taken))).toEqual([true, true, false, false]);
});

test("when nobody will answer any more, every move that waits is told so", async () => {
  const moves = new PendingMoves();
  const outcomes = [add(moves, "a"), add(moves, "b")].map(({ outcome }) => outcome);
  moves.fail(new ClientError("taken-over", { source: "room" }));
  for (const outcome of outcomes) await expect(outcome).rejects.toMatchObject({ code: "taken-over" });
});

const player = "p" as PlayerId;

/** What a room knows of one player's moves: those it has taken, and after the boundary what came of them. */
class Copy {
  outcomes = new Outcomes();
  moves = new Moves(this.outcomes);
  readonly made: string[] = [];
  #waiting: { readonly n: number; readonly move: string }[] = [];

  /** As it is on the disk: without what waits. */
  copy(): Copy {
    const copy = new Copy();
    for (const [, outcomes] of this.outcomes.all()) for (const outcome of outcomes) copy.outcomes.add(player, outcome);
    copy.made.push(...this.made);
    return copy;
  }

  receive(n: number, move: string): void {
    const arrival = this.moves.take(player, n);
    if (arrival.arrival === "new") this.#waiting.push({ n, move });
  }

  boundary(): void {
    for (const { n, move } of this.#waiting.splice(0)) {
      this.made.push(move);
      this.outcomes.add(player, [n, null]);
    }
  }

  answerTo(n: number): readonly [number, string | null] | undefined {
    const arrival = this.moves.take(player, n);
    return arrival.arrival === "answered" ? arrival.outcome : undefined;
  }
}

interface Window {
  readonly pending: PendingMoves;
  readonly made: { readonly move: string; readonly n: number; answer?: string | null }[];
}

/** One step of several windows of one player; some join a copy of the room that is older, and never durable. */
const anyStep = fc.record({
  window: fc.nat(2),
  where: fc.constantFrom("room", "room", "older", "oldest"),
  moves: fc.nat(4),
  heard: fc.boolean(),
  anew: fc.boolean(),
  bits: fc.nat(0xffff),
});

describe("several windows of one player, some of which were shown an older copy of the room", () => {
  test("are each told what became of their own moves, and of no others; none is made twice", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const room = new Copy();
        const kept = [room.copy()];
        const windows = new Map<number, Window>();
        let number = 0;
        for (const { window: i, where, moves, heard, anew, bits } of steps) {
          const at = where === "room" ? room : kept[where === "oldest" ? 0 : kept.length - 1]!.copy();
          let window = windows.get(i);
          if (window === undefined || anew) {
            window = { pending: new PendingMoves(at.moves.newest(player), bits), made: [] };
            windows.set(i, window);
          } else if (window.pending.isBehind(at.moves.newest(player))) {
            continue;
          } else {
            for (const { n, move } of window.pending.resend(at.moves.newest(player))) at.receive(n, move as string);
          }
          for (let left = moves; left > 0 && window.pending.moves.length < 20; left--) {
            const move = `${i}: ${(number += 1)}`;
            const { n } = window.pending.add(move, true);
            window.made.push({ move, n: n! });
            at.receive(n!, move);
          }
          at.boundary();
          // Of an older copy nothing is ever durable, so it answers nobody.
          if (at !== room) continue;
          kept.push(room.copy());
          if (heard) hear(window, room);
        }
        expect(new Set(room.made).size).toBe(room.made.length);
      }),
      { numRuns: 500 },
    );
  });

  function hear({ pending, made }: Window, room: Copy): void {
    for (const one of made) {
      if (one.answer !== undefined) continue;
      const answer = room.answerTo(one.n);
      if (answer === undefined) continue;
      one.answer = answer[1];
      pending.answer(answer);
      const at = room.made.indexOf(one.move);
      const isRemembered = at !== -1 && room.made.length - at <= outcomesKept;
      expect(one).toMatchObject({ answer: isRemembered ? null : movedOn });
    }
  }
});
