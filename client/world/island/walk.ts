/** How an avatar moves: as far as it may in a moment, around what is solid, never off the island. Pure, same bits anywhere. */
import { distance, edgeTowards, Ground, type Spot } from "./ground.ts";
import type { Island } from "./island.ts";
import { layOut, type Layout, type Solid } from "./layout.ts";

/** Metres a second. */
export const walkSpeed = 4.2;
export const runSpeed = 7.2;

/** Of an avatar, for what is solid. */
export const bodyRadius = 0.32;

/** Of the island's radius, in that direction: there the ground begins to fall. */
const walkableShare = 0.93;

/** Longest moment that one step may cover: at full speed it is shorter than the thinnest thing is wide. */
const longestStep = 0.05;

/** Of the island's radius: as far as that the ground is walkable in every direction, whatever the noise of its edge. */
const nowhereLess = walkableShare * (0.93 - 0.17);

const bucketSize = 4;

export interface Push {
  /** Direction of the wish, of length 1 or less. */
  readonly x: number;
  readonly z: number;
  readonly run: boolean;
}

/** An island to walk on: the ground, what stands on it, and what is solid near a spot. */
export class Terrain {
  readonly ground: Ground;
  readonly layout: Layout;
  readonly #buckets = new Map<number, Solid[]>();

  constructor(island: Island) {
    this.ground = new Ground(island);
    this.layout = layOut(island);
    for (const solid of this.layout.solids) this.#enter(solid);
  }

  /** Where somebody at `at` is after `seconds` of this wish. */
  walk(at: Spot, push: Push, seconds: number): Spot {
    const length = distance(push.x, push.z);
    if (length === 0 || !Number.isFinite(length)) return at;
    const speed = (push.run ? runSpeed : walkSpeed) / Math.max(1, length);
    let { x, z } = at;
    for (let left = seconds; left > 0; left -= longestStep) {
      const step = Math.min(left, longestStep) * speed;
      ({ x, z } = this.#free(x + push.x * step, z + push.z * step));
    }
    return { x, z };
  }

  /** Whether somebody can stand right here. */
  isFree(at: Spot): boolean {
    const { x, z } = this.#free(at.x, at.z);
    return x === at.x && z === at.z;
  }

  /** The nearest spot where somebody can stand. */
  #free(x: number, z: number): Spot {
    for (const solid of this.#near(x, z)) {
      const dx = x - solid.x;
      const dz = z - solid.z;
      const apart = distance(dx, dz);
      const needed = solid.radius + bodyRadius;
      if (apart >= needed) continue;
      const share = apart === 0 ? 0 : needed / apart;
      x = apart === 0 ? solid.x + needed : solid.x + dx * share;
      z = solid.z + dz * share;
    }
    const r = distance(x, z);
    if (r <= this.ground.island.radius * nowhereLess) return { x, z };
    const most = edgeTowards(this.ground.island, x, z) * walkableShare;
    return r <= most ? { x, z } : { x: (x * most) / r, z: (z * most) / r };
  }

  #near(x: number, z: number): readonly Solid[] {
    return this.#buckets.get(bucketOf(x, z)) ?? [];
  }

  /** Into every bucket from which it can be touched. */
  #enter(solid: Solid): void {
    const reach = solid.radius + bodyRadius;
    for (let i = Math.floor((solid.x - reach) / bucketSize); i <= Math.floor((solid.x + reach) / bucketSize); i++) {
      for (let j = Math.floor((solid.z - reach) / bucketSize); j <= Math.floor((solid.z + reach) / bucketSize); j++) {
        const key = i * 1024 + j;
        this.#buckets.set(key, [...(this.#buckets.get(key) ?? []), solid]);
      }
    }
  }
}

const bucketOf = (x: number, z: number): number => Math.floor(x / bucketSize) * 1024 + Math.floor(z / bucketSize);
