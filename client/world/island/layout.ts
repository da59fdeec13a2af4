/** Where things stand on an island: trees, rocks, lamps. Drawn there, and solid there. */
import { distance, edgeTowards, gateSpots, pathAt, type Spot } from "./ground.ts";
import type { Direction, Island } from "./island.ts";
import { randomFrom, type Random } from "./random.ts";

/** What stands somewhere, with how wide it is for somebody who walks, at size 1. */
export const widths = {
  blossom: 0.45,
  dusk: 0.45,
  golden: 0.45,
  pine: 0.4,
  mintCrystal: 0.5,
  violetCrystal: 0.5,
  rock: 0.85,
  tuft: 0,
  lamp: 0.2,
  bench: 0.75,
  incubator: 1.0,
} as const;
export type Thing = keyof typeof widths;

export interface Standing extends Spot {
  readonly thing: Thing;
  readonly size: number;
  /** Quarter turns are all that solid things need; the rest turns freely. In turns, 0 to 1. */
  readonly turn: number;
}

export interface Solid extends Spot {
  readonly radius: number;
}

interface Sowing {
  readonly thing: Thing;
  readonly count: number;
  /** Distances from the middle. */
  readonly from: number;
  readonly to: number;
  readonly smallest: number;
  readonly largest: number;
  /** Room to the next thing. */
  readonly gap: number;
}

const sowings: readonly Sowing[] = [
  { thing: "blossom", count: 9, from: 14, to: 28, smallest: 1.0, largest: 1.6, gap: 3.2 },
  { thing: "dusk", count: 8, from: 13, to: 28, smallest: 0.9, largest: 1.5, gap: 3.0 },
  { thing: "pine", count: 12, from: 15, to: 29, smallest: 0.9, largest: 1.7, gap: 2.2 },
  { thing: "golden", count: 6, from: 13, to: 28, smallest: 0.8, largest: 1.3, gap: 2.6 },
  { thing: "mintCrystal", count: 7, from: 12, to: 28, smallest: 0.8, largest: 1.6, gap: 2 },
  { thing: "violetCrystal", count: 6, from: 12, to: 29, smallest: 0.7, largest: 1.4, gap: 2 },
  { thing: "rock", count: 26, from: 11, to: 29, smallest: 0.25, largest: 0.9, gap: 1.2 },
  { thing: "tuft", count: 240, from: 10, to: 29, smallest: 0.8, largest: 1.5, gap: 0.5 },
];

/** Radius of the pedestal under the Origin. */
export const pedestalRadius = 3.95;

export interface Layout {
  readonly things: readonly Standing[];
  readonly solids: readonly Solid[];
}

/** The same for the same island, always and everywhere. */
export function layOut(island: Island): Layout {
  const things: Standing[] = [...lamps(island), ...furniture(island)];
  const random = randomFrom(island.seed * 9);
  const taken: Spot[] = [...things];
  for (const sowing of sowings) {
    const sown = sow(island, sowing, random, taken);
    things.push(...sown);
    // Nothing needs to keep away from grass.
    if (widths[sowing.thing] > 0) taken.push(...sown);
  }
  const solids = [
    { x: 0, z: 0, radius: pedestalRadius },
    ...things
      .filter(({ thing }) => widths[thing] > 0)
      .map(({ x, z, thing, size }) => ({ x, z, radius: widths[thing] * size })),
    ...gatePosts(island),
  ];
  return { things, solids };
}

function sow(island: Island, sowing: Sowing, random: Random, taken: readonly Spot[]): Standing[] {
  const gates = gateSpots(island);
  const sown: Standing[] = [];
  for (let tries = 0; sown.length < sowing.count && tries < sowing.count * 60; tries++) {
    const x = random.between(-sowing.to, sowing.to);
    const z = random.between(-sowing.to, sowing.to);
    const r = distance(x, z);
    const fits =
      r >= sowing.from &&
      r <= Math.min(sowing.to, edgeTowards(island, x, z) * 0.93) &&
      pathAt(island, x, z) <= 0.05 &&
      [...taken, ...sown].every((other) => distance(other.x - x, other.z - z) >= sowing.gap) &&
      gates.every((gate) => distance(gate.x - x, gate.z - z) >= 5.4);
    if (!fits) continue;
    sown.push({
      thing: sowing.thing,
      x,
      z,
      size: random.between(sowing.smallest, sowing.largest),
      turn: random.next(),
    });
  }
  return sown;
}

/** Beside the paths, in pairs. */
const lamps = (island: Island): Standing[] =>
  island.paths.flatMap(([px, pz]) =>
    [11.5, 16.5].flatMap((along) =>
      [-2.6, 2.6].map((aside): Standing => ({
        thing: "lamp",
        x: px * along - pz * aside,
        z: pz * along + px * aside,
        size: 1,
        turn: 0,
      })),
    ),
  );

/** Between the paths, at the border of the plaza: benches that look at the Origin, and incubators. */
function furniture(island: Island): Standing[] {
  const places: readonly [Thing, Direction][] = [
    ["bench", [-0.6, 0.8]],
    ["bench", [0.6, 0.8]],
    ["bench", [-0.8, -0.6]],
    ["bench", [0.8, -0.6]],
    ["incubator", [-1, -0.1]],
    ["incubator", [1, -0.1]],
  ];
  return places.map(([thing, [dx, dz]]) => ({
    thing,
    x: dx * (island.plaza - 1.1),
    z: dz * (island.plaza - 1.1),
    size: 1,
    turn: 0,
  }));
}

/** Left and right of each ring. */
function gatePosts(island: Island): Solid[] {
  const spots = gateSpots(island);
  return island.gates.flatMap(({ direction: [dx, dz] }, i) =>
    [-3.35, 3.35].map((aside) => ({ x: spots[i]!.x - dz * aside, z: spots[i]!.z + dx * aside, radius: 0.65 })),
  );
}
