/** Where light hangs in the air: around lamps and crystals, and as motes over the meadows. */
import { palette } from "../art/palette.ts";
import type { Colour } from "../art/vectors.ts";
import { landHeight } from "../island/ground.ts";
import type { Island } from "../island/island.ts";
import type { Standing, Thing } from "../island/layout.ts";
import { randomFrom } from "../island/random.ts";
import type { Halo, Mote } from "../render/halos.ts";

const crystals: { readonly [Name in Thing]?: readonly [Colour, number] } = {
  mintCrystal: [palette.mint, 0.5],
  violetCrystal: [palette.violet, 0.6],
};

export function glowOf(things: readonly Standing[], island: Island): Halo[] {
  return things.flatMap(({ thing, x, z, size }): Halo[] => {
    const y = landHeight(island, x, z);
    if (thing === "lamp") {
      return [
        { x, y: y + 2.55, z, size: 1.9, colour: palette.amber, strength: 0.75 },
        { x, y: y + 0.15, z, size: 2.6, colour: palette.amber, strength: 0.16 },
      ];
    }
    if (thing === "incubator") return [{ x, y: y + 1.1, z, size: 2.4, colour: palette.lime, strength: 0.34 }];
    const crystal = crystals[thing];
    if (crystal === undefined) return [];
    return [{ x, y: y + size * 0.7, z, size: size * 1.7, colour: crystal[0], strength: crystal[1] }];
  });
}

/** Over the whole island, and close together around the Origin. */
export function moteField(): Mote[] {
  const random = randomFrom(77);
  const mote = (from: number, to: number, y: number, rise: number, colour: Colour): Mote => {
    const angle = random.next() * 6.28;
    const r = Math.sqrt(random.between(from * from, to * to));
    return { x: Math.cos(angle) * r, y, z: Math.sin(angle) * r, colour, rise, phase: random.next() };
  };
  return [
    ...Array.from({ length: 150 }, () => mote(0, 29, 0.3, 3.2, random.next() < 0.7 ? palette.lime : palette.amber)),
    ...Array.from({ length: 40 }, () => mote(1, 3.4, 1, 11, palette.lime)),
  ];
}
