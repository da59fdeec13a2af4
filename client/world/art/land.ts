/** The land of an island as a sketch: the top one walks on, and the rock that hangs below. */
import { distance, edgeTowards, landHeight, pathAt } from "../island/ground.ts";
import type { Island } from "../island/island.ts";
import { layeredNoise, noise, randomFrom, type Random } from "../island/random.ts";
import { palette } from "./palette.ts";
import { Sketch } from "./sketch.ts";
import { mix, shade, type Colour, type Point } from "./vectors.ts";

export interface LandDetail {
  readonly rings: number;
  /** Corners in a ring. */
  readonly around: number;
}

export function land(island: Island, detail: LandDetail): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(island.seed);
  const grid = topGrid(island, detail);
  drawTop(sketch, island, grid, random);
  drawRock(sketch, island, detail, random);
  drawRim(sketch, island, grid.at(-1)!, random);
  return sketch;
}

/** Radii crowd towards the edge a little, where the ground bends. */
const spread = 0.92;

const ringsOfPlaza = ({ plaza, radius }: Island, rings: number): number =>
  Math.max(1, Math.round((plaza / radius) ** (1 / spread) * rings));

/** Corners of the top, ring by ring; those of the plaza lie exactly on circles. */
function topGrid(island: Island, { rings, around }: LandDetail): Point[][] {
  const plazaRings = ringsOfPlaza(island, rings);
  return Array.from({ length: rings + 1 }, (_, i) =>
    Array.from({ length: around }, (_unused, j): Point => {
      const angle = (j / around) * Math.PI * 2 + (i % 2) * (Math.PI / around);
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const exact = island.plaza > 2 && i <= plazaRings + 1;
      const r = exact
        ? i <= plazaRings
          ? island.plaza * (i / plazaRings)
          : island.plaza + 0.5
        : edgeTowards(island, c, s) * (i / rings) ** spread;
      const wobble = i > 1 && i < rings && !exact ? (0.44 * 2 * Math.PI * r) / around : 0;
      const x = c * r + (noise(i * 3.1, j * 7.7, island.seed) - 0.5) * wobble;
      const z = s * r + (noise(i * 5.3, j * 2.9, island.seed + 1) - 0.5) * wobble;
      return [x, landHeight(island, x, z), z];
    }),
  );
}

function drawTop(sketch: Sketch, island: Island, grid: readonly Point[][], random: Random): void {
  const rings = grid.length - 1;
  const around = grid[0]!.length;
  const draw = (a: Point, b: Point, c: Point): void => {
    const middle: Point = [(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3, (a[2] + b[2] + c[2]) / 3];
    const colour = shade(groundColour(island, middle, ringsOfPlaza(island, rings)), random.between(0.93, 1.07));
    sketch.triangle(a, b, c, { colour });
  };
  for (let i = 0; i < rings; i++) {
    for (let j = 0; j < around; j++) {
      const k = (j + 1) % around;
      const [a, b, c, d] = [grid[i]![j]!, grid[i]![k]!, grid[i + 1]![j]!, grid[i + 1]![k]!] as const;
      if (i === 0) draw(a, d, c);
      else if (i % 2 === 0) {
        draw(a, d, c);
        draw(a, b, d);
      } else {
        draw(a, b, c);
        draw(b, d, c);
      }
    }
  }
}

function groundColour(island: Island, [x, y, z]: Point, plazaRings: number): Colour {
  const meadow = layeredNoise(x * 0.13, z * 0.13, island.seed + 9);
  const grass = mix(mix(palette.grassDeep, palette.grass, Math.min(1, meadow * 1.25)), palette.grassDry, dryness(y));
  const paved = pathAt(island, x, z);
  const r = distance(x, z);
  const edge = r / edgeTowards(island, x, z);
  const ground = paved > 0 ? mix(grass, shade(palette.stone, paving(island, r, plazaRings)), paved) : grass;
  return edge > 0.955 ? mix(ground, palette.grassDeep, 0.5) : ground;
}

const dryness = (height: number): number => Math.max(0, Math.min(1, (height - 1) * 0.35));

/** Rings of the plaza are laid in two shades, with a darker border and a darker ring half way. */
function paving({ plaza }: Island, r: number, rings: number): number {
  if (r >= plaza) return 1;
  const ring = Math.floor((r / plaza) * rings);
  if (ring === rings - 1) return 0.7;
  if (ring === Math.round(rings / 2)) return 0.78;
  return ring % 2 === 1 ? 0.96 : 1.04;
}

const layers = 9;

/** Hangs in crags and ends in a point. */
function drawRock(sketch: Sketch, island: Island, { around }: LandDetail, random: Random): void {
  const sides = Math.max(18, Math.round(around / 2));
  const grid = Array.from({ length: layers + 1 }, (_, i) =>
    Array.from({ length: sides }, (_unused, j) => rockCorner(island, i, (j / sides) * Math.PI * 2)),
  );
  for (let i = 0; i < layers; i++) {
    for (let j = 0; j < sides; j++) {
      const k = (j + 1) % sides;
      const [a, b, c, d] = [grid[i]![j]!, grid[i]![k]!, grid[i + 1]![j]!, grid[i + 1]![k]!] as const;
      const middle = (a[1] + c[1]) / 2;
      sketch.triangle(a, d, b, { colour: rockColour(island, middle, random) });
      sketch.triangle(a, c, d, { colour: rockColour(island, middle, random) });
    }
  }
}

function rockCorner(island: Island, layer: number, angle: number): Point {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const edge = edgeTowards(island, c, s);
  if (layer === 0) return [c * edge, -0.9, s * edge];
  const share = layer / layers;
  const crag = layeredNoise(c * 3 + layer * 0.37, s * 3 + 9, island.seed + 40);
  const spike = noise(c * 4 + 3, s * 4 + 8, island.seed + 77) ** 2;
  const depth = island.depth * share ** 1.15 * (0.7 + 0.6 * spike * (1 - share) + 0.3 * share);
  const r = edge * Math.max(0.015, (1 - share) ** 0.62 * (0.72 + 0.5 * crag));
  return [c * r, -0.9 - depth, s * r];
}

function rockColour({ depth }: Island, y: number, random: Random): Colour {
  const share = Math.min(1, -y / depth);
  const stratum = Math.sin(y * 1.9) > 0.55 ? 0.84 : 1;
  const colour =
    share < 0.35
      ? mix(palette.rockHigh, palette.rock, share / 0.35)
      : mix(palette.rock, palette.rockLow, (share - 0.35) / 0.65);
  return shade(colour, stratum * random.between(0.9, 1.1));
}

/** Joins the grass to the rock. */
function drawRim(sketch: Sketch, island: Island, outer: readonly Point[], random: Random): void {
  const below = ([x, , z]: Point): Point => {
    const r = distance(x, z);
    const edge = edgeTowards(island, x, z);
    return [(x * edge) / r, -0.95, (z * edge) / r];
  };
  outer.forEach((a, j) => {
    const b = outer[(j + 1) % outer.length]!;
    const colour = shade(mix(palette.grassDeep, palette.rockHigh, 0.55), random.between(0.85, 1));
    sketch.quad(a, b, below(b), below(a), { colour });
  });
}
