/** Who is on stage in a rehearsal, and what they do: made from a seed, the same each time. */
import { partNames, races, type Part } from "../avatars/catalogue.ts";
import { coats, lights, withPart, type Look } from "../avatars/look.ts";
import { edgeTowards } from "../island/ground.ts";
import { randomFrom, type Random } from "../island/random.ts";
import type { Terrain } from "../island/walk.ts";
import type { Avatar, Emote } from "../port.ts";

const names = [
  "Aster",
  "Brine",
  "Cinder",
  "Dune",
  "Echo",
  "Fable",
  "Gale",
  "Hexa",
  "Iris",
  "Juno",
  "Kite",
  "Lumen",
  "Moss",
  "Nova",
  "Onyx",
  "Pip",
  "Quill",
  "Rune",
  "Sable",
  "Tansy",
  "Umbra",
  "Vesper",
  "Wren",
  "Xylo",
  "Yarrow",
  "Zephyr",
] as const;

/** Somebody who walks from spot to spot, and stays at each for a while. */
export interface Extra {
  readonly avatar: Avatar;
  readonly random: Random;
  goal: { readonly x: number; readonly z: number } | null;
  /** The world's seconds, until which this one stays. */
  until: number;
  readonly runs: boolean;
}

export function castOf(count: number, terrain: Terrain): Extra[] {
  const random = randomFrom(4242);
  return Array.from({ length: count }, (_, i): Extra => {
    const at = spotFor(i, count, random, terrain);
    const moves = random.next() < 0.5;
    return {
      avatar: {
        id: i + 1,
        name: i < names.length ? names[i]! : `${names[i % names.length]}-${Math.floor(i / names.length) + 1}`,
        look: lookFor(random),
        x: at.x,
        z: at.z,
        heading: random.next() * 6.28,
        clip: moves
          ? "idle"
          : random.pick(["idle", "idle", "wave", "dance", "sit"] as const satisfies readonly (Emote | "idle")[]),
        since: -random.next() * 2,
      },
      random: randomFrom(i * 7919 + 13),
      goal: null,
      until: moves ? random.next() * 4 : Infinity,
      runs: random.next() < 0.12,
    };
  });
}

/** Most are on the plaza, some along the paths, a few in the meadows. */
function spotFor(i: number, count: number, random: Random, terrain: Terrain): { x: number; z: number } {
  const ring = i % 3 === 0 ? random.between(4.8, 8.8) : i % 3 === 1 ? random.between(5, 12.5) : random.between(9, 22);
  const angle = (i / count) * 6.28 * 7 + random.next() * 1.2;
  const x = Math.cos(angle) * ring;
  const z = Math.sin(angle) * ring;
  return terrain.walk({ x, z }, { x: Math.cos(angle), z: Math.sin(angle), run: false }, 0.02);
}

function lookFor(random: Random): Look {
  let look: Look = {
    race: random.pick(races),
    coat: Math.floor(random.next() * coats.length),
    light: Math.floor(random.next() * lights.length),
    parts: [],
  };
  const wanted = Math.floor(random.next() * 3.4);
  for (let k = 0; k < wanted; k++) {
    const part: Part = random.pick(partNames);
    if (!look.parts.includes(part)) look = withPart(look, part);
  }
  return look;
}

/** A new spot to walk to, on this island. */
export function nextGoal({ random }: Extra, terrain: Terrain): { x: number; z: number } {
  const angle = random.next() * 6.28;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.min(edgeTowards(terrain.ground.island, c, s) * 0.85, random.between(5, 22));
  return { x: c * reach, z: s * reach };
}
