/** The rules of mover, played by hand: its bodies are entities, which a test looks at from inside the room. */
import { describe, expect, test } from "vitest";
import { playRoom } from "#testing/play.ts";
import { Body, Course } from "../../../contracts/mover/components.ts";
import { alongX, alongZ, directionCount, mirroredX, mirroredZ } from "../../../contracts/mover/directions.ts";
import { mover } from "../../../contracts/mover/mover.ts";

const rows = (): number[] =>
  Array.from({ length: Body.capacity }, (_, row) => row).filter((row) => Body.live[row] === 1);

const bodyOf = (row: number) => ({
  x: Body.x[row]!,
  z: Body.z[row]!,
  walking: Body.walking[row],
  label: Body.label.get(row),
});

describe("the field", () => {
  test("is full from the beginning, and stays full", () => {
    const room = playRoom(mover);
    const [ann, ben] = [room.join(), room.join()];
    const count = () => room.inside(() => [rows().length, rows().filter((row) => Body.owner[row]! >= 0).length]);
    expect(count()).toEqual([100, 2]);
    ann.leave();
    expect(count()).toEqual([100, 1]);
    ben.drop();
    expect(count()).toEqual([100, 1]);
  });

  test("keeps everybody within its walls, and sends who runs into one another way", () => {
    const room = playRoom(mover);
    room.join();
    room.advance(60);
    room.inside(() => {
      for (const row of rows()) {
        expect(Math.abs(Body.x[row]!)).toBeLessThanOrEqual(50);
        expect(Math.abs(Body.z[row]!)).toBeLessThanOrEqual(50);
      }
    });
    expect(room.state.bumps).toBeGreaterThan(10);
  });

  test("gives a place to somebody else under another generation", () => {
    const room = playRoom(mover);
    const before = room.inside(() => Body.generation[0]);
    const ann = room.join();
    const after = room.inside(() => [Body.owner[0], Body.generation[0], Course.owner[0]]);
    expect(after).toEqual([ann.seat, before! + 1, ann.seat]);
  });
});

describe("a player", () => {
  test("walks where they steer, by a fifth of a step each tick, until a wall stops them and they are told", () => {
    const room = playRoom(mover);
    const ann = room.join();
    expect(ann.move({ direction: 0, walking: true })).toEqual({ accepted: true });
    const start = room.inside(() => bodyOf(0));
    room.advance(1);
    const second = room.inside(() => bodyOf(0));
    expect(second.x).toBeCloseTo(Math.min(50, start.x + 4), 3);
    expect(second.z).toBe(start.z);
    room.advance(25);
    expect(room.inside(() => bodyOf(0))).toEqual({ x: 50, z: start.z, walking: 0, label: "seat 0" });
    expect(ann.sent).toEqual([{ bump: expect.any(Number) }]);
  });

  test("who stands is refused to stand, and nonsense is refused with its place", () => {
    const ann = playRoom(mover).join();
    expect(ann.move({ direction: 0, walking: false })).toEqual({ accepted: false, reason: "you are standing already" });
    expect(ann.move({ direction: 32, walking: true })).toMatchObject({ reason: expect.stringMatching(/^direction: /) });
  });

  test("who has dropped stands still", () => {
    const room = playRoom(mover);
    const [ann] = [room.join(), room.join()];
    ann.move({ direction: 8, walking: true });
    ann.drop();
    const before = room.inside(() => bodyOf(0));
    room.advance(1);
    expect(room.inside(() => bodyOf(0))).toEqual({ ...before, walking: 0 });
  });
});

test("directions are unit steps around the circle, and walls throw them back", () => {
  for (let direction = 0; direction < directionCount; direction++) {
    const angle = (direction * 2 * Math.PI) / directionCount;
    expect(alongX(direction)).toBeCloseTo(Math.cos(angle), 12);
    expect(alongZ(direction)).toBeCloseTo(Math.sin(angle), 12);
    expect(alongX(mirroredX(direction))).toBeCloseTo(-alongX(direction), 12);
    expect(alongZ(mirroredX(direction))).toBeCloseTo(alongZ(direction), 12);
    expect(alongX(mirroredZ(direction))).toBeCloseTo(alongX(direction), 12);
    expect(alongZ(mirroredZ(direction))).toBeCloseTo(-alongZ(direction), 12);
  }
});
