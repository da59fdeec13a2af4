/** To look around as at every frame, five thousand times. */
import { Boom } from "#world/camera/boom.ts";
import { Bulk } from "#world/camera/bulk.ts";
import { newSight, sightOf, startOrbit, type Spot3 } from "#world/camera/orbit.ts";
import { hub } from "#world/island/island.ts";
import { Terrain } from "#world/island/walk.ts";

export const times = 5000;

const bulk = new Bulk(new Terrain(hub));
const [sight, boom, feet] = [newSight(), new Boom(), [0, 0, -12.5] as Spot3];
const orbit = { ...startOrbit, yaw: 0.4 };
const flat = (): number => 0;

export function pass(): void {
  for (let i = 0; i < times; i++) {
    feet[0] = (i % 40) - 20;
    sightOf(orbit, feet, flat, sight);
    boom.reach(7.5, bulk.clear(sight.pivot, sight.eye), 1 / 60);
  }
}
