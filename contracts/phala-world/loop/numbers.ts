/** The numbers of Phala World as it was run in 2022, and the few that it left to people behind the scenes. */
import type { PartRarity, Rarity } from "./kinds.ts";

/** In play money, which is called PHA here and is none. */
export const prices: Record<Rarity, number> = { prime: 500, magic: 10_000, legendary: 15_000 };

/** What must be in the purse for a Spirit. Nothing is charged. */
export const spiritBalance = 10;

/** What a purse holds at first: one Prime Origin of Shell and something to go on with. */
export const purseAtFirst = 600;

/** Origins of Shell of each race. */
export const stockAtFirst: Record<
  Rarity,
  { readonly sale: number; readonly giveaway: number; readonly reserved: number }
> = {
  legendary: { sale: 1, giveaway: 0, reserved: 1 },
  magic: { sale: 10, giveaway: 0, reserved: 10 },
  prime: { sale: 1250, giveaway: 0, reserved: 0 },
};

/** Prime Origins that come on top, for each race, when the preorders begin. */
export const stockAtPreorder = { sale: 900, giveaway: 50 };

/** In an era, for each Origin of Shell that one owns. What is left at its end is lost. */
export const foodPerOrigin = 5;

/** By one feeder to one Origin in one era, whoever owns it. */
export const feedsPerTarget = 2;

/** From an Origin's first day of incubation until it may hatch. */
export const incubationEras = 8;

/** What feeding gives: to one's own Origin; to somebody else's; to one's own for feeding somebody else's. */
export const energy = { own: 3, received: 2, thanks: 1 };

/** Energy that opens one slot: what the owner's own two feeds of a day give. */
export const energyPerSlot = 6;

/** Out of a hundred, how often a part of an Origin of this rarity is normal, rare, epic, legend. */
export const partChances: Record<Rarity, Record<PartRarity, number>> = {
  prime: { normal: 70, rare: 22, epic: 7, legend: 1 },
  magic: { normal: 30, rare: 40, epic: 22, legend: 8 },
  legendary: { normal: 0, rare: 30, epic: 45, legend: 25 },
};

/** Out of a hundred, how often a gem is set into a part. */
export const gemChance = 35;

/** Origins that one account may own at a time, also on the last day: a room has bounded memory. */
export const originsEach = 16;

/** Preorders that may wait for the draw. */
export const preordersMax = 4096;
