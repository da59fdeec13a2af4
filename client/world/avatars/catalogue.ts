/** Names of what avatars are made of. `assets/` builds a model for each; its validator holds the two together. */

/** The four races of Phala World. */
export const races = ["cyborg", "spectre", "xgene", "pandroid"] as const;
export type Race = (typeof races)[number];

export const raceNames: Record<Race, string> = {
  cyborg: "Cyborg",
  spectre: "AI-Spectre",
  xgene: "X-Gene",
  pandroid: "Pandroid",
};

/** Bones of the one skeleton, a parent before its children. Their order is the order of baked matrices. */
export const bones = ["root", "body", "head", "arm.L", "arm.R", "leg.L", "leg.R"] as const;
export type Bone = (typeof bones)[number];

/** Where parts go. One part to a slot. */
export const slots = ["head", "face", "chest", "back", "hand.L", "hand.R"] as const;
export type Slot = (typeof slots)[number];

/** The bone that each slot follows. */
export const slotBones: Record<Slot, Bone> = {
  head: "head",
  face: "head",
  chest: "body",
  back: "body",
  "hand.L": "arm.L",
  "hand.R": "arm.R",
};

/** What an avatar can be seen doing. `loop` is false for what ends by itself. */
export const clips = {
  idle: { frames: 60, loop: true },
  walk: { frames: 30, loop: true },
  run: { frames: 20, loop: true },
  wave: { frames: 60, loop: false },
  dance: { frames: 60, loop: true },
  cheer: { frames: 45, loop: false },
  sit: { frames: 60, loop: true },
} as const;
export type Clip = keyof typeof clips;
export const clipNames = Object.keys(clips) as Clip[];

/** Frames a second of every clip. */
export const clipRate = 30;

/** Parts and the slot each is worn in. */
export const parts = {
  "wizard-hood": "head",
  "druid-antlers": "head",
  "warrior-helm": "head",
  "negotiator-hat": "head",
  "monk-halo": "head",
  "trader-goggles": "face",
  "warrior-plate": "chest",
  "monk-robe": "chest",
  "druid-pack": "back",
  "wizard-wings": "back",
  "warrior-jets": "back",
  blade: "hand.R",
  "wizard-staff": "hand.R",
  "negotiator-case": "hand.L",
  "druid-lantern": "hand.L",
} as const satisfies Record<string, Slot>;
export type Part = keyof typeof parts;
export const partNames = Object.keys(parts) as Part[];

/** What stands in a place. */
export const scenery = ["portal", "lamp", "bench", "incubator"] as const;
export type Scenery = (typeof scenery)[number];

/** The alpha of a corner's colour says what the surface is. */
export const surfaces = { painted: 1, dyed: 0.5, glowing: 0 } as const;

/** Every model file that a client may load. */
export const modelFiles: readonly string[] = [
  "rig-clips.glb",
  ...races.flatMap((race) => [`avatar-${race}.glb`, `avatar-${race}-low.glb`]),
  ...partNames.map((part) => `part-${part}.glb`),
  ...scenery.map((name) => `scenery-${name}.glb`),
];
