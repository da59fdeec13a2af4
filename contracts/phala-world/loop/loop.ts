/**
 * What Phala World remembers of Spirits, Origins of Shell and Shells: one soul, then a body for it.
 *
 * Functions of the loop take this state, change it, and answer what was made; or they answer a `Refusal` and change
 * nothing. Accounts are players' ids. Things have numbers, given in order and never again.
 */
import {
  races,
  rarities,
  type Career,
  type Gem,
  type PartName,
  type PartRarity,
  type Race,
  type Rarity,
  type Slot,
} from "./kinds.ts";
import { lotOf, type Lot } from "./lot.ts";
import { purseAtFirst, stockAtFirst, stockAtPreorder } from "./numbers.ts";

/** Of one race and rarity, how many are left. */
export interface Stock {
  sale: number;
  giveaway: number;
  reserved: number;
}

/** Part of a Shell, or taken out of one. */
export interface Part {
  readonly id: number;
  readonly name: PartName;
  readonly rarity: PartRarity;
  /** Set into it. */
  readonly gem: Gem | null;
  readonly owner: string;
  /** The Shell it belongs to; null if it was taken out. */
  shell: number | null;
}

export interface Origin {
  readonly id: number;
  readonly owner: string;
  readonly rarity: Rarity;
  readonly race: Race;
  readonly career: Career;
  energy: number;
  /** The era in which it went into its incubator. */
  since: number | null;
  /** What its parts will be drawn from, from then on. */
  lot: Lot | null;
}

export interface Shell {
  readonly id: number;
  readonly owner: string;
  readonly rarity: Rarity;
  readonly race: Race;
  readonly career: Career;
  /** What its parts were drawn from: whoever has it and the Origin's energy can draw them again. 64 hex digits. */
  readonly seed: string;
  readonly energy: number;
  /** What it wears, by slot: numbers of its own parts. */
  readonly worn: Partial<Record<Slot, number>>;
}

export interface Preorder {
  readonly id: number;
  readonly owner: string;
  readonly race: Race;
  readonly career: Career;
}

/** What somebody has given whom to eat in one era. */
export interface Feeding {
  era: number;
  food: number;
  /** Feeds by Origin. */
  readonly given: Record<number, number>;
}

/** For what a ticket is good. Each once for an account, and until the era in which it runs out. */
export type Purpose = "spirit" | "prime";

export interface Account {
  pha: number;
  spirit: boolean;
  /** The last era in which each ticket is good. */
  readonly tickets: Partial<Record<Purpose, number>>;
  feeding: Feeding;
}

/** A draw among preorders, published so that anybody can draw again. */
export interface PublishedDraw {
  readonly era: number;
  /** 64 hex digits. */
  readonly seed: string;
  /** Sorted, as they were drawn from. */
  readonly preorders: readonly number[];
  readonly chosen: readonly number[];
}

/** What somebody owns, in the order of numbers: nobody has to look through what others have. */
export interface Holding {
  readonly origins: Origin[];
  readonly shells: Shell[];
  readonly parts: Part[];
}

export interface Loop {
  readonly accounts: Record<string, Account>;
  /** By owner: the same things as in `origins`, `shells` and `parts`. */
  readonly held: Record<string, Holding>;
  readonly stock: Record<Race, Record<Rarity, Stock>>;
  readonly origins: Record<number, Origin>;
  readonly shells: Record<number, Shell>;
  readonly parts: Record<number, Part>;
  readonly preorders: Record<number, Preorder>;
  /** By owner, the number of the preorder that waits. */
  readonly waiting: Record<string, number>;
  readonly draws: PublishedDraw[];
  /** What preorders will be drawn by. */
  readonly lot: Lot;
  restocked: boolean;
  /** The number of the next thing. */
  next: number;
}

/** @param seed of the draw among preorders, 32 bytes that nobody knows. */
export function newLoop(seed: Uint8Array): Loop {
  const stockOf = (): Record<Rarity, Stock> =>
    Object.fromEntries(rarities.map((rarity) => [rarity, { ...stockAtFirst[rarity] }])) as Record<Rarity, Stock>;
  return {
    accounts: {},
    held: {},
    stock: Object.fromEntries(races.map((race) => [race, stockOf()])) as Loop["stock"],
    origins: {},
    shells: {},
    parts: {},
    preorders: {},
    waiting: {},
    draws: [],
    lot: lotOf(seed),
    restocked: false,
    next: 1,
  };
}

/** What is remembered of somebody; begun when they are first met. */
export const accountOf = (loop: Loop, player: string): Account =>
  (loop.accounts[player] ??= {
    pha: purseAtFirst,
    spirit: false,
    tickets: {},
    feeding: { era: 0, food: 0, given: {} },
  });

const nothing: Holding = { origins: [], shells: [], parts: [] };

export const originsOf = ({ held }: Loop, player: string): readonly Origin[] => (held[player] ?? nothing).origins;

export const shellsOf = ({ held }: Loop, player: string): readonly Shell[] => (held[player] ?? nothing).shells;

export const partsOf = ({ held }: Loop, player: string): readonly Part[] => (held[player] ?? nothing).parts;

interface Things {
  readonly origins: Origin;
  readonly shells: Shell;
  readonly parts: Part;
}

/** A thing has come to its owner. */
export function hold<Kind extends keyof Things>(loop: Loop, kind: Kind, thing: Things[Kind]): void {
  const things: Record<number, Things[Kind]> = loop[kind] as never;
  const own: Things[Kind][] = (loop.held[thing.owner] ??= { origins: [], shells: [], parts: [] })[kind] as never;
  const last = own.at(-1);
  things[thing.id] = thing;
  own.push(thing);
  // What comes back with its owner may be older than what they were given here meanwhile.
  if (last !== undefined && last.id > thing.id) own.sort((a, b) => a.id - b.id);
}

/** An Origin is none any more. */
export function useUp(loop: Loop, origin: Origin): void {
  delete loop.origins[origin.id];
  const { origins } = loop.held[origin.owner]!;
  origins.splice(origins.indexOf(origin), 1);
}

/** All that somebody owns is gone from here. */
export function loseAll(loop: Loop, player: string): void {
  for (const { id } of originsOf(loop, player)) delete loop.origins[id];
  for (const { id } of shellsOf(loop, player)) delete loop.shells[id];
  for (const { id } of partsOf(loop, player)) delete loop.parts[id];
  delete loop.held[player];
}

export const numbered = (loop: Loop): number => loop.next++;

/** More Prime Origins come with the preorders, once. */
export function restock(loop: Loop): void {
  if (loop.restocked) return;
  loop.restocked = true;
  for (const race of races) {
    loop.stock[race].prime.sale += stockAtPreorder.sale;
    loop.stock[race].prime.giveaway += stockAtPreorder.giveaway;
  }
}
