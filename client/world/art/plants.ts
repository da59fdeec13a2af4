/** Trees and grass, each from a seed. */
import { randomFrom } from "../island/random.ts";
import { palette } from "./palette.ts";
import { bottom, Sketch } from "./sketch.ts";
import { inTurn, mix, moveBy, scaleBy, shade, turnY, turnZ, type Colour, type Point } from "./vectors.ts";

/** A crown of four balls on a leaning trunk, from `deep` below to `pale` above. */
export function roundTree(seed: number, deep: Colour, pale: Colour): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(seed);
  sketch.prism(turnZ(0.06), { colour: palette.trunk }, { sides: 6, low: 0.28, high: 0.16, height: 2, caps: false });
  const branch = inTurn(turnZ(-0.7), moveBy(0.05, 1.3, 0));
  const bark = { colour: shade(palette.trunk, 0.9) };
  sketch.prism(branch, bark, { sides: 5, low: 0.12, high: 0.06, height: 0.9, caps: false });
  const crown: readonly [Point, number][] = [
    [[0, 2.7, 0], 1.25],
    [[0.85, 2.25, 0.35], 0.8],
    [[-0.75, 2.35, -0.3], 0.85],
    [[0.1, 3.45, -0.15], 0.8],
  ];
  for (const [at, size] of crown) {
    const leaf = ([, up]: Point): { colour: Colour } => {
      const share = Math.max(0, Math.min(1, up * 0.5 + 0.5 + random.between(-0.125, 0.125)));
      return { colour: shade(mix(deep, pale, share), 0.78 + 0.3 * Math.max(0, up)) };
    };
    const place = inTurn(scaleBy(size, size * 0.82, size), moveBy(...at));
    sketch.ball(place, leaf, { rounds: 1, jitter: 0.16, random });
  }
  return sketch;
}

export function pine(seed: number): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(seed);
  sketch.prism(
    moveBy(0, 0, 0),
    { colour: palette.trunk },
    { sides: 6, low: 0.2, high: 0.14, height: 0.9, caps: false },
  );
  for (let i = 0; i < 4; i++) {
    const place = inTurn(turnY(random.next() * 6), turnZ(random.between(-0.04, 0.04)), moveBy(0, 0.6 + i * 0.85, 0));
    const needles = (side: number): { colour: Colour } => ({
      colour: shade(
        mix(palette.pineDeep, palette.pine, i / 4 + random.next() * 0.15),
        side === bottom ? 0.55 : random.between(0.85, 1.05),
      ),
    });
    sketch.prism(place, needles, { sides: 8, low: 1.25 - i * 0.27, high: 0, height: 1.25 });
  }
  return sketch;
}

/** Five blades, seen from both sides and lit from above. */
export function tuft(seed: number): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(seed);
  for (let i = 0; i < 5; i++) {
    const angle = random.next() * 6.28;
    const height = random.between(0.22, 0.5);
    const [x, z] = [random.between(-0.25, 0.25), random.between(-0.25, 0.25)];
    const [dx, dz] = [Math.cos(angle) * 0.06, Math.sin(angle) * 0.06];
    const bend = random.between(-0.2, 0.2);
    const a: Point = [x - dx, 0, z - dz];
    const b: Point = [x + dx, 0, z + dz];
    const tip: Point = [x + bend, height, z + bend * 0.5];
    const colour = mix(palette.grassDeep, palette.grassDry, random.between(0.35, 0.85));
    sketch.triangle(a, tip, b, { colour, normal: [0, 1, 0] }).triangle(a, b, tip, { colour, normal: [0, 1, 0] });
  }
  return sketch;
}
