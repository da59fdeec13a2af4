/** How an avatar moves: as far as it may in a moment, around what is solid, never off the island. Pure, same bits anywhere. */
import { distance, edgeTowards, gateReach, Ground, type Spot } from "./ground.ts";
import type { Island } from "./island.ts";
import { layOut, type Layout, type Solid } from "./layout.ts";

/** Metres a second. */
export const walkSpeed = 4.2;
export const runSpeed = 7.2;

/** Of an avatar, for what is solid. */
export const bodyRadius = 0.32;

/** How far somebody may be pressed into something solid, in metres. */
const squeeze = 0.1;

/** Of the island's radius, in that direction: there the ground begins to fall. */
const walkableShare = 0.93;

/** Longest moment that one step may cover: at full speed it is shorter than the thinnest thing is wide. */
const longestStep = 0.05;

/** Directions in which the edge is known; between two of them it is a straight line. */
const bearings = 256;

export interface Push {
  /** Direction of the wish, of length 1 or less. */
  readonly x: number;
  readonly z: number;
  readonly run: boolean;
}

/** What a push moves somebody in so many seconds, in metres: never faster than they walk or run. */
export function strideOf({ x, z, run }: Push, seconds: number): Spot {
  const length = distance(x, z);
  if (length === 0 || !Number.isFinite(length)) return { x: 0, z: 0 };
  const step = (seconds * (run ? runSpeed : walkSpeed)) / Math.max(1, length);
  return { x: x * step, z: z * step };
}

/** An island to walk on: the ground, what stands on it, and what is solid near a spot. */
export class Terrain {
  readonly ground: Ground;
  readonly layout: Layout;
  /** Where the last `step` has put somebody: one object for all, since hundreds are put somewhere at every tick. */
  readonly spot = { x: 0, z: 0 };
  /** Cells of a metre, row by row; the island's middle is in the middle. */
  readonly #side: number;
  readonly #middle: number;
  /** What can be touched from a cell; undefined where nothing can. */
  readonly #solids: (Solid[] | undefined)[];
  /** Gates, counted from 1, in whose ring one can be in a cell. */
  readonly #gates: Uint8Array;
  /** How far from the middle one can walk, by bearing. */
  readonly #rim: Float64Array;
  /** Squared, how far one can walk in every direction. */
  readonly #inside: number;

  constructor(island: Island) {
    this.ground = new Ground(island);
    this.layout = layOut(island);
    this.#middle = Math.ceil(island.radius * 1.2);
    this.#side = 2 * this.#middle;
    this.#solids = Array.from({ length: this.#side * this.#side });
    this.#gates = new Uint8Array(this.#side * this.#side);
    for (const solid of this.layout.solids) {
      // Whoever is put out of one thing may be in the next.
      this.#eachCell(solid, solid.radius + bodyRadius + runSpeed * longestStep, (cell) =>
        (this.#solids[cell] ??= []).push(solid),
      );
    }
    this.ground.gates.forEach((gate, i) => this.#eachCell(gate, gateReach, (cell) => (this.#gates[cell] = i + 1)));
    this.#rim = rimOf(island);
    const nearest = this.#rim.reduce((least, rim) => Math.min(least, rim));
    this.#inside = nearest * nearest;
  }

  /** Where somebody at `at` is after `seconds` of this wish. */
  walk(at: Spot, push: Push, seconds: number): Spot {
    const { spot } = this;
    spot.x = at.x;
    spot.z = at.z;
    for (let left = seconds; left > 0; left -= longestStep) {
      const { x, z } = strideOf(push, Math.min(left, longestStep));
      if (x === 0 && z === 0) break;
      this.step(spot.x, spot.z, x, z);
    }
    return { x: spot.x, z: spot.z };
  }

  /** Whether somebody can stand right here. */
  isFree(at: Spot): boolean {
    this.step(at.x, at.z, 0, 0);
    return this.spot.x === at.x && this.spot.z === at.z;
  }

  /** The gate in whose ring this point is, if it is in one. */
  gateAt(x: number, z: number): string | null {
    return this.#gates[this.#cell(x, z)] === 0 ? null : this.ground.gateAt(x, z);
  }

  /**
   * Puts into `spot` where somebody stands after a stride from a point: around what is solid, at most at the edge.
   * They stay where they were if that would press them into something: two things, or one and the edge, may stand so
   * close that nobody fits between.
   */
  step(fromX: number, fromZ: number, strideX: number, strideZ: number): void {
    const { spot } = this;
    spot.x = fromX + strideX;
    spot.z = fromZ + strideZ;
    const touched = this.#leaveSolids();
    if (!(this.#stopAtEdge() || touched) || !this.#isSqueezed()) return;
    spot.x = fromX;
    spot.z = fromZ;
  }

  /** Moves `spot` out of what is solid, one thing after the other. */
  #leaveSolids(): boolean {
    const { spot } = this;
    const solids = this.#solids[this.#cell(spot.x, spot.z)];
    if (solids === undefined) return false;
    let touched = false;
    let { x, z } = spot;
    for (const solid of solids) {
      const dx = x - solid.x;
      const dz = z - solid.z;
      const needed = solid.radius + bodyRadius;
      const squared = dx * dx + dz * dz;
      if (squared >= needed * needed) continue;
      const apart = Math.sqrt(squared);
      const share = apart === 0 ? 0 : needed / apart;
      x = apart === 0 ? solid.x + needed : solid.x + dx * share;
      z = solid.z + dz * share;
      touched = true;
    }
    spot.x = x;
    spot.z = z;
    return touched;
  }

  /** Moves `spot` back to the edge if it is beyond. */
  #stopAtEdge(): boolean {
    const { spot } = this;
    const { x, z } = spot;
    const squared = x * x + z * z;
    if (squared <= this.#inside) return false;
    const r = Math.sqrt(squared);
    const most = rimTowards(this.#rim, x, z);
    if (r <= most) return false;
    spot.x = (x * most) / r;
    spot.z = (z * most) / r;
    return true;
  }

  /** Whether `spot` is further in something solid than anybody may be. */
  #isSqueezed(): boolean {
    const { x, z } = this.spot;
    const solids = this.#solids[this.#cell(x, z)];
    if (solids === undefined) return false;
    for (const solid of solids) {
      const least = solid.radius + bodyRadius - squeeze;
      const dx = x - solid.x;
      const dz = z - solid.z;
      if (dx * dx + dz * dz < least * least) return true;
    }
    return false;
  }

  /** Of the nearest cell, for whoever is beyond them all. */
  #cell(x: number, z: number): number {
    const last = this.#side - 1;
    const i = Math.floor(x) + this.#middle;
    const j = Math.floor(z) + this.#middle;
    return (i < 0 ? 0 : i > last ? last : i) * this.#side + (j < 0 ? 0 : j > last ? last : j);
  }

  /** Cells in which one can be as near as that. */
  #eachCell({ x, z }: Spot, reach: number, each: (cell: number) => void): void {
    for (let i = Math.floor(x - reach); i <= Math.floor(x + reach); i++)
      for (let j = Math.floor(z - reach); j <= Math.floor(z + reach); j++) each(this.#cell(i, j));
  }
}

/** The edge at each bearing; the first once more at the end. */
function rimOf(island: Island): Float64Array {
  const rim = new Float64Array(bearings + 1);
  const quarter = bearings / 4;
  for (let i = 0; i <= bearings; i++) {
    const turn = (i % bearings) / quarter;
    const x = turn < 2 ? 1 - turn : turn - 3;
    const z = turn < 1 ? turn : turn < 3 ? 2 - turn : turn - 4;
    rim[i] = edgeTowards(island, x, z) * walkableShare;
  }
  return rim;
}

/** Bearings go around a diamond, not around a circle: that takes no angle. */
function rimTowards(rim: Float64Array, x: number, z: number): number {
  const across = x / (Math.abs(x) + Math.abs(z));
  const bearing = (z >= 0 ? 1 - across : 3 + across) * (bearings / 4);
  const i = Math.floor(bearing);
  const from = rim[i]!;
  return from + ((rim[i + 1] ?? from) - from) * (bearing - i);
}
