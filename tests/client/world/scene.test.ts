/** The scene on an engine that draws nothing: it builds, at every quality, and costs what it may. */
import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plainLook } from "#world/avatars/look.ts";
import { startOrbit, toggledView, type Orbit } from "#world/camera/orbit.ts";
import { hub } from "#world/island/island.ts";
import { levels, qualities, type Level } from "#world/quality/levels.ts";
import { Rehearsal } from "#world/rehearsal/rehearsal.ts";
import { daylightAt, WorldScene } from "#world/worlds/world-scene.ts";
import { keptModels } from "./kept-models.ts";

const still = { x: 0, z: 0, run: false };

let engine: NullEngine;
beforeEach(() => {
  engine = new NullEngine({
    renderWidth: 640,
    renderHeight: 360,
    textureSize: 512,
    deterministicLockstep: false,
    lockstepMaxSteps: 4,
  });
});
afterEach(() => engine.dispose());

async function staged(level: Level, cast: number): Promise<{ readonly world: Rehearsal; readonly view: WorldScene }> {
  const quality = qualities[level];
  const world = new Rehearsal({ island: hub, cast });
  const view = new WorldScene({
    engine,
    terrain: world.terrain,
    models: await keptModels(quality.avatars),
    quality,
    names: false,
  });
  return { world, view };
}

const instancesOf = (view: WorldScene, name: string): number =>
  (view.scene.getMeshByName(name) as Mesh | null)?.thinInstanceCount ?? 0;

describe.for(levels)("at %s quality", (level) => {
  test("the hub is built, drawn and taken away", async () => {
    const { world, view } = await staged(level, 20);
    world.enter("Ada", plainLook);
    for (let i = 0; i < 3; i++) {
      world.advance(1 / 30, { x: 0, z: 1, run: false });
      view.draw(world, startOrbit, i / 30);
    }
    for (const name of ["island", "pedestal", "origin-core", "gate-0", "lamp", "incubator", "plaza-grid", "sky"]) {
      expect(view.scene.getMeshByName(name), name).not.toBeNull();
    }
    expect(view.scene.getMeshByName("mote") !== null).toBe(qualities[level].motes);
    view.dispose();
    expect(engine.scenes).toHaveLength(0);
  });
});

test("what is solid stands at every quality: nobody walks into the invisible", async () => {
  const counts = await Promise.all(
    (["low", "high"] as const).map(async (level) => {
      const { world, view } = await staged(level, 0);
      view.draw(world, startOrbit, 0);
      return ["pine", "rock", "blossom", "lamp", "bench"].map((name) => instancesOf(view, name));
    }),
  );
  expect(counts[0]).toEqual(counts[1]);
  expect(counts[0]!.every((count) => count > 0)).toBe(true);
});

test("a hundred avatars are a draw call for each race and each kind of part, however many wear it", async () => {
  const { world, view } = await staged("high", 100);
  world.advance(1 / 30, still);
  view.draw(world, startOrbit, 0);
  const few = view.crowdDrawCalls;
  expect(few).toBe(4 + 15 + 1);
  expect(["cyborg", "spectre", "xgene", "pandroid"].reduce((sum, race) => sum + instancesOf(view, race), 0)).toBe(100);
  expect(instancesOf(view, "contact-shadow")).toBe(100);
  expect(view.crowdTriangles).toBeLessThan(350_000);
});

test("the low crowd has a third of the triangles", async () => {
  const [low, high] = await Promise.all([staged("low", 100), staged("high", 100)]);
  for (const { world, view } of [low, high]) {
    world.advance(1 / 30, still);
    view.draw(world, startOrbit, 0);
  }
  expect(low.view.crowdTriangles).toBeLessThan(high.view.crowdTriangles / 2);
});

test("who looks with their own eyes sees neither themselves nor their shadow; who puts on a part is seen with it", async () => {
  const { world, view } = await staged("low", 0);
  world.enter("Ada", plainLook);
  view.draw(world, startOrbit, 0);
  expect(view.scene.getMeshByName("pandroid")!.isEnabled()).toBe(true);
  expect(view.scene.getMeshByName("contact-shadow")!.isVisible).toBe(true);
  expect(view.scene.getMeshByName("wizard-hood")!.isEnabled()).toBe(false);
  world.dress({ ...plainLook, parts: ["wizard-hood"] });
  view.draw(world, startOrbit, 0);
  expect(view.scene.getMeshByName("wizard-hood")!.isEnabled()).toBe(true);
  view.draw(world, toggledView(startOrbit), 0);
  expect(view.scene.getMeshByName("pandroid")!.isEnabled()).toBe(false);
  expect(view.scene.getMeshByName("contact-shadow")!.isVisible).toBe(false);
});

test("who stands right before the camera is not drawn, unless one looks with one's own eyes", async () => {
  const { world, view } = await staged("low", 1);
  world.enter("Ada", plainLook);
  const own = world.avatars.get(world.own!)!;
  const other = [...world.avatars.values()].find(({ id }) => id !== own.id)!;
  const drawn = (orbit: Orbit): boolean => {
    [other.x, other.z] = [own.x, own.z - startOrbit.distance + 1];
    other.look = { ...plainLook, race: "spectre" };
    view.draw(world, orbit, 0);
    return view.scene.getMeshByName("spectre")!.isEnabled();
  };
  expect(drawn(startOrbit)).toBe(false);
  expect(drawn({ ...startOrbit, distance: 15 })).toBe(true);
  [other.x, other.z] = [own.x, own.z + 1];
  view.draw(world, toggledView(startOrbit), 0);
  expect(view.scene.getMeshByName("spectre")!.isEnabled()).toBe(true);
});

test("a word stands over the head of who said it, and not behind the camera", async () => {
  const { world, view } = await staged("low", 0);
  world.enter("Ada", plainLook);
  const own = world.avatars.get(0)!;
  view.draw(world, startOrbit, 0);
  const there = view.onScreen(own, world)!;
  expect(there.x).toBeCloseTo(0.5, 1);
  expect(there.y).toBeGreaterThan(0.2);
  expect(there.y).toBeLessThan(0.6);
  view.draw(world, { ...toggledView(startOrbit), yaw: 0 }, 0);
  own.z -= 5;
  expect(view.onScreen(own, world)).toBeNull();
});

test("the first half of a day is light, and night comes in the second", () => {
  const lights = Array.from({ length: 48 }, (_, i) => daylightAt(i / 48));
  expect(Math.min(...lights.slice(1, 24))).toBeGreaterThan(0.9);
  expect(Math.min(...lights)).toBe(0);
  // Nobody sees it jump.
  lights.forEach((light, i) => expect(Math.abs(light - lights[(i + 1) % 48]!)).toBeLessThan(0.3));
});

test("a hundred frames leave nothing behind", async () => {
  const { world, view } = await staged("low", 60);
  view.draw(world, startOrbit, 0);
  const before = [view.scene.meshes.length, view.scene.materials.length, view.scene.textures.length];
  for (let i = 0; i < 100; i++) {
    world.advance(1 / 30, still);
    view.draw(world, startOrbit, i / 30);
  }
  expect([view.scene.meshes.length, view.scene.materials.length, view.scene.textures.length]).toEqual(before);
});
