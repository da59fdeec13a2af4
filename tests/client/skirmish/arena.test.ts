/** What the page of Skirmish draws: where things are on the screen, what the light shows, and what is remembered. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isWall, makeField, tileOf, type Field } from "#skirmish/field.ts";
import { sight, tile } from "#skirmish/terms.ts";
import { angleTo, cameraAt } from "../../../client/skirmish/arena/camera.ts";
import { lightFrom } from "../../../client/skirmish/arena/light.ts";
import { Memory } from "../../../client/skirmish/arena/memory.ts";
import { gearOf, sceneOf, type Rows } from "../../../client/skirmish/arena/scene.ts";

/** Somewhere in a field where somebody can stand. */
interface Spot {
  readonly field: Field;
  readonly x: number;
  readonly z: number;
}

const places: fc.Arbitrary<Spot> = fc
  .record({ seed: fc.nat(1000), column: fc.nat(31), row: fc.nat(31) })
  .map(({ seed, column, row }) => {
    const field = makeField(seed, 32);
    let at = row * 32 + column;
    while (field.walls[at] !== 0) at = (at + 1) % field.walls.length;
    return { field, x: ((at % 32) + 0.5) * tile, z: (Math.floor(at / 32) + 0.5) * tile };
  });

test.for([
  [1280, 800, 1280 / 46],
  [390, 844, 844 / 46],
  [320, 480, 15],
  [3840, 2160, 34],
] as const)("on %i by %i pixels a metre is as large as it should be", ([width, height, scale]) => {
  expect(cameraAt(3, 4, width, height)).toEqual({ x: 3, z: 4, width, height, scale });
});

test("a pointer beside the player aims away from the player", () => {
  const camera = cameraAt(100, 100, 800, 600);
  expect(angleTo(camera, 700, 300)).toBeCloseTo(0);
  expect(angleTo(camera, 400, 500)).toBeCloseTo(Math.PI / 2);
  expect(angleTo(camera, 100, 300)).toBeCloseTo(Math.PI);
});

/** Whether a line goes through no wall, looked at every five centimetres. It may touch one, also at corners on both sides. */
function isFree(field: Field, x: number, z: number, wayX: number, wayZ: number): boolean {
  const steps = Math.ceil(Math.hypot(wayX, wayZ) / 0.05);
  for (let step = 0; step <= steps; step++) {
    const [atX, atZ] = [x + (wayX * step) / steps, z + (wayZ * step) / steps];
    const inside = [atX, atZ].every((at) => Math.abs(at / tile - Math.round(at / tile)) * tile > 1e-3);
    if (inside && isWall(field, tileOf(atX), tileOf(atZ))) return false;
  }
  return true;
}

test("the light reaches as far as anybody sees, ends at walls, and shows no floor behind them", () => {
  fc.assert(
    fc.property(places, ({ field, x, z }) => {
      const { outline, walls } = lightFrom(field, x, z, sight);
      for (let i = 0; i < outline.length; i += 2) {
        const [toX, toZ] = [outline[i]!, outline[i + 1]!];
        const length = Math.hypot(toX - x, toZ - z);
        expect(length).toBeLessThan(sight + 1e-6);
        // Just before its end nothing is in the way.
        const part = Math.max(0, 1 - 0.02 / Math.max(length, 0.02));
        expect(isFree(field, x, z, (toX - x) * part, (toZ - z) * part)).toBe(true);
      }
      for (const wall of walls) expect(field.walls[wall]).toBe(1);
    }),
    // Along the diagonal it touches corners on either side.
    { numRuns: 30, examples: [882, 883].map((seed): [Spot] => [{ field: makeField(seed, 32), x: 9, z: 5 }]) },
  );
});

test("what was seen stays, and what was not is not there", () => {
  fc.assert(
    fc.property(places, ({ field, x, z }) => {
      const memory = new Memory(field);
      const light = lightFrom(field, x, z, sight);
      memory.take(light, x, z);
      expect(memory.seen[tileOf(z) * field.tiles + tileOf(x)]).toBe(1);
      for (const wall of light.walls) expect(memory.seen[wall]).toBe(1);
      memory.seen.forEach((seen, at) => {
        const [column, row] = [at % field.tiles, Math.floor(at / field.tiles)];
        const far = Math.hypot((column + 0.5) * tile - x, (row + 0.5) * tile - z) > sight + 2 * tile;
        if (far) expect(seen).toBe(0);
        // A wall is remembered only if light fell on it.
        if (seen === 1 && isWall(field, column, row)) expect(light.walls.has(at)).toBe(true);
      });
      const before = memory.seen.slice();
      memory.take({ outline: new Float64Array(0), walls: new Set() }, x, z);
      expect(memory.seen).toEqual(before);
    }),
    { numRuns: 30 },
  );
});

/** Rows as a room would tell of them. */
function rows({ ids, mine }: { readonly ids: readonly number[]; readonly mine: readonly number[] }): Rows {
  const columns = new Proxy(
    {},
    { get: (_, name) => Object.fromEntries(ids.map((id) => [id, `${String(name)} ${id}`])) },
  );
  const table = { ids, mine, columns, shown: () => columns };
  return { fighters: table, shots: table, finds: table, gear: table } as unknown as Rows;
}

test("the player's own fighter is not among the others", () => {
  const scene = sceneOf(rows({ ids: [0, 3, 5], mine: [3] }));
  expect(scene.self).toMatchObject({ x: "x 3", team: "team 3" });
  expect(scene.others.map(({ seat }) => seat)).toEqual(["seat 0", "seat 5"]);
  expect(scene.shots).toHaveLength(3);
  expect(scene.finds.map(({ kind }) => kind)).toEqual(["kind 0", "kind 3", "kind 5"]);
});

test("who only watches has neither fighter nor gear", () => {
  const watching = rows({ ids: [], mine: [] });
  expect(sceneOf(watching).self).toBeUndefined();
  expect(gearOf(watching)).toBeUndefined();
  expect(gearOf(rows({ ids: [2], mine: [2] }))).toMatchObject({ clip: "clip 2", felledBy: "felledBy 2" });
});
