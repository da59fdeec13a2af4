/**
 * What a player keeps when the room is left: whom they will not hear, what they have found and won, and their part of the
 * loop. It follows the account into any other hub. A record comes from outside the room, so it is read like a move.
 */
import * as v from "valibot";
import type { Value } from "#contract/index.ts";
import { bytesOf, hexOf } from "./loop/hex.ts";
import { careers, gems, partKinds, partRarities, races, rarities, slots, type PartName } from "./loop/kinds.ts";
import {
  accountOf,
  hold,
  loseAll,
  numbered,
  originsOf,
  partsOf,
  shellsOf,
  type Loop,
  type Part,
  type Shell,
} from "./loop/loop.ts";
import { lotOf } from "./loop/lot.ts";
import { originsEach } from "./loop/numbers.ts";

/** Whom somebody can mute or block, each. */
export const unheardMax = 24;

/** Apart from the loop. */
export interface Kept {
  muted: string[];
  blocked: string[];
  space: boolean;
  found: number;
  /** Games that were won behind each gate. */
  won: Record<string, number>;
  /** Which of their Shells, counted from 0, they are seen in. */
  seenIn: number | null;
}

export const emptyRecord = (): Kept => ({ muted: [], blocked: [], space: false, found: 0, won: {}, seenIn: null });

/** Shells that one account can keep: what a record has room for. */
export const shellsEach = 12;
const partsEach = shellsEach * slots.length;

const partNames = Object.keys(partKinds) as PartName[];

/** Of a hub, drawn when it opens: 16 hex digits. */
export type HubId = string;

/** Where and when a record is written or read. */
export interface Place {
  readonly loop: Loop;
  readonly hub: HubId;
  readonly era: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Below 0: older than the hub it is in by now. */
const era = v.pipe(v.number(), v.integer());
const index = (list: readonly unknown[]) => v.pipe(count, v.maxValue(list.length - 1));
const seed = v.pipe(
  v.instance(Uint8Array),
  v.check((bytes) => bytes.length === 32),
);
const ids = v.pipe(
  v.array(
    v.pipe(
      v.instance(Uint8Array),
      v.check((bytes) => bytes.length === 16),
    ),
  ),
  v.maxLength(unheardMax),
);

/** Rows of numbers: a record is short. Slots and gems are counted from 1, 0 being none. */
const schema = v.strictObject({
  version: v.literal(1),
  /** Where it was written, and in which of its eras: things keep their numbers there, and time has gone on. */
  hub: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  era: count,
  muted: ids,
  blocked: ids,
  space: v.boolean(),
  found: count,
  won: v.pipe(v.record(v.pipe(v.string(), v.regex(/^[a-z0-9]{1,12}$/)), count), v.maxEntries(8)),
  seenIn: v.nullable(count),
  pha: count,
  spirit: v.boolean(),
  /** [number, rarity, race, career, energy, era of its incubation or null, seed of its parts or null] */
  origins: v.pipe(
    v.array(
      v.strictTuple([count, index(rarities), index(races), index(careers), count, v.nullable(era), v.nullable(seed)]),
    ),
    v.maxLength(originsEach),
  ),
  /** [number, rarity, race, career, seed, energy] */
  shells: v.pipe(
    v.array(v.strictTuple([count, index(rarities), index(races), index(careers), seed, count])),
    v.maxLength(shellsEach),
  ),
  /** [number, name, rarity, gem, shell, whether it is worn] */
  parts: v.pipe(
    v.array(
      v.strictTuple([
        count,
        index(partNames),
        index(partRarities),
        v.pipe(count, v.maxValue(gems.length)),
        v.pipe(count, v.maxValue(shellsEach)),
        v.boolean(),
      ]),
    ),
    v.maxLength(partsEach),
  ),
});
type Written = v.InferOutput<typeof schema>;

/** As it is saved. */
export function writeRecord(kept: Kept, player: string, { loop, hub, era }: Place): Value {
  const { pha, spirit } = accountOf(loop, player);
  const shells = shellsOf(loop, player).slice(0, shellsEach);
  const shellOf = (part: Part): number => 1 + shells.findIndex(({ id }) => id === part.shell);
  const isWorn = (part: Part): boolean => shells.some(({ worn }) => Object.values(worn).includes(part.id));
  const written: Written = {
    version: 1,
    hub,
    era,
    muted: kept.muted.map(bytesOf),
    blocked: kept.blocked.map(bytesOf),
    space: kept.space,
    found: kept.found,
    won: { ...kept.won },
    seenIn: kept.seenIn,
    pha,
    spirit,
    origins: originsOf(loop, player).map(({ id, rarity, race, career, energy, since, lot }) => [
      id,
      rarities.indexOf(rarity),
      races.indexOf(race),
      careers.indexOf(career),
      energy,
      since,
      lot === null ? null : bytesOf(lot.seed),
    ]),
    shells: shells.map(({ id, rarity, race, career, seed: drawnFrom, energy }) => [
      id,
      rarities.indexOf(rarity),
      races.indexOf(race),
      careers.indexOf(career),
      bytesOf(drawnFrom),
      energy,
    ]),
    parts: partsOf(loop, player)
      .slice(0, partsEach)
      .map((part) => [
        part.id,
        partNames.indexOf(part.name),
        partRarities.indexOf(part.rarity),
        part.gem === null ? 0 : 1 + gems.indexOf(part.gem),
        shellOf(part),
        isWorn(part),
      ]),
  };
  return written as unknown as Value;
}

/**
 * Puts what somebody kept back into the loop, beside what they have been given here meanwhile, and answers the rest. What is
 * no record of ours is none.
 */
export function readRecord(record: Value, player: string, place: Place): Kept {
  const { loop } = place;
  const owed = loop.accounts[player]?.pha ?? 0;
  const account = accountOf(loop, player);
  const parsed = v.safeParse(schema, record);
  if (!parsed.success) return emptyRecord();
  const { output: written } = parsed;
  account.pha = written.pha + owed;
  account.spirit ||= written.spirit;
  putBack(written, player, place);
  const { muted, blocked, space, found, won, seenIn } = written;
  return { muted: muted.map(hexOf), blocked: blocked.map(hexOf), space, found, won: { ...won }, seenIn };
}

function putBack(written: Written, owner: string, { loop, hub, era: now }: Place): void {
  const home = written.hub === hub;
  const numberOf = (id: number): number => (home ? id : numbered(loop));
  for (const [number, rarity, race, career, energy, since, settled] of written.origins) {
    const id = numberOf(number);
    // What was in an incubator elsewhere goes on from where it was.
    const begun = since === null || home ? since : now - (written.era - since);
    hold(loop, "origins", {
      id,
      owner,
      ...kindsOf(rarity, race, career),
      energy,
      since: begun,
      lot: settled === null ? null : lotOf(settled),
    });
  }
  const shells = written.shells.map(([number, rarity, race, career, drawnFrom, energy]): Shell => {
    const id = numberOf(number);
    const shell: Shell = {
      id,
      owner,
      ...kindsOf(rarity, race, career),
      seed: hexOf(drawnFrom),
      energy,
      worn: {},
    };
    hold(loop, "shells", shell);
    return shell;
  });
  for (const [number, name, rarity, gem, of, worn] of written.parts) {
    const id = numberOf(number);
    const shell = shells[of - 1];
    const kinds = { name: partNames[name]!, rarity: partRarities[rarity]!, gem: gems[gem - 1] ?? null };
    hold(loop, "parts", { id, ...kinds, owner, shell: shell?.id ?? null });
    if (shell !== undefined && worn) shell.worn[partKinds[kinds.name].slot] = id;
  }
}

const kindsOf = (rarity: number, race: number, career: number): Pick<Shell, "rarity" | "race" | "career"> => ({
  rarity: rarities[rarity]!,
  race: races[race]!,
  career: careers[career]!,
});

/**
 * The room forgets what goes with somebody. What it owes them stays, and what they have eaten of this era: nobody gets more
 * food by leaving and coming back.
 */
export function forget(player: string, { loop, era: now }: Pick<Place, "loop" | "era">): void {
  loseAll(loop, player);
  const account = accountOf(loop, player);
  account.pha = 0;
  if (!isOwed(loop, player, now)) delete loop.accounts[player];
}

function isOwed(loop: Loop, player: string, now: number): boolean {
  const { pha, tickets, feeding } = accountOf(loop, player);
  const waits = loop.waiting[player] !== undefined;
  const good = Object.values(tickets).some((until) => until >= now);
  return waits || good || pha > 0 || (feeding.era === now && Object.keys(feeding.given).length > 0);
}

/** At the beginning of an era: accounts of those who are away, and to whom nothing is owed any more. */
export function forgetAbsent(
  present: (player: string) => boolean,
  { loop, era: now }: Pick<Place, "loop" | "era">,
): void {
  for (const player of Object.keys(loop.accounts)) {
    if (!present(player) && !isOwed(loop, player, now) && originsOf(loop, player).length === 0)
      delete loop.accounts[player];
  }
}
