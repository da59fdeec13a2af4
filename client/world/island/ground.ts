/** The ground of an island: where it ends, how high it is, where paths lie. The one truth for rules and picture. */
import { type Island } from "./island.ts";
import { layeredNoise, noise } from "./random.ts";

const clamp = (value: number): number => Math.max(0, Math.min(1, value));

/** Distance from the middle. */
export const distance = (x: number, z: number): number => Math.sqrt(x * x + z * z);

/** Where the island ends in the direction of a point. */
export function edgeTowards(island: Island, x: number, z: number): number {
  const r = distance(x, z);
  const c = r === 0 ? 1 : x / r;
  const s = r === 0 ? 0 : z / r;
  return island.radius * (0.93 + 0.34 * (layeredNoise(c * 1.6 + 7, s * 1.6 + 3, island.seed) - 0.5));
}

/** How far a point is from the nearest path's middle line. */
function fromPath({ paths }: Island, x: number, z: number): number {
  let nearest = Infinity;
  for (const [px, pz] of paths) {
    const along = x * px + z * pz;
    const off = along > 0 ? Math.abs(x * pz - z * px) : distance(x, z);
    nearest = Math.min(nearest, off);
  }
  return nearest;
}

/** 1 on the plaza and on paths, 0 in the grass, between at their borders. */
export function pathAt(island: Island, x: number, z: number): number {
  if (distance(x, z) < island.plaza) return 1;
  const off = fromPath(island, x, z) + (noise(x * 0.6, z * 0.6, island.seed + 5) - 0.5) * 0.9;
  return 1 - clamp((off - 1.9) / 1.3);
}

/** Height of the land, without what stands on it. */
export function landHeight(island: Island, x: number, z: number): number {
  const r = distance(x, z);
  const beyondPlaza = clamp((r - island.plaza) / (island.radius * 0.3));
  const hills =
    beyondPlaza * (layeredNoise(x * 0.085 + 20, z * 0.085 + 20, island.seed) - 0.32) * (island.radius * 0.17);
  // Paths lie in shallow, wide swales.
  const near = clamp((fromPath(island, x, z) - 1.5) / 5);
  const swale = island.paths.length === 0 ? 1 : near * near * (3 - 2 * near) * 0.95 + 0.05;
  const rim = Math.max(0, (r / edgeTowards(island, x, z) - 0.9) / 0.1);
  return Math.max(-0.4, hills * swale) - rim * rim * 0.9;
}

/** Steps of a gate: three, each of this height, up to these radii. */
const stepHeight = 0.22;
const stepRadii = [4.0, 3.5, 2.95];

export interface Spot {
  readonly x: number;
  readonly z: number;
}

/** Where the middle of each gate is, in the island's order. */
export const gateSpots = (island: Island): readonly Spot[] =>
  island.gates.map(({ direction: [dx, dz], reach }) => {
    const r = edgeTowards(island, dx, dz) * reach;
    return { x: dx * r, z: dz * r };
  });

/** Height at which the lowest step of a gate lies. */
export const gateBase = (island: Island, spot: Spot): number => landHeight(island, spot.x, spot.z) - 0.12;

export class Ground {
  readonly island: Island;
  readonly gates: readonly Spot[];
  readonly #bases: readonly number[];

  constructor(island: Island) {
    this.island = island;
    this.gates = gateSpots(island);
    this.#bases = this.gates.map((gate) => gateBase(island, gate));
  }

  /** Where feet are. */
  height(x: number, z: number): number {
    const land = landHeight(this.island, x, z);
    for (const [i, gate] of this.gates.entries()) {
      const r = distance(x - gate.x, z - gate.z);
      const steps = stepRadii.filter((radius) => r < radius).length;
      if (steps > 0) return Math.max(land, this.#bases[i]! + steps * stepHeight);
    }
    return land;
  }

  /** The gate in whose ring this point is, if it is in one. */
  gateAt(x: number, z: number): string | null {
    const i = this.gates.findIndex((gate) => distance(x - gate.x, z - gate.z) < gateReach);
    return i < 0 ? null : this.island.gates[i]!.id;
  }
}

/** How near to a gate's middle one can step through. */
export const gateReach = 2.4;
