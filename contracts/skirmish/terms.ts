/** What the rules in `assembly/` say to bots, tests and the page: their views, their moves, their measures. */
import type { Contract } from "#contract/index.ts";

/** The side of a tile, in metres. */
export const tile = 2;
/** How far anybody sees, in metres. */
export const sight = 24;
/** How close somebody has to come to find what lies about, in metres. */
export const finding = 7;
/** From a fighter's middle to its edge, in metres. */
export const girth = 0.45;
/** Metres a second, with the stick at its end. */
export const speed = 6;
/** Metres a second. */
export const shotSpeed = 40;
/** How far a shot flies, in metres. */
export const range = 28;
export const healthMax = 100;
export const clipMax = 8;
/** Of a stick, either way. */
export const stickMax = 100;

/** What lies about, by `Find.kind`. */
export const kinds = ["rounds", "bandage", "relic"] as const;

export interface View {
  readonly phase: "waiting" | "playing" | "pause" | "over";
  /** From 1 on. */
  readonly round: number;
  /** 0: without end. */
  readonly rounds: number;
  /** The tick at which this phase is over; 0 if it is not known. */
  readonly endsAt: number;
  /** What `fieldOf` makes the walls of, and their checksum. */
  readonly field: { readonly seed: number; readonly tiles: number; readonly check: number };
  /** Of this round, by team. */
  readonly points: readonly number[];
  /** Rounds won, by team. */
  readonly wins: readonly number[];
  /** How the last round went; null before there was one. */
  readonly last: Verdict | null;
}

/** The team that won, -1 if none did, and the seat of its best. */
export interface Verdict {
  readonly winner: number;
  readonly best: number;
}

/** Joins another team, if that does not make it the larger one. */
export interface Move {
  readonly team: number;
}

export type Skirmish = Contract<unknown, Move, View>;
