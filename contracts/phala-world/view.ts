/** What one player may see beside the rows: their purse and shelf, where they stand in the world, and what time it is. */
import type { Viewer } from "#contract/index.ts";
import type { Common } from "./common.ts";
import { openSlots } from "./loop/hatching.ts";
import { foodLeft, hatchesAt } from "./loop/incubation.ts";
import {
  partKinds,
  type Career,
  type Gem,
  type PartName,
  type PartRarity,
  type Race,
  type Rarity,
  type Slot,
} from "./loop/kinds.ts";
import { accountOf, originsOf, partsOf, shellsOf, type Loop, type Origin } from "./loop/loop.ts";
import { personAt, type Arrived, type Person, type State } from "./state.ts";

export interface OriginView {
  readonly id: number;
  readonly rarity: Rarity;
  readonly race: Race;
  readonly career: Career;
  readonly energy: number;
  /** Slots that its energy has opened. */
  readonly slots: number;
  /** The era from which it may hatch; null outside an incubator. */
  readonly hatchesAt: number | null;
  /** SHA-256 of what its parts will be drawn from: 64 hex digits; null outside an incubator. */
  readonly commitment: string | null;
}

export interface PartView {
  readonly id: number;
  readonly name: PartName;
  readonly slot: Slot;
  readonly rarity: PartRarity;
  readonly gem: Gem | null;
  /** The Shell it belongs to, and whether it is worn there. */
  readonly shell: number | null;
  readonly worn: boolean;
}

export interface ShellView {
  readonly id: number;
  readonly rarity: Rarity;
  readonly race: Race;
  readonly career: Career;
  /** By which anybody can draw its parts again. */
  readonly seed: string;
  readonly energy: number;
}

export interface OwnView {
  readonly pha: number;
  readonly spirit: boolean;
  readonly origins: readonly OriginView[];
  readonly shells: readonly ShellView[];
  readonly parts: readonly PartView[];
  readonly food: number;
  readonly preordered: boolean;
  readonly tickets: { readonly spirit: boolean; readonly prime: boolean };
  /** The Shell they are seen in. */
  readonly seenIn: number | null;
  readonly found: number;
  readonly won: { readonly [contract: string]: number };
  /** The gate in whose ring they stand. */
  readonly gate: string | null;
  readonly inWorld: boolean;
  readonly space: boolean;
  readonly muted: readonly string[];
  readonly blocked: readonly string[];
  readonly moderator: boolean;
  readonly banned: boolean;
  /** For the world's moderator alone: who was banned, newest first. */
  readonly banList: readonly string[] | null;
  /** The tick until which they were sent out; null if they were not. */
  readonly outUntil: number | null;
  /** From where they came last, and what came of it. */
  readonly arrival: Arrived | null;
}

/** Of those who were banned, so many are shown: an order reaches the others by their id. */
const banListMax = 50;

export interface View extends Common {
  readonly mine: OwnView | null;
}

export function viewOf(state: State, viewer: Viewer): View {
  return {
    ...state.common,
    mine: viewer.kind === "player" ? ownView(state, personAt(state, viewer.seat)) : null,
  };
}

function ownView({ loop, era, banned, out }: State, person: Person): OwnView {
  const { id, kept } = person;
  const { pha, spirit, tickets } = accountOf(loop, id);
  const shells = shellsOf(loop, id);
  const isGood = (until: number | undefined): boolean => until !== undefined && era <= until;
  return {
    pha,
    spirit,
    origins: originsOf(loop, id).map(originView),
    shells: shells.map(({ id: shell, rarity, race, career, seed, energy }) => ({
      id: shell,
      rarity,
      race,
      career,
      seed,
      energy,
    })),
    parts: partsView(loop, id),
    food: foodLeft(loop, id, era),
    preordered: loop.waiting[id] !== undefined,
    tickets: { spirit: isGood(tickets.spirit), prime: isGood(tickets.prime) },
    seenIn: person.shell,
    found: kept.found,
    won: { ...kept.won },
    gate: person.gate,
    inWorld: person.row !== -1,
    space: kept.space,
    muted: [...kept.muted],
    blocked: [...kept.blocked],
    moderator: person.moderator,
    banned: banned[id] === true,
    banList: person.moderator ? Object.keys(banned).reverse().slice(0, banListMax) : null,
    outUntil: out[id] ?? null,
    arrival: person.arrival,
  };
}

function originView(origin: Origin): OriginView {
  const { id, rarity, race, career, energy, lot } = origin;
  return {
    id,
    rarity,
    race,
    career,
    energy,
    slots: openSlots(energy).length,
    hatchesAt: hatchesAt(origin) ?? null,
    commitment: lot?.commitment ?? null,
  };
}

const partsView = (loop: Loop, owner: string): readonly PartView[] =>
  partsOf(loop, owner).map(({ id, name, rarity, gem, shell }) => {
    const { slot } = partKinds[name];
    const worn = shell !== null && loop.shells[shell]?.worn[slot] === id;
    return { id, name, slot, rarity, gem, shell, worn };
  });
