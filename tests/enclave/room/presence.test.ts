/** While somebody is absent the others wait, for a while, and nobody is shown anything. */
import { expect, test } from "vitest";
import { alice, bob, carol } from "./harness.ts";
import { twoPlaying } from "./two-playing.ts";

test("while a seated player is absent nothing is applied, no clock runs and no view leaves", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 9 });
  it.pass(500);
  it.room.drop(2, it.now);
  it.move(1, 2, { add: 1 });
  it.enter(3, carol, { want: "watch" });
  it.pass(5000);
  expect(it.status(1)).toMatchObject({ phase: "paused", waiting: [[1, 10_000]] });
  expect(it.outcomes(1)).toEqual([[1, null]]);
  expect(it.view(1)).toEqual({ total: 9, seen: ["join 0", "join 1"] });
  expect(it.view(3)).toBeUndefined();
  it.enter(6, bob);
  it.pass(20);
  expect(it.outcomes(1)).toEqual([
    [1, null],
    [2, null],
  ]);
  expect(it.view(6)).toEqual({ total: 10, seen: ["join 0", "join 1", "dropped 1", "returned 1"] });
  // Half of the second had passed before the pause.
  it.pass(600);
  expect(it.view(1)).toMatchObject({ seen: expect.arrayContaining([expect.stringMatching(/^timer nine at /)]) });
});

test("who stays away too long ends the room as abandoned, and nothing more is shown", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 4 });
  it.pass(20);
  const before = it.view(1);
  it.room.drop(2, it.now);
  it.pass(9000);
  expect(it.status(1)?.phase).toBe("paused");
  it.pass(1500);
  expect(it.status(1)).toMatchObject({
    phase: "ended",
    ended: { how: "abandoned", result: { total: 4, absent: [1] } },
  });
  expect(it.view(1)).toEqual(before);
});

test("several absences count together", () => {
  const it = twoPlaying();
  for (const connection of [2, 7, 8]) {
    if (connection !== 2) it.enter(connection, bob);
    it.pass(1000);
    it.room.drop(connection, it.now);
    it.pass(4000);
  }
  expect(it.status(1)).toMatchObject({ phase: "ended", ended: { how: "abandoned" } });
});

test("while both are away nobody loses patience", () => {
  const it = twoPlaying();
  it.room.drop(1, it.now);
  it.room.drop(2, it.now);
  it.pass(60 * 60_000);
  it.enter(11, alice);
  it.enter(12, bob);
  it.pass(20);
  expect(it.status(11)?.phase).toBe("playing");
  it.room.drop(12, it.now);
  it.pass(5000);
  expect(it.status(11)?.phase).toBe("paused");
});

test("leaving while somebody is absent abandons the room for both", () => {
  const it = twoPlaying();
  it.enter(3, carol, { want: "watch" });
  it.pass(20);
  it.room.drop(2, it.now);
  it.pass(100);
  it.room.receive(1, { type: "leave" }, it.now);
  it.pass(100);
  expect(it.closed.get(1)).toBe("left");
  expect(it.status(3)).toMatchObject({ ended: { how: "abandoned", result: { absent: [0, 1] } } });
});
