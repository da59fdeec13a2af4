/** What the numbers in the hub's rows mean. Codes are never given to something else: pages outlast versions. */
import { careers, partKinds, races, slots, type Career, type PartName, type Race, type Slot } from "./loop/kinds.ts";

/** Seats of one hub. */
export const seatsMax = 512;

/** The guide, who has no seat, is known by this number instead of one. */
export const guideSeat = 1023;

/** What somebody is seen doing: `Body.clip` is the place in this list. */
export const clips = ["idle", "walk", "run", "wave", "dance", "cheer", "sit"] as const;
export type Clip = (typeof clips)[number];
export const clipCode = (clip: Clip): number => clips.indexOf(clip);

/** What somebody can be asked to do in place. */
export const emotes = ["wave", "dance", "cheer", "sit"] as const satisfies readonly Clip[];
export type Emote = (typeof emotes)[number];

export const raceCode = (race: Race): number => races.indexOf(race);

/** 0 before one has a Shell. */
export const careerCode = (career: Career | null): number => (career === null ? 0 : 1 + careers.indexOf(career));

const partNames = Object.keys(partKinds) as PartName[];

/** In `Look`, what is worn in a slot; 0 if nothing is. */
export const partCode = (part: PartName | null): number => (part === null ? 0 : 1 + partNames.indexOf(part));
export const partOfCode = (code: number): PartName | null => partNames[code - 1] ?? null;

/** The field of `Look` for each slot. */
export const slotFields = {
  head: "head",
  chest: "chest",
  "hand.R": "handR",
  back: "back",
  "hand.L": "handL",
  face: "face",
} as const satisfies Record<Slot, string>;

export const partsOfLook = (look: { readonly [Field in (typeof slotFields)[Slot]]: number }): readonly PartName[] =>
  slots.flatMap((slot) => partOfCode(look[slotFields[slot]]) ?? []);

/** Colours that there are to choose from; the page knows which. */
export const coatCount = 8;
export const lightCount = 6;

/** A whole push of `Push.x` or `Push.z`. */
export const pushMax = 127;

/** What lies buried: `Treasure.kind` is the place in this list. */
export const treasures = ["circuit", "seed", "coin"] as const;
export type TreasureKind = (typeof treasures)[number];

/** Seconds of a day in the hub, the first half of which it is light. */
export const dayLength = 1200;

/** 0 to 1: how much of the day is over at this tick. */
export const dayAt = (tick: number, hz: number): number => ((tick / hz) % dayLength) / dayLength;
