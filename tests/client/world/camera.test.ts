/** Where the camera is: never in or behind what is solid, and where somebody is seen whole beside what lies over the picture. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Boom } from "#world/camera/boom.ts";
import { Bulk } from "#world/camera/bulk.ts";
import { farthest, sightOf, startOrbit, type Orbit, type Sight, type Spot3 } from "#world/camera/orbit.ts";
import { portrait, spaceBeside, type Lens, type Space } from "#world/camera/portrait.ts";
import { gateBase, type Spot } from "#world/island/ground.ts";
import { hub } from "#world/island/island.ts";
import { Terrain } from "#world/island/walk.ts";
import { heapTaken } from "../../support/heap-taken.ts";
import { keptModels } from "./kept-models.ts";

const terrain = new Terrain(hub);
const bulk = new Bulk(terrain);
const height = (x: number, z: number): number => terrain.ground.height(x, z);

/** From where one sees somebody, with the eye as near as it has to be. */
function seen({ x, z }: Spot, orbit: Orbit): { readonly sight: Sight; readonly free: number; readonly far: number } {
  const sight = sightOf(orbit, [x, height(x, z), z], height);
  const far = apart(sight.eye, sight.pivot);
  const free = bulk.clear(sight.pivot, sight.eye);
  for (let axis = 0; axis < 3; axis++)
    sight.eye[axis] = sight.pivot[axis]! + ((sight.eye[axis]! - sight.pivot[axis]!) * free) / far;
  return { sight, free, far };
}

const apart = (a: Readonly<Spot3>, b: Readonly<Spot3>): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const minus = (a: Readonly<Spot3>, b: Readonly<Spot3>): Spot3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Readonly<Spot3>, b: Readonly<Spot3>): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Readonly<Spot3>, b: Readonly<Spot3>): Spot3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

type Triangle = readonly [Spot3, Spot3, Spot3];

/** Whether a line of sight goes through a triangle, after Möller and Trumbore. */
function pierces(from: Readonly<Spot3>, to: Readonly<Spot3>, [a, b, c]: Triangle): boolean {
  const along = minus(to, from);
  const [one, two] = [minus(b, a), minus(c, a)];
  const across = cross(along, two);
  const slope = dot(one, across);
  if (Math.abs(slope) < 1e-9) return false;
  const offset = minus(from, a);
  const u = dot(offset, across) / slope;
  const beyond = cross(offset, one);
  const v = dot(along, beyond) / slope;
  const t = dot(two, beyond) / slope;
  return u >= 0 && v >= 0 && u + v <= 1 && t >= 0 && t <= 1;
}

/** The stones of each gate as they are drawn, above its steps. */
async function stonesOfGates(): Promise<readonly Triangle[]> {
  const { positions, indices } = (await keptModels("low")).scenery.portal;
  return terrain.ground.gates.flatMap((gate) => {
    const turn = Math.atan2(gate.x, gate.z);
    const base = gateBase(hub, gate);
    const corner = (index: number): Spot3 => {
      const [x, y, z] = [positions[index * 3]!, positions[index * 3 + 1]!, positions[index * 3 + 2]!];
      return [
        gate.x + x * Math.cos(turn) + z * Math.sin(turn),
        base + y,
        gate.z + z * Math.cos(turn) - x * Math.sin(turn),
      ];
    };
    const triangles = Array.from({ length: indices.length / 3 }, (_, i): Triangle => [
      corner(indices[i * 3]!),
      corner(indices[i * 3 + 1]!),
      corner(indices[i * 3 + 2]!),
    ]);
    return triangles.filter((triangle) => triangle.some(([, y]) => y > base + 0.8));
  });
}

const orbits = fc.record({
  yaw: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  pitch: fc.double({ min: -0.35, max: 1.25, noNaN: true }),
  distance: fc.double({ min: 2.6, max: farthest, noNaN: true }),
});

test("close to a gate no stone of it stands between the camera and whom it follows", async () => {
  const stones = await stonesOfGates();
  const near = fc.record({
    gate: fc.constantFrom(...terrain.ground.gates),
    aside: fc.double({ min: -5, max: 5, noNaN: true }),
    ahead: fc.double({ min: -5, max: 5, noNaN: true }),
  });
  fc.assert(
    fc.property(near, orbits, ({ gate, aside, ahead }, orbit) => {
      const spot = { x: gate.x + aside, z: gate.z + ahead };
      fc.pre(terrain.isFree(spot));
      const { sight } = seen(spot, orbit);
      expect(stones.filter((stone) => pierces(sight.pivot, sight.eye, stone))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("where nothing stands, the camera is as far away as it is wished to be", () => {
  const { free, far } = seen({ x: 0, z: -12.5 }, startOrbit);
  expect(free).toBeCloseTo(far, 6);
});

test("a lamp may stand between, as long as it does not fill the picture", () => {
  const lamp = terrain.layout.things.find(({ thing }) => thing === "lamp")!;
  const behind = (metres: number): Spot => ({ x: lamp.x, z: lamp.z + metres });
  // The camera looks north from 7.5 m to the south of somebody.
  const far = seen(behind(3), { ...startOrbit, pitch: 0 });
  expect(far.free).toBeCloseTo(far.far, 6);
  const close = seen(behind(7), { ...startOrbit, pitch: 0 });
  expect(close.free).toBeLessThan(7);
  expect(close.free).toBeGreaterThan(6);
});

test("to look takes no memory, however often it is done", async () => {
  // One number would be sixteen bytes.
  expect(await heapTaken(new URL("looking.ts", import.meta.url))).toBeLessThan(1);
});

describe("a camera that something draws in", () => {
  const frame = 1 / 60;

  test("is there in a blink, and goes back in a breath", () => {
    const boom = new Boom();
    expect(boom.reach(7, 7, frame)).toBe(7);
    expect(boom.reach(7, 2, frame)).toBeLessThan(6);
    for (let i = 0; i < 15; i++) boom.reach(7, 2, frame);
    expect(boom.reach(7, 2, frame)).toBeLessThan(2.1);
    expect(boom.reach(7, 7, frame)).toBeLessThan(2.5);
    for (let i = 0; i < 120; i++) boom.reach(7, 7, frame);
    expect(boom.reach(7, 7, frame)).toBeGreaterThan(6.95);
  });

  test("never swings over, however seldom frames are drawn", () => {
    const metres = fc.double({ min: 0, max: farthest, noNaN: true });
    const seconds = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(metres, seconds), { minLength: 1 }), (steps) => {
        const boom = new Boom();
        let before = farthest;
        for (const [clear, time] of steps) {
          const now = boom.reach(farthest, clear, time);
          expect(now).toBeGreaterThanOrEqual(Math.min(before, clear) - 1e-9);
          expect(now).toBeLessThanOrEqual(Math.max(before, clear) + 1e-9);
          before = now;
        }
      }),
    );
  });
});

/** Where a point is in the picture: 0 to 1 from the left and from the top. */
function shown({ eye, target }: Sight, point: Spot3, { fov, aspect }: Lens): readonly [x: number, y: number] {
  const ahead = minus(target, eye);
  const right = cross([0, 1, 0], ahead);
  const up = cross(ahead, right);
  const to = minus(point, eye);
  const along = (axis: Spot3): number => dot(to, axis) / Math.hypot(...axis);
  const slope = Math.tan(fov / 2) * along(ahead);
  return [0.5 + along(right) / (2 * slope * aspect), 0.5 - along(up) / (2 * slope)];
}

describe("whoever chooses how they look", () => {
  const wide: Lens = { fov: 0.82, aspect: 1.6 };
  const phone: Lens = { fov: 1.02, aspect: 390 / 844 };
  test.for<readonly [string, Space, Lens]>([
    ["beside a panel at the left", { left: 0.35, top: 0.07, width: 0.65, height: 0.93 }, wide],
    ["beside a sheet at the right", { left: 0, top: 0.07, width: 0.72, height: 0.93 }, wide],
    ["above a panel on a phone", { left: 0, top: 0.07, width: 1, height: 0.22 }, phone],
    ["above a sheet on a phone", { left: 0, top: 0.07, width: 1, height: 0.43 }, phone],
    [
      "beside a sheet on a phone held across",
      { left: 0, top: 0.15, width: 0.52, height: 0.85 },
      { ...wide, aspect: 2.16 },
    ],
  ])("is seen whole %s", ([, space, lens]) => {
    const sight = sightOf(portrait({ yaw: 2, pitch: 0.08, distance: 5 }, space, lens), [3, 0, 4], () => -9);
    for (const metres of [0.02, 1, 2]) {
      const [x, y] = shown(sight, [3, metres, 4], lens);
      expect(x).toBeGreaterThan(space.left + space.width * 0.3);
      expect(x).toBeLessThan(space.left + space.width * 0.7);
      expect(y).toBeGreaterThan(space.top);
      expect(y).toBeLessThan(space.top + space.height);
    }
  });

  test.for([
    [
      "right of it",
      { left: 60, top: 160, right: 490, bottom: 800 },
      { width: 1440, height: 900 },
      [490, 70, 1440, 900],
    ],
    ["left of it", { left: 1040, top: 0, right: 1440, bottom: 900 }, { width: 1440, height: 900 }, [0, 70, 1040, 900]],
    ["above it", { left: 16, top: 300, right: 374, bottom: 828 }, { width: 390, height: 844 }, [0, 70, 390, 300]],
  ] as const)("has the picture %s", ([, panel, window, [left, top, right, bottom]]) => {
    expect(spaceBeside(panel, 70, window)).toEqual({
      left: left / window.width,
      top: top / window.height,
      width: (right - left) / window.width,
      height: (bottom - top) / window.height,
    });
  });
});
