/** The ground: the same everywhere, and nobody leaves it or walks through what stands on it. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distance, edgeTowards, gateBase, Ground, landHeight, pathAt, type Spot } from "#world/island/ground.ts";
import { arrival, hub } from "#world/island/island.ts";
import { layOut } from "#world/island/layout.ts";
import { layeredNoise, noise, randomFrom } from "#world/island/random.ts";
import { bodyRadius, runSpeed, Terrain, walkSpeed } from "#world/island/walk.ts";
import { land } from "#world/art/land.ts";

const terrain = new Terrain(hub);
const ground = new Ground(hub);

describe("the ground", () => {
  test("has the same bits wherever it is asked for", () => {
    const heights = new Float64Array(81 * 81);
    for (let i = 0; i < 81; i++)
      for (let j = 0; j < 81; j++) heights[i * 81 + j] = ground.height((i - 40) * 0.7, (j - 40) * 0.7);
    // If this changes, rooms of before and pages of now disagree about where people stand: change it on purpose.
    expect(createHash("sha256").update(heights).digest("hex").slice(0, 16)).toMatchInlineSnapshot(`"6f4f0e510d6226ee"`);
    expect(
      createHash("sha256")
        .update(JSON.stringify(layOut(hub)))
        .digest("hex")
        .slice(0, 16),
    ).toMatchInlineSnapshot(`"da305679934a5c71"`);
  });

  test("is flat on the plaza, falls at its edge, and is paved where paths are", () => {
    for (let r = 0; r < hub.plaza; r += 0.5) expect(landHeight(hub, r, 0)).toBe(0);
    const edge = edgeTowards(hub, 1, 0.3);
    const length = distance(1, 0.3);
    const at = (share: number): number => landHeight(hub, (edge * share) / length, (edge * share * 0.3) / length);
    expect(at(0.9) - at(1)).toBeGreaterThan(0.5);
    expect(pathAt(hub, 0, 15)).toBe(1);
    expect(pathAt(hub, 14, -14)).toBe(0);
  });

  test("rises in steps at a gate, in whose ring one can step through", () => {
    ground.gates.forEach((gate, i) => {
      expect(ground.height(gate.x, gate.z)).toBeCloseTo(gateBase(hub, gate) + 0.66);
      expect(ground.gateAt(gate.x, gate.z)).toBe(hub.gates[i]!.id);
    });
    expect(ground.gateAt(0, 0)).toBeNull();
  });

  test("is what is drawn: every corner of the top lies on it", () => {
    const { positions } = land(hub, { rings: 12, around: 48 }).data();
    let tops = 0;
    for (let i = 0; i < positions.length; i += 3) {
      const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!];
      if (y < -0.85) continue;
      expect(y).toBeCloseTo(landHeight(hub, x, z), 4);
      tops += 1;
    }
    expect(tops).toBeGreaterThan(3000);
  });
});

describe("somebody who walks", () => {
  const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
  const walks = fc.array(
    fc.record({ angle, run: fc.boolean(), seconds: fc.double({ min: 0.01, max: 2, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  );

  /** How far somebody is in what is solid; below zero when they touch nothing. */
  const deepest = (at: Spot): number =>
    Math.max(...terrain.layout.solids.map(({ x, z, radius }) => radius + bodyRadius - distance(at.x - x, at.z - z)));
  /** Who is pressed between two things may be so far in one of them. */
  const pressed = 0.1 + 1e-9;

  test("stays on the island and out of what is solid, whatever they wish", () => {
    fc.assert(
      fc.property(walks, (steps) => {
        let at: Spot = arrival;
        for (const { angle: towards, run, seconds } of steps) {
          at = terrain.walk(at, { x: Math.cos(towards), z: Math.sin(towards), run }, seconds);
          // Where one can walk, the edge is straight between two of its bearings.
          expect(distance(at.x, at.z)).toBeLessThanOrEqual(edgeTowards(hub, at.x, at.z) * 0.93 + 0.05);
          expect(deepest(at)).toBeLessThan(pressed);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is not pushed by the edge into what stands there", () => {
    for (const { x, z, radius } of terrain.layout.solids) {
      const r = distance(x, z);
      if (r === 0) continue;
      for (const side of [-1, 1]) {
        // From beside it, along the edge and outwards.
        let at = { x: x - (side * z * (radius + 1)) / r, z: z + (side * x * (radius + 1)) / r };
        for (let k = 0; k < 60; k++) {
          const push = { x: (side * z) / r + (0.4 * x) / r, z: (-side * x) / r + (0.4 * z) / r, run: true };
          at = terrain.walk(at, push, 0.05);
          expect(deepest(at)).toBeLessThan(pressed);
        }
      }
    }
  });

  test.for([
    ["walks", false, walkSpeed],
    ["runs", true, runSpeed],
  ] as const)("%s at their speed, also askew, and never faster", ([, run, speed]) => {
    const open = { x: 0, z: -12.5 };
    const far = (x: number, z: number): number => {
      const to = terrain.walk(open, { x, z, run }, 0.4);
      return distance(to.x - open.x, to.z - open.z);
    };
    expect(far(0, 1)).toBeCloseTo(speed * 0.4);
    expect(far(0.6, 0.8)).toBeCloseTo(speed * 0.4);
    expect(far(30, 40)).toBeCloseTo(speed * 0.4);
    expect(far(0, 0.5)).toBeCloseTo(speed * 0.2);
  });

  test.for([
    [Number.NaN, 0],
    [Infinity, 0],
    [0, 0],
  ])("stays where they are for a wish of %d, %d", ([x, z]) => {
    expect(terrain.walk(arrival, { x: x!, z: z!, run: true }, 1)).toEqual(arrival);
  });

  test("reaches each gate from where they arrive, around the pedestal", () => {
    for (const [i, gate] of ground.gates.entries()) {
      let at: { readonly x: number; readonly z: number } = arrival;
      // Around the plaza first, on the side that the gate is on.
      const side = i === 1 ? -7 : 7;
      for (const goal of [{ x: side, z: -3 }, { x: side, z: 4 }, gate]) {
        for (let k = 0; k < 400 && distance(goal.x - at.x, goal.z - at.z) > 0.5; k++) {
          const left = distance(goal.x - at.x, goal.z - at.z);
          at = terrain.walk(at, { x: (goal.x - at.x) / left, z: (goal.z - at.z) / left, run: false }, 0.05);
        }
      }
      expect(ground.gateAt(at.x, at.z)).toBe(hub.gates[i]!.id);
    }
  });
});

describe("noise", () => {
  test("stays between 0 and 1 and is smooth", () => {
    const place = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(place, place, fc.integer({ min: 0, max: 1e6 }), (x, y, seed) => {
        for (const value of [noise(x, y, seed), layeredNoise(x, y, seed)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(1);
        }
        expect(Math.abs(noise(x, y, seed) - noise(x + 1e-4, y, seed))).toBeLessThan(1e-3);
      }),
    );
  });

  test("and chance come from the seed alone", () => {
    const draw = (seed: number): number[] => {
      const random = randomFrom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});
