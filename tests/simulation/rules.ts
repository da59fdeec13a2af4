/**
 * Rules of the simulated rooms: whoever plays puts numbers, and the view lists everything that was ever put, so that a
 * number which is lost, doubled or out of order is seen by everybody who looks.
 */
import * as v from "valibot";
import { accept, refuse, type Contract } from "#contract/index.ts";

interface State {
  /** What each player put, in order. */
  readonly puts: Record<string, number[]>;
  /** A draw of the room's own for each player, which nobody else may see. */
  readonly drawn: Record<string, number>;
  timers: number;
}

export type Put = {
  /** Counts up for each player; refused ones are counted as well. */
  readonly put: number;
  /** `late` comes back as a timer, `boom` is a fault of the rules. */
  readonly how: "plain" | "refuse" | "award" | "draw" | "late" | "boom" | "end";
};

export interface Puts {
  readonly puts: { readonly [player: string]: readonly number[] };
  /** Only one's own. */
  readonly drawn: number | null;
  readonly timers: number;
}

/** What an award says of the moment in which it was earned: the newest number of everybody. */
export type Earned = { readonly [player: string]: number };

const ways = ["plain", "refuse", "award", "draw", "late", "boom", "end"] as const;

const moves = v.strictObject({
  put: v.pipe(v.number(), v.integer()),
  how: v.picklist(ways),
}) as unknown as Contract<State, Put, Puts>["moves"];

/** Two at a table: nothing happens unless both are there. */
export const table: Contract<State, Put, Puts> = {
  name: "table",
  players: { min: 2, max: 2 },
  spectators: 2,
  presence: "all",
  pauseMs: 1_800_000,
  frameBytes: 256,
  moves,
  open: () => ({ puts: {}, drawn: {}, timers: 0 }),
  timer: (state) => void (state.timers += 1),
  apply(state, { put, how }, context) {
    const { id } = context.player;
    if (how === "refuse") return refuse("No.");
    (state.puts[id] ??= []).push(put);
    if (how === "boom") throw new Error("boom");
    if (how === "draw") state.drawn[id] = context.random.below(1_000_000);
    if (how === "late") context.schedule(`after ${put}`, 5);
    if (how === "award") context.award(context.player, earned(state), { once: `${id} ${put}` });
    if (how === "end") context.end({ puts: state.puts[id]!.length });
    return accept(state);
  },
  view: ({ puts, drawn, timers }, viewer) => ({
    puts,
    drawn: viewer.kind === "player" ? (drawn[viewer.id] ?? null) : null,
    timers,
  }),
};

/** Whoever is there plays. */
export const hall: Contract<State, Put, Puts> = {
  ...table,
  name: "hall",
  players: { min: 1, max: 4 },
  presence: "any",
  graceMs: 1_800_000,
};

/** A hall in which time passes by itself. */
export const pulse: Contract<State, Put, Puts> = {
  ...hall,
  name: "pulse",
  pace: "ticks",
  hz: 5,
  tick(state, context) {
    if (context.tick % 10 === 0) state.timers += 1;
    context.touch("everyone");
  },
};

const earned = ({ puts }: State): Earned =>
  Object.fromEntries(Object.entries(puts).map(([player, numbers]) => [player, numbers.at(-1) ?? 0]));
