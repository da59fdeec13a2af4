/** Crystals, rocks and clouds, each from a seed. */
import { randomFrom } from "../island/random.ts";
import { palette } from "./palette.ts";
import { Sketch } from "./sketch.ts";
import { inTurn, mix, moveBy, scaleBy, shade, turnY, turnZ, type Colour } from "./vectors.ts";

/** One tall shard and four small ones; they shine. */
export function crystal(seed: number, colour: Colour): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(seed);
  for (let i = 0; i < 5; i++) {
    const height = i === 0 ? 1.7 : random.between(0.6, 1.3);
    const width = height * 0.2;
    const lean = i === 0 ? 0.08 : random.between(0.35, 0.75);
    const place = inTurn(turnZ(lean), turnY(random.next() * 6.28), moveBy(0, -0.1, 0));
    const shaft = (side: number) => ({ colour: shade(colour, 0.55 + (0.45 * ((side + 6) % 3)) / 2), glow: 0.72 });
    sketch.prism(place, shaft, { sides: 6, low: width * 0.75, high: width, height: height * 0.72, caps: false });
    const tip = (side: number) => ({
      colour: shade(mix(colour, palette.white, 0.35), 0.8 + 0.2 * ((side + 6) % 2)),
      glow: 0.9,
    });
    const above = inTurn(moveBy(0, height * 0.72, 0), place);
    sketch.prism(above, tip, { sides: 6, low: width, high: 0, height: height * 0.3, caps: false });
  }
  return sketch;
}

export function rock(seed: number): Sketch {
  const random = randomFrom(seed);
  return new Sketch().ball(
    scaleBy(1, 0.7, 1),
    ([, up]) => ({ colour: shade(mix(palette.rockHigh, palette.stone, up * 0.5 + 0.5), random.between(0.8, 1)) }),
    { rounds: 1, jitter: 0.25, random },
  );
}

const cloudTop: Colour = [1, 0.86, 0.86];
const cloudBottom: Colour = [0.5, 0.4, 0.68];

export function cloud(seed: number): Sketch {
  const sketch = new Sketch();
  const random = randomFrom(seed);
  for (let i = 0; i < 6; i++) {
    const size = random.between(0.55, 1.15);
    const x = (i - 2.5) * 0.75 + random.between(-0.25, 0.25);
    const place = inTurn(
      scaleBy(size * 1.15, size * 0.55, size),
      moveBy(x, random.between(-0.125, 0.125), random.between(-0.6, 0.6)),
    );
    sketch.ball(
      place,
      ([, up]) => ({ colour: mix(cloudBottom, cloudTop, Math.max(0, Math.min(1, up * 0.6 + 0.5))), glow: 0.35 }),
      { rounds: 1, jitter: 0.12, random },
    );
  }
  return sketch;
}
