/** Inside the page: the hub with somebody at a place that a test chooses, drawn with leaves and without. */
import { readModels } from "#world/avatars/models.ts";
import { plainLook } from "#world/avatars/look.ts";
import type { Orbit } from "#world/camera/orbit.ts";
import { hub } from "#world/island/island.ts";
import type { Spot } from "#world/island/ground.ts";
import { qualities, type Level } from "#world/quality/levels.ts";
import { Rehearsal } from "#world/rehearsal/rehearsal.ts";
import { createEngine } from "#world/render/engine.ts";
import { WorldScene } from "#world/worlds/world-scene.ts";

let canvas: HTMLCanvasElement;
let world: Rehearsal;
let view: WorldScene | undefined;

export async function stage(level: Level, width: number, height: number): Promise<void> {
  view?.scene.getEngine().dispose();
  canvas = document.createElement("canvas");
  canvas.style.cssText = `position: fixed; inset: 0; width: ${width}px; height: ${height}px`;
  document.body.replaceChildren(canvas);
  const quality = qualities[level];
  const models = await readModels(quality.avatars, async (name) => {
    const answer = await fetch(`/models/${name}`);
    return new Uint8Array(await answer.arrayBuffer());
  });
  world = new Rehearsal({ island: hub, cast: 0 });
  const engine = createEngine(canvas, false);
  engine.setSize(width, height);
  view = new WorldScene({ engine, terrain: world.terrain, models, quality, names: false });
  world.enter("Ada", plainLook);
  view.draw(world, { yaw: 0, pitch: 0.2, distance: 7 }, 0);
  await view.scene.whenReadyAsync();
}

const leaves = ["blossom", "dusk", "golden", "pine"];

function draw({ x, z }: Spot, orbit: Orbit, shown: boolean): void {
  const own = world.avatars.get(world.own!)!;
  [own.x, own.z, own.heading] = [x, z, orbit.yaw];
  for (const name of leaves) view!.scene.getMeshByName(name)!.isVisible = shown;
  view!.draw(world, orbit, 0);
}

/** @param middle along each side, the part that is read. */
function pixels(spot: Spot, orbit: Orbit, shown: boolean, middle: number): Uint8Array {
  draw(spot, orbit, shown);
  const [width, height] = [Math.round(canvas.width * middle), Math.round(canvas.height * middle)];
  const [x, y] = [(canvas.width - width) >> 1, (canvas.height - height) >> 1];
  const gl = canvas.getContext("webgl2")!;
  const read = new Uint8Array(width * height * 4);
  gl.readPixels(x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, read);
  return read;
}

/** The share that leaves and trunks take of the picture, or of its middle. */
export function leafShare(spot: Spot, orbit: Orbit, middle = 1): number {
  const [bare, full] = [pixels(spot, orbit, false, middle), pixels(spot, orbit, true, middle)];
  let differ = 0;
  for (let i = 0; i < bare.length; i += 4) {
    const apart = [0, 1, 2].reduce((sum, channel) => sum + Math.abs(bare[i + channel]! - full[i + channel]!), 0);
    if (apart > 24) differ += 1;
  }
  return differ / (bare.length / 4);
}
