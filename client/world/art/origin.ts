/** The Origin of Shell above the plaza: an egg of separate plates around a lime core, its pedestal and its rings. */
import { randomFrom } from "../island/random.ts";
import { palette } from "./palette.ts";
import { ballFaces, Sketch, top } from "./sketch.ts";
import { inTurn, mix, moveBy, normalised, scaleBy, shade, turnY, turnZ, type Colour, type Point } from "./vectors.ts";

const size = 1.9;

/** Longer above than below, as eggs are. */
const eggShaped = ([x, y, z]: Point): Point => [x * size, (y * 1.42 + (y > 0 ? y * y * 0.18 : 0)) * size, z * size];

export function originPlates(): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(21);
  for (const [a, b, c] of ballFaces(1)) {
    const middle: Point = [(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3, (a[2] + b[2] + c[2]) / 3];
    const outwards = normalised(middle);
    const lift = random.between(0.1, 0.32);
    const corner = (at: Point, share: number, push: number): Point =>
      eggShaped([
        middle[0] + (at[0] - middle[0]) * share + outwards[0] * push,
        middle[1] + (at[1] - middle[1]) * share + outwards[1] * push,
        middle[2] + (at[2] - middle[2]) * share + outwards[2] * push,
      ]);
    const [outerA, outerB, outerC] = [a, b, c].map((at) => corner(at, 0.86, lift + 0.09)) as [Point, Point, Point];
    const [innerA, innerB, innerC] = [a, b, c].map((at) => corner(at, 0.94, lift)) as [Point, Point, Point];
    const base = mix([0.46, 0.42, 0.66], [0.62, 0.56, 0.86], random.next());
    const side = { colour: shade(base, 0.6) };
    sketch
      .triangle(outerA, outerB, outerC, { colour: shade(base, random.between(1, 1.2)) })
      .quad(innerA, innerB, outerB, outerA, side)
      .quad(innerB, innerC, outerC, outerB, side)
      .quad(innerC, innerA, outerA, outerC, side)
      .triangle(innerA, innerC, innerB, { colour: palette.lime, glow: 0.9 });
  }
  return sketch;
}

export const originCore = (): Sketch =>
  new Sketch().ball(
    scaleBy(1.62, 2.3, 1.62),
    ([, up]) => ({ colour: mix(palette.lime, palette.mint, 0.5 - up * 0.5), glow: 1 }),
    { rounds: 2 },
  );

/** Two steps, a line of light, and five prongs that lean out. */
export function pedestal(): Sketch {
  const sketch = new Sketch();
  const step = (y: number, low: number, upper: Colour, lower: Colour): void => {
    const paint = (side: number) => ({ colour: side === top ? upper : lower });
    sketch.prism(moveBy(0, y, 0), paint, { sides: 10, low, high: low - 0.2, height: 0.35 });
  };
  step(-0.05, 3.9, shade(palette.stone, 0.95), shade(palette.stoneDark, 0.95));
  step(0.3, 3.1, palette.stoneDark, palette.slateLight);
  const line = { colour: palette.lime, glow: 0.9 };
  sketch.prism(moveBy(0, 0.65, 0), line, { sides: 10, low: 2.55, high: 2.55, height: 0.06 });
  sketch.prism(moveBy(0, 0.66, 0), { colour: palette.slateLight }, { sides: 10, low: 2.4, high: 2.2, height: 0.14 });
  for (let i = 0; i < 5; i++) {
    const around = turnY((i / 5) * Math.PI * 2);
    const prong = inTurn(turnZ(-0.28), moveBy(3.25, 1.1, 0), around);
    sketch.box(prong, (side) => ({ colour: shade(palette.slateLight, side === 0 ? 1.3 : 1) }), [0.5, 2.2, 0.7], 0.45);
    const light = inTurn(turnZ(-0.28), moveBy(3, 1.25, 0), around);
    sketch.box(light, { colour: palette.lime, glow: 1 }, [0.1, 1.2, 0.16]);
  }
  return sketch;
}

/** A three-edged ring with gaps. */
export function orbit(radius: number, thickness: number, colour: Colour, gaps: number): Sketch {
  const sketch = new Sketch();
  const segments = 60;
  const at = (angle: number, r: number, y: number): Point => [Math.cos(angle) * r, y, Math.sin(angle) * r];
  for (let i = 0; i < segments; i++) {
    if (i % Math.round(segments / gaps) < 3) continue;
    const [from, to] = [(i / segments) * Math.PI * 2, ((i + 1) / segments) * Math.PI * 2];
    const outer = radius + thickness * 1.6;
    const edges: readonly [number, number][] = [
      [radius, thickness],
      [outer, 0],
      [radius, -thickness],
    ];
    edges.forEach(([r, y], edge) => {
      const [nextR, nextY] = edges[(edge + 1) % 3]!;
      const paint = { colour, glow: edge === 2 ? 0.7 : 0.85 };
      sketch.quad(at(from, r, y), at(to, r, y), at(to, nextR, nextY), at(from, nextR, nextY), paint);
    });
  }
  return sketch;
}
