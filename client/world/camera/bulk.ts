/** What a camera is not to look through, as upright drums and balls. Pure; a question allocates nothing. */
import { gateBase, landHeight, type Spot } from "../island/ground.ts";
import type { Standing, Thing } from "../island/layout.ts";
import type { Terrain } from "../island/walk.ts";
import type { Spot3 } from "./orbit.ts";

/** Room that the camera keeps to what stands in its way: more than the nearest that it draws. */
const margin = 0.3;

/** What is thin or airy may stand between, as long as it does not fill the picture: farther from the eye than this. */
const fills = 0.9;

/** An upright drum, or a ball where `top` is absent: then `bottom` is its middle's height. */
interface Body extends Spot {
  readonly radius: number;
  readonly bottom: number;
  readonly top?: number;
  /** One sees past it: it only has to be away from the eye. */
  readonly airy?: boolean;
}

/** Numbers to a body: x, z, radius, bottom, top; a ball's top is NaN. */
const width = 5;

export class Bulk {
  readonly #solid: Float64Array;
  readonly #airy: Float64Array;

  constructor(terrain: Terrain) {
    const bodies = bodiesOf(terrain);
    this.#solid = packed(bodies.filter(({ airy }) => airy !== true));
    this.#airy = packed(bodies.filter(({ airy }) => airy === true));
  }

  /** How far from `pivot` towards `eye` a camera can be, in metres: at most as far as the eye is. */
  clear(pivot: Readonly<Spot3>, eye: Readonly<Spot3>): number {
    const dx = eye[0] - pivot[0];
    const dy = eye[1] - pivot[1];
    const dz = eye[2] - pivot[2];
    const far = Math.sqrt(dx * dx + dy * dy + dz * dz);
    if (far === 0) return 0;
    ray.x = pivot[0];
    ray.y = pivot[1];
    ray.z = pivot[2];
    ray.dx = dx / far;
    ray.dy = dy / far;
    ray.dz = dz / far;
    const solid = this.#until(this.#solid, far, false);
    const free = this.#until(this.#airy, solid, true);
    return free < far ? Math.max(0, free - margin) : far;
  }

  /** Where the first of these is met before `far`; what one stands in is none. */
  #until(bodies: Float64Array, far: number, airy: boolean): number {
    let nearest = far;
    for (let i = 0; i < bodies.length; i += width) {
      meet(bodies, i);
      if (met.from <= 0 || met.from >= met.to || met.from >= nearest) continue;
      if (airy && met.to < far - fills) continue;
      nearest = met.from;
    }
    return nearest;
  }
}

/** The line of sight of the question that is being answered, and where it is inside of a body. */
const ray = { x: 0, y: 0, z: 0, dx: 0, dy: 0, dz: 0 };
const met = { from: 0, to: 0 };

function meet(bodies: Float64Array, i: number): void {
  const x = bodies[i]! - ray.x;
  const z = bodies[i + 1]! - ray.z;
  const radius = bodies[i + 2]!;
  const bottom = bodies[i + 3]! - ray.y;
  const top = bodies[i + 4]! - ray.y;
  const ball = top !== top;
  const y = ball ? bottom : 0;
  const up = ball ? ray.dy : 0;
  const length = ray.dx * ray.dx + up * up + ray.dz * ray.dz;
  const along = x * ray.dx + y * up + z * ray.dz;
  const inside = along * along - length * (x * x + y * y + z * z - radius * radius);
  met.from = Infinity;
  met.to = -Infinity;
  if (inside <= 0 || length === 0) return;
  met.from = (along - Math.sqrt(inside)) / length;
  met.to = (along + Math.sqrt(inside)) / length;
  if (ball) return;
  if (ray.dy === 0) {
    if (bottom > 0 || top < 0) met.to = -Infinity;
    return;
  }
  met.from = Math.max(met.from, Math.min(bottom / ray.dy, top / ray.dy));
  met.to = Math.min(met.to, Math.max(bottom / ray.dy, top / ray.dy));
}

const packed = (bodies: readonly Body[]): Float64Array =>
  Float64Array.from(bodies.flatMap(({ x, z, radius, bottom, top = Number.NaN }) => [x, z, radius, bottom, top]));

function bodiesOf({ ground: { island, gates }, layout }: Terrain): readonly Body[] {
  return [
    ...origin,
    ...gates.flatMap((gate, i) => ringOf(gate, gateBase(island, gate), island.gates[i]!.direction)),
    ...layout.things.flatMap((standing) => {
      const foot = landHeight(island, standing.x, standing.z);
      return shapeOf(standing).map(({ bottom, top, ...rest }): Body => {
        const heights = { bottom: foot + bottom, ...(top === undefined ? {} : { top: foot + top }) };
        return { ...rest, ...heights, x: standing.x, z: standing.z, airy: isAiry(standing.thing) };
      });
    }),
  ];
}

/** The pedestal, and the egg that floats above it. */
const origin: readonly Body[] = [
  { x: 0, z: 0, radius: 3.4, bottom: -0.5, top: 1.9 },
  { x: 0, z: 0, radius: 2.5, bottom: 6.1 },
];

/** A gate's ring as it is drawn: stones around an opening, and a post at each side; a light on its top. */
function ringOf({ x, z }: Spot, base: number, [dx, dz]: readonly [x: number, z: number]): readonly Body[] {
  const stones = 26;
  const ring = Array.from({ length: stones }, (_, i): Body => {
    const angle = (i / stones) * 2 * Math.PI;
    const aside = Math.cos(angle) * 3.32;
    return { x: x - dz * aside, z: z + dx * aside, radius: 0.68, bottom: base + 3.4 + Math.sin(angle) * 3.32 };
  });
  const posts = [-3.55, 3.55].map((aside): Body => ({
    x: x - dz * aside,
    z: z + dx * aside,
    radius: 0.42,
    bottom: base,
    top: base + 2.5,
  }));
  return [...ring, { x, z, radius: 0.5, bottom: base + 7.5 }, ...posts];
}

/** What one sees past; close to the eye it is drawn thinner. */
const airy: ReadonlySet<Thing> = new Set(["blossom", "dusk", "golden", "pine", "lamp"]);

export const isAiry = (thing: Thing): boolean => airy.has(thing);

/** Around where it stands, on its own ground. */
function shapeOf({ thing, size }: Standing): readonly Omit<Body, keyof Spot>[] {
  switch (thing) {
    case "blossom":
    case "dusk":
    case "golden":
      return [
        { radius: 0.3 * size, bottom: 0, top: 2 * size },
        { radius: 1.25 * size, bottom: 2.9 * size },
      ];
    case "pine":
      return [{ radius: 0.9 * size, bottom: 0.5 * size, top: 3.4 * size }];
    case "lamp":
      return [
        { radius: 0.15, bottom: 0, top: 2.3 },
        { radius: 0.4, bottom: 2.65 },
      ];
    case "rock":
      return [{ radius: size, bottom: -0.2 * size }];
    case "mintCrystal":
    case "violetCrystal":
      return [{ radius: 0.5 * size, bottom: 0, top: 1.5 * size }];
    case "incubator":
      return [{ radius: 0.9, bottom: 0, top: 1.85 }];
    case "bench":
    case "tuft":
      return [];
  }
}
