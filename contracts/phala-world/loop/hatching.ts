/** Hatching: an Origin of Shell becomes a Shell, with parts drawn from a seed that is published with it. */
import { KeystreamRandom } from "#contract/random.ts";
import { bytesOf } from "./hex.ts";
import { hatchesAt } from "./incubation.ts";
import {
  gems,
  partKinds,
  partRarities,
  slots,
  type Career,
  type Gem,
  type PartKind,
  type PartName,
  type PartRarity,
  type Rarity,
  type Slot,
} from "./kinds.ts";
import { hold, numbered, useUp, type Loop, type Origin, type Part, type Shell } from "./loop.ts";
import { energyPerSlot, gemChance, partChances } from "./numbers.ts";
import type { Refusal } from "./refusals.ts";

/** A part before it belongs to anybody. */
export interface DrawnPart {
  readonly slot: Slot;
  readonly name: PartName;
  readonly rarity: PartRarity;
  readonly gem: Gem | null;
}

/** Slots that so much energy has opened, first to last. A Shell is never bare: the first one is open from the start. */
export const openSlots = (energy: number): readonly Slot[] =>
  slots.slice(0, Math.min(slots.length, 1 + Math.floor(energy / energyPerSlot)));

/**
 * The parts of a Shell: a function of the seed and of what is known about its Origin, so that anybody can draw again.
 * For each open slot: which part, of what rarity, and whether with a gem, from the ChaCha20 stream of the seed.
 */
export function drawParts(
  seed: Uint8Array,
  { rarity, career, energy }: Pick<Origin, "rarity" | "career" | "energy">,
): readonly DrawnPart[] {
  const random = new KeystreamRandom(seed);
  return openSlots(energy).map((slot) => {
    const fitting = partsFor(slot, career);
    const name = fitting[random.below(fitting.length)]!;
    const drawn = drawRarity(random.below(100), rarity);
    const gem = random.below(100) < gemChance ? gems[random.below(gems.length)]! : null;
    return { slot, name, rarity: drawn, gem };
  });
}

/** Once its time has come, its owner may hatch it: nobody else is needed. */
export function hatch(loop: Loop, player: string, id: number, era: number): Shell | Refusal {
  const origin = loop.origins[id];
  if (origin === undefined) return "NoSuchThing";
  if (origin.owner !== player) return "NotOwner";
  const from = hatchesAt(origin);
  const { rarity, race, career, energy, lot } = origin;
  if (from === undefined || era < from || lot === null) return "CannotHatchOriginOfShell";
  const { seed } = lot;
  useUp(loop, origin);
  const worn: Shell["worn"] = {};
  const shell: Shell = { id: numbered(loop), owner: player, rarity, race, career, seed, energy, worn };
  hold(loop, "shells", shell);
  for (const { slot, name, rarity: partRarity, gem } of drawParts(bytesOf(seed), origin)) {
    const part: Part = { id: numbered(loop), name, rarity: partRarity, gem, owner: player, shell: shell.id };
    hold(loop, "parts", part);
    worn[slot] = part.id;
  }
  return shell;
}

/** Parts of one's own career, and those that are everybody's. */
function partsFor(slot: Slot, career: Career): readonly PartName[] {
  const names = Object.keys(partKinds) as PartName[];
  const kindOf = (name: PartName): PartKind => partKinds[name];
  const inSlot = names.filter((name) => kindOf(name).slot === slot);
  const fitting = inSlot.filter((name) => [undefined, career].includes(kindOf(name).career));
  return fitting.length > 0 ? fitting : inSlot;
}

function drawRarity(hundredth: number, of: Rarity): PartRarity {
  let below = 0;
  for (const rarity of partRarities) {
    below += partChances[of][rarity];
    if (hundredth < below) return rarity;
  }
  throw new RangeError("chances add up to a hundred");
}
