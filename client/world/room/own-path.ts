/**
 * Where one's own avatar is drawn: ahead of the room, by the same ground and the same speed, and brought back to where the
 * room says one is. Pure.
 *
 * What the room says is old by the time it arrives. So it is compared with the nearest point of the way that was drawn
 * lately: only what is off that way is a mistake.
 */
import { distance, type Spot } from "../island/ground.ts";
import type { Push, Terrain } from "../island/walk.ts";

/** Seconds of the way that are remembered: longer than news takes. */
const remembered = 0.8;
/** Of a mistake, how much is mended by each news. */
const mended = 0.35;
/** Metres: less is what numbers lose on their way. */
const tolerated = 0.02;
/** Metres: so far off, one stands where the room says at once. */
const jump = 3.5;

interface Step extends Spot {
  readonly at: number;
}

export class OwnPath {
  readonly #terrain: Terrain;
  #way: readonly Step[];
  #time = 0;

  constructor(terrain: Terrain, from: Spot) {
    this.#terrain = terrain;
    this.#way = [{ ...from, at: 0 }];
  }

  get spot(): Spot {
    return this.#way.at(-1)!;
  }

  advance(seconds: number, push: Push): void {
    this.#time += seconds;
    const { x, z } = this.#terrain.walk(this.spot, push, seconds);
    this.#way = [...this.#way.filter(({ at }) => at > this.#time - remembered), { x, z, at: this.#time }];
  }

  /** Where the room says that one is, or was a moment ago. */
  told(spot: Spot): void {
    const near = nearestOn(this.#way, spot);
    const [dx, dz] = [spot.x - near.x, spot.z - near.z];
    const off = distance(dx, dz);
    if (off < tolerated) return;
    if (off > jump) {
      this.#way = [{ x: spot.x, z: spot.z, at: this.#time }];
      return;
    }
    this.#way = this.#way.map(({ x, z, at }) => ({ x: x + dx * mended, z: z + dz * mended, at }));
  }
}

/** The nearest point of a way of straight pieces. */
function nearestOn(way: readonly Spot[], { x, z }: Spot): Spot {
  let nearest: Spot = way[0]!;
  let least = distance(nearest.x - x, nearest.z - z);
  for (let i = 1; i < way.length; i++) {
    const [from, to] = [way[i - 1]!, way[i]!];
    const [px, pz] = [to.x - from.x, to.z - from.z];
    const long = px * px + pz * pz;
    const share = long === 0 ? 1 : Math.max(0, Math.min(1, ((x - from.x) * px + (z - from.z) * pz) / long));
    const point = { x: from.x + px * share, z: from.z + pz * share };
    const apart = distance(point.x - x, point.z - z);
    if (apart > least) continue;
    [nearest, least] = [point, apart];
  }
  return nearest;
}
