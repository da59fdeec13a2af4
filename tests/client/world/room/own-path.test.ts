/** One's own avatar goes ahead of the room, and ends where the room says. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { distance, type Spot } from "#world/island/ground.ts";
import { arrival, hub } from "#world/island/island.ts";
import { Terrain, walkSpeed, type Push } from "#world/island/walk.ts";
import { OwnPath } from "#world/room/own-path.ts";

const terrain = new Terrain(hub);
const north: Push = { x: 0, z: 1, run: false };
const still: Push = { x: 0, z: 0, run: false };
const frame = 1 / 60;

/** A room that does what it is told, so many frames later, and tells of it so many frames later again. */
function* delayed(path: OwnPath, pushes: Iterable<Push>, frames: number): Generator<number> {
  let at: Spot = path.spot;
  const onTheWay: Push[] = [];
  const news: Spot[] = [];
  for (const push of pushes) {
    path.advance(frame, push);
    onTheWay.push(push);
    if (onTheWay.length > frames) at = terrain.walk(at, onTheWay.shift()!, frame);
    news.push(at);
    if (news.length > frames) path.told(news.shift()!);
    yield distance(path.spot.x - at.x, path.spot.z - at.z);
  }
}

const repeat = (push: Push, times: number): Push[] => Array.from({ length: times }, () => push);

test.for([[0], [3], [9]])("news that is old by %d frames each way does not hold one back", ([frames]) => {
  const path = new OwnPath(terrain, arrival);
  const from = path.spot;
  for (const _ of delayed(path, repeat(north, 30), frames!)) void _;
  expect(path.spot.z - from.z).toBeCloseTo(walkSpeed / 2, 1);
});

test("whichever way one walks, one stands at last where the room says", () => {
  const push = fc.record({
    x: fc.double({ min: -1, max: 1, noNaN: true }),
    z: fc.double({ min: -1, max: 1, noNaN: true }),
    run: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(push, { minLength: 1, maxLength: 4 }), fc.nat(8), (pushes, frames) => {
      const path = new OwnPath(terrain, arrival);
      const way = [...pushes.flatMap((each) => repeat(each, 12)), ...repeat(still, 120)];
      const offs = [...delayed(path, way, frames)];
      expect(offs.at(-1)).toBeLessThan(0.05);
    }),
    { numRuns: 60 },
  );
});

test("who is held back by the room slides back, and who is put elsewhere is there at once", () => {
  const path = new OwnPath(terrain, arrival);
  for (let i = 0; i < 90; i++) {
    path.advance(frame, still);
    path.told({ x: arrival.x + 1, z: arrival.z });
  }
  expect(path.spot.x).toBeCloseTo(arrival.x + 1, 1);
  path.told({ x: 10, z: 8 });
  expect(path.spot).toMatchObject({ x: 10, z: 8 });
});
