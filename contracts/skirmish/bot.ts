/**
 * A bot: from what a player sees to what it wants next, and nothing that a player would not know. It runs about, goes for
 * what it finds, shoots at enemies that it sees, and keeps its distance.
 */
import { freePart, isWall, makeField, tileOf, type Field } from "./field.ts";
import { clipMax, healthMax, range, sight, stickMax, type View } from "./terms.ts";

/** Of a `Fighter`. */
export interface SeenFighter {
  readonly x: number;
  readonly z: number;
  readonly team: number;
  readonly health: number;
  readonly seat: number;
}

/** Of a `Find`. */
export interface SeenFind {
  readonly x: number;
  readonly z: number;
  readonly kind: number;
}

/** Fields of a `Push`. */
export interface Wanted {
  readonly east: number;
  readonly south: number;
  /** Radians, from east towards south. */
  readonly aim: number;
  readonly trigger: number;
  readonly reloads: number;
}

export interface Seen {
  readonly seat: number;
  readonly field: Field;
  readonly fighters: readonly SeenFighter[];
  readonly finds: readonly SeenFind[];
  /** Shots that are loaded. */
  readonly clip: number;
  /** What it wanted last. */
  readonly before: Wanted;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export const nothing: Wanted = { east: 0, south: 0, aim: 0, trigger: 0, reloads: 0 };

/** Fields by seed and size: making one takes a while. */
const fields = new Map<string, Field>();

export function fieldOf({ field: { seed, tiles } }: Pick<View, "field">): Field {
  const name = `${seed}/${tiles}`;
  const known = fields.get(name) ?? makeField(seed, tiles);
  if (fields.size > 8) fields.clear();
  fields.set(name, known);
  return known;
}

/** What a bot wants from now on. */
export function decide(seen: Seen): Wanted {
  const { seat, fighters, before, clip } = seen;
  const self = fighters.find((fighter) => fighter.seat === seat);
  if (self === undefined || self.health === 0) return { ...before, east: 0, south: 0, trigger: 0 };
  const enemies = fighters.filter(({ team, health }) => team !== self.team && health > 0);
  const enemy = nearest(self, enemies);
  const reloads = enemy === undefined && clip < clipMax / 2 ? (before.reloads % 255) + 1 : before.reloads;
  if (enemy !== undefined) return { ...fight(seen, self, enemy), reloads };
  const find = nearest(
    self,
    seen.finds.filter(({ kind }) => kind !== 1 || self.health < healthMax),
  );
  const way = find === undefined ? wander(seen, self) : stick(find.x - self.x, find.z - self.z);
  return { ...way, aim: Math.atan2(way.south, way.east), trigger: 0, reloads };
}

/** Towards an enemy who is far, sideways from one who is near; aims well, not perfectly. */
function fight(seen: Seen, self: SeenFighter, enemy: SeenFighter): Omit<Wanted, "reloads"> {
  const [x, z] = [enemy.x - self.x, enemy.z - self.z];
  const distance = Math.hypot(x, z);
  const aside = seen.random() < 0.5 ? stick(-z, x) : stick(z, -x);
  const keeps = seen.random() < 0.8 && (seen.before.east !== 0 || seen.before.south !== 0);
  const way = distance > sight / 2 ? stick(x, z) : keeps ? seen.before : aside;
  const aim = Math.atan2(z, x) + (seen.random() - 0.5) * 0.16;
  return { east: way.east, south: way.south, aim, trigger: distance < range ? 1 : 0 };
}

/** Straight on until something is in the way or, now and then, it thinks better of it. */
function wander({ field, before, random }: Seen, self: SeenFighter): Pick<Wanted, "east" | "south"> {
  const goesOn = (before.east !== 0 || before.south !== 0) && random() > 0.02;
  if (goesOn && isOpen(field, self, before)) return before;
  for (let tries = 0; tries < 8; tries++) {
    const way = stick(random() - 0.5, random() - 0.5);
    if (isOpen(field, self, way)) return way;
  }
  return stick(random() - 0.5, random() - 0.5);
}

/** Whether the next metres this way are free. */
function isOpen(field: Field, { x, z }: SeenFighter, { east, south }: Pick<Wanted, "east" | "south">): boolean {
  const [toX, toZ] = [x + (east / stickMax) * 2.5, z + (south / stickMax) * 2.5];
  return !isWall(field, tileOf(toX), tileOf(toZ)) && freePart(field, x, z, toX, toZ) === 1;
}

function stick(x: number, z: number): Pick<Wanted, "east" | "south"> {
  const length = Math.hypot(x, z) || 1;
  return { east: Math.round((x / length) * stickMax), south: Math.round((z / length) * stickMax) };
}

function nearest<T extends { readonly x: number; readonly z: number }>(
  { x, z }: SeenFighter,
  places: readonly T[],
): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const distance = Math.hypot(place.x - x, place.z - z);
    if (distance >= least) continue;
    [best, least] = [place, distance];
  }
  return best;
}
