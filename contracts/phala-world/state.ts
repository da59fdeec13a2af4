/** What the hub remembers. */
import type { Context, Player, Value } from "#contract/index.ts";
import type { Clip, TreasureKind } from "./codes.ts";
import { commonOf, type Common } from "./common.ts";
import { hexOf } from "./loop/hex.ts";
import { newLoop, type Loop } from "./loop/loop.ts";
import type { Race } from "./loop/kinds.ts";
import { emptyRecord, type HubId, type Kept } from "./record.ts";
import { macKeyLength, type Said } from "./speech-mac.ts";

/** Somebody seated, in the world or about to enter it. */
export interface Person {
  readonly id: string;
  readonly seat: number;
  /** As `Contract` calls want them. */
  readonly player: Player;
  /** The row of their `Body` and `Look`; -1 before they have entered. */
  row: number;
  name: string;
  race: Race;
  coat: number;
  light: number;
  /** The push by which they walk, in one number; 0 while they stand. */
  pushed: number;
  /** What that moves them in a tick, in metres. */
  stride: { readonly x: number; readonly z: number };
  /** What they do in place, until when. */
  emote: { clip: Clip; until: number } | null;
  /** The gate in whose ring they stand. */
  gate: string | null;
  /** What is buried and shown to them: a bit for each row of `Treasure`. */
  near: number;
  /** Messages that they may still say at once, as of a tick. */
  breath: { left: number; at: number };
  /** What they will disclose with their next report. */
  disclosed: Said[];
  /** The last tick at which they reported somebody. */
  reported: number;
  /** Which Shell they are seen in. */
  shell: number | null;
  /** What follows them out of the room. */
  kept: Kept;
  /** Whether that has changed since it was last saved. */
  unsaved: boolean;
  /** Of the world's moderator. */
  readonly moderator: boolean;
  /** Where they came from and with what, once. */
  arrival: Arrived | null;
}

export interface Arrived {
  /** Name of the rules there. */
  readonly from: string;
  readonly result: Value;
  /** Null: it was not over. */
  readonly won: boolean | null;
}

export interface Hidden {
  readonly kind: TreasureKind;
  /** Counts up, so that each is awarded once. */
  readonly number: number;
}

export interface State {
  /** By seat. */
  readonly people: (Person | null)[];
  /** Those of them who are in the world, in the order in which they came. */
  readonly present: Person[];
  /** Those of the present who keep space around them. */
  aloof: readonly Person[];
  readonly loop: Loop;
  /** By which records know where they were written. */
  readonly hub: HubId;
  /** Ticks of an era. */
  readonly eraTicks: number;
  era: number;
  /** What all views hold alike. */
  common: Common;
  /** What lies buried, by row of `Treasure`. */
  readonly hidden: Record<number, Hidden>;
  treasures: number;
  /** Where they are buried is drawn from a stream of their own. */
  readonly burying: { readonly key: Uint8Array; position: number };
  /** See `speech-mac.ts`. */
  readonly macKey: Uint8Array;
  /** Until when somebody is sent out, by id. */
  readonly out: Record<string, number>;
  /** Who may not come back, by id. */
  readonly banned: Record<string, true>;
}

/** Seconds of an era, by how the room was made. */
const eraSeconds: Record<string, number> = { days: 86_400, minutes: 60, seconds: 2 };

export function newState(context: Context): State {
  const present: Person[] = [];
  const hub = hexOf(context.random.bytes(8));
  const eraTicks = context.seconds(eraSeconds[context.options["clock"]!]!);
  const burying = { key: context.random.bytes(32), position: 0 };
  const macKey = context.random.bytes(macKeyLength);
  const loop = newLoop(context.random.bytes(32));
  const era = 0;
  return {
    people: [],
    present,
    aloof: [],
    loop,
    hub,
    eraTicks,
    era,
    common: commonOf({ loop, era, eraTicks, present }),
    hidden: {},
    treasures: 0,
    burying,
    macKey,
    out: {},
    banned: {},
  };
}

export const newPerson = (player: Player, moderator: boolean): Person => ({
  id: player.id,
  seat: player.seat,
  player: { id: player.id, seat: player.seat },
  row: -1,
  name: "",
  race: "pandroid",
  coat: 0,
  light: 0,
  pushed: 0,
  stride: { x: 0, z: 0 },
  emote: null,
  gate: null,
  near: 0,
  breath: { left: 0, at: 0 },
  disclosed: [],
  reported: Number.NEGATIVE_INFINITY,
  shell: null,
  kept: emptyRecord(),
  unsaved: false,
  moderator,
  arrival: null,
});

export function personAt(state: State, seat: number): Person {
  const person = state.people[seat];
  if (person === null || person === undefined) throw new Error(`nobody is in seat ${seat}`);
  return person;
}

export function personOf(state: State, id: string): Person | undefined {
  for (const person of state.people) if (person?.id === id) return person;
  return undefined;
}
