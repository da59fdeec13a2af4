/** Who one can be in Phala World, and what a Shell can be made of. */

export const races = ["cyborg", "spectre", "xgene", "pandroid"] as const;
export type Race = (typeof races)[number];

export const careers = ["wizard", "druid", "warrior", "negotiator", "monk"] as const;
export type Career = (typeof careers)[number];

/** Of an Origin of Shell, commonest first. */
export const rarities = ["prime", "magic", "legendary"] as const;
export type Rarity = (typeof rarities)[number];

/** Of a part, commonest first. */
export const partRarities = ["normal", "rare", "epic", "legend"] as const;
export type PartRarity = (typeof partRarities)[number];

/** Where parts are worn, in the order in which incubation opens them. */
export const slots = ["head", "chest", "hand.R", "back", "hand.L", "face"] as const;
export type Slot = (typeof slots)[number];

export interface PartKind {
  readonly slot: Slot;
  /** Whose part it is; everybody's if it says nothing. */
  readonly career?: Career;
}

/** Every part there is. */
export const partKinds = {
  "wizard-hood": { slot: "head", career: "wizard" },
  "druid-antlers": { slot: "head", career: "druid" },
  "warrior-helm": { slot: "head", career: "warrior" },
  "negotiator-hat": { slot: "head", career: "negotiator" },
  "monk-halo": { slot: "head", career: "monk" },
  "trader-goggles": { slot: "face" },
  "warrior-plate": { slot: "chest", career: "warrior" },
  "monk-robe": { slot: "chest" },
  "druid-pack": { slot: "back" },
  "wizard-wings": { slot: "back", career: "wizard" },
  "warrior-jets": { slot: "back", career: "warrior" },
  blade: { slot: "hand.R" },
  "wizard-staff": { slot: "hand.R", career: "wizard" },
  "negotiator-case": { slot: "hand.L", career: "negotiator" },
  "druid-lantern": { slot: "hand.L" },
} as const satisfies Record<string, PartKind>;
export type PartName = keyof typeof partKinds;

/** Parts of parts: each part may have one, set into it. */
export const gems = ["acid", "ember", "frost", "void"] as const;
export type Gem = (typeof gems)[number];
