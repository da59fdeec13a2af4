/** A sketch: flat triangles with colours, drawn by code. Free of any engine, so that tests see what a player sees. */
import type { Random } from "../island/random.ts";
import { cross, normalised, subtract, type Colour, type Move, type Point } from "./vectors.ts";

export interface Paint {
  readonly colour: Colour;
  /** 0: lit by the scene; 1: shines by itself. */
  readonly glow?: number;
  /** Instead of the triangle's own. */
  readonly normal?: Point;
}

/** Paint for each side, or one for all. */
type Paints<Side> = Paint | ((side: Side) => Paint);
const paintOf = <Side>(paints: Paints<Side>, side: Side): Paint =>
  typeof paints === "function" ? paints(side) : paints;

/** As a graphics card takes them: three corners to a triangle, clockwise as seen from outside with x right and z away. */
export interface SketchData {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Four to a corner; the fourth is 1 minus the glow. */
  readonly colours: Float32Array;
  readonly triangles: number;
}

/** Sides of a prism beside its numbered ones. */
export const top = -1;
export const bottom = -2;

export class Sketch {
  readonly #positions: number[] = [];
  readonly #normals: number[] = [];
  readonly #colours: number[] = [];

  get triangles(): number {
    return this.#positions.length / 9;
  }

  /** Corners counter-clockwise, seen from outside in a right-handed space. */
  triangle(a: Point, b: Point, c: Point, { colour, glow = 0, normal }: Paint): this {
    const facing = normal ?? normalised(cross(subtract(b, a), subtract(c, a)));
    for (const corner of [a, c, b]) {
      this.#positions.push(...corner);
      this.#normals.push(...facing);
      this.#colours.push(...colour, 1 - glow);
    }
    return this;
  }

  quad(a: Point, b: Point, c: Point, d: Point, paint: Paint): this {
    return this.triangle(a, b, c, paint).triangle(a, c, d, paint);
  }

  /** `taper` is the share of the top's width; sides are numbered with 0 on top. */
  box(move: Move, paints: Paints<number>, [width, height, depth]: Point, taper = 1): this {
    const [w, h, d] = [width / 2, height / 2, depth / 2];
    const corners = (
      [
        [-w, -h, -d],
        [w, -h, -d],
        [w, -h, d],
        [-w, -h, d],
        [-w * taper, h, -d * taper],
        [w * taper, h, -d * taper],
        [w * taper, h, d * taper],
        [-w * taper, h, d * taper],
      ] as const
    ).map(move);
    boxSides.forEach(([a, b, c, e], side) => {
      this.quad(corners[a]!, corners[b]!, corners[c]!, corners[e]!, paintOf(paints, side));
    });
    return this;
  }

  /** From y = 0 to y = `height`; a cone where `high` is 0. */
  prism(move: Move, paints: Paints<number>, shape: PrismShape): this {
    const { sides, low, high, height, caps = true, phase = 0 } = shape;
    const circle = (radius: number, y: number): Point[] =>
      Array.from({ length: sides }, (_, i) => {
        const angle = (i / sides) * Math.PI * 2 + phase;
        return move([Math.cos(angle) * radius, y, Math.sin(angle) * radius]);
      });
    const [lower, upper] = [circle(low, 0), circle(high, height)];
    const [under, over] = [move([0, 0, 0]), move([0, height, 0])];
    for (let i = 0; i < sides; i++) {
      const [a, b] = [lower[i]!, lower[(i + 1) % sides]!];
      const [c, d] = [upper[i]!, upper[(i + 1) % sides]!];
      if (high > 0) this.quad(a, c, d, b, paintOf(paints, i));
      else this.triangle(a, over, b, paintOf(paints, i));
      if (caps && high > 0) this.triangle(over, d, c, paintOf(paints, top));
      if (caps && low > 0) this.triangle(under, a, b, paintOf(paints, bottom));
    }
    return this;
  }

  /** A ball of triangles, dented by `jitter` where a random is given. Painted by where a face looks. */
  ball(move: Move, paints: Paints<Point>, shape: BallShape = {}): this {
    const { rounds = 1, jitter = 0, random } = shape;
    const dented = new Map<string, Point>();
    const dent = (corner: Point): Point => {
      if (random === undefined) return corner;
      // By place, so that triangles stay joined.
      const key = corner.map((value) => value.toFixed(4)).join();
      const known = dented.get(key);
      if (known !== undefined) return known;
      const factor = 1 + (random.next() - 0.5) * 2 * jitter;
      const moved: Point = [corner[0] * factor, corner[1] * factor, corner[2] * factor];
      dented.set(key, moved);
      return moved;
    };
    for (const [a, b, c] of ballFaces(rounds)) {
      const looks = normalised([a[0] + b[0] + c[0], a[1] + b[1] + c[1], a[2] + b[2] + c[2]]);
      this.triangle(move(dent(a)), move(dent(b)), move(dent(c)), paintOf(paints, looks));
    }
    return this;
  }

  data(): SketchData {
    return {
      positions: new Float32Array(this.#positions),
      normals: new Float32Array(this.#normals),
      colours: new Float32Array(this.#colours),
      triangles: this.triangles,
    };
  }
}

interface PrismShape {
  readonly sides: number;
  /** Radii below and above. */
  readonly low: number;
  readonly high: number;
  readonly height: number;
  readonly caps?: boolean;
  /** Angle of the first corner. */
  readonly phase?: number;
}

interface BallShape {
  /** Each makes four triangles of one; 20 without. */
  readonly rounds?: number;
  readonly jitter?: number;
  readonly random?: Random;
}

const boxSides = [
  [4, 7, 6, 5],
  [0, 1, 2, 3],
  [0, 4, 5, 1],
  [1, 5, 6, 2],
  [2, 6, 7, 3],
  [3, 7, 4, 0],
] as const;

const golden = (1 + Math.sqrt(5)) / 2;
const icosahedron: readonly Point[] = (
  [
    [-1, golden, 0],
    [1, golden, 0],
    [-1, -golden, 0],
    [1, -golden, 0],
    [0, -1, golden],
    [0, 1, golden],
    [0, -1, -golden],
    [0, 1, -golden],
    [golden, 0, -1],
    [golden, 0, 1],
    [-golden, 0, -1],
    [-golden, 0, 1],
  ] as const
).map(normalised);
const icosahedronFaces = [
  [0, 11, 5],
  [0, 5, 1],
  [0, 1, 7],
  [0, 7, 10],
  [0, 10, 11],
  [1, 5, 9],
  [5, 11, 4],
  [11, 10, 2],
  [10, 7, 6],
  [7, 1, 8],
  [3, 9, 4],
  [3, 4, 2],
  [3, 2, 6],
  [3, 6, 8],
  [3, 8, 9],
  [4, 9, 5],
  [2, 4, 11],
  [6, 2, 10],
  [8, 6, 7],
  [9, 8, 1],
] as const;

type Face = readonly [Point, Point, Point];

/** Faces of a ball of radius 1. */
export function ballFaces(rounds: number): readonly Face[] {
  let faces: readonly Face[] = icosahedronFaces.map(([a, b, c]) => [icosahedron[a]!, icosahedron[b]!, icosahedron[c]!]);
  for (let i = 0; i < rounds; i++) faces = faces.flatMap(quartered);
  return faces;
}

function quartered([a, b, c]: Face): Face[] {
  const half = (p: Point, q: Point): Point => normalised([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2]);
  const [ab, bc, ca] = [half(a, b), half(b, c), half(c, a)];
  return [
    [a, ab, ca],
    [ab, b, bc],
    [ca, bc, c],
    [ab, bc, ca],
  ];
}
