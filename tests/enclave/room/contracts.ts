/** Small contracts that show one thing each. */
import * as v from "valibot";
import { accept, refuse, type Contract } from "#contract/index.ts";

export interface Tally {
  total: number;
  seen: string[];
  /** Shown only once the room has been abandoned, which nobody must ever see. */
  abandoned: boolean;
}

type TallyMove =
  | { readonly add: number }
  | { readonly say: string }
  | { readonly award: string }
  | { readonly over: true }
  | { readonly boom: true };

/** Two players add to a number; everything that happens is listed. */
export const tally: Contract<Tally, TallyMove, { readonly total: number; readonly seen: readonly string[] }> = {
  name: "tally",
  players: { min: 2, max: 2 },
  spectators: 1,
  pauseMs: 10_000,
  graceMs: 5000,
  moves: v.union([
    v.strictObject({ add: v.pipe(v.number(), v.integer()) }),
    v.strictObject({ say: v.string() }),
    v.strictObject({ award: v.string() }),
    v.strictObject({ over: v.literal(true) }),
    v.strictObject({ boom: v.literal(true) }),
  ]) as unknown as Contract<Tally, TallyMove, never>["moves"],
  open: () => ({ total: 0, seen: [], abandoned: false }),
  join: (state, player) => void state.seen.push(`join ${player.seat}`),
  leave: (state, player) => void state.seen.push(`leave ${player.seat}`),
  dropped: (state, player) => void state.seen.push(`dropped ${player.seat}`),
  returned: (state, player) => void state.seen.push(`returned ${player.seat}`),
  timer: (state, { name }, context) => void state.seen.push(`timer ${name} at ${context.tick}`),
  abandon(state, absent) {
    state.abandoned = true;
    return { total: state.total, absent: absent.map(({ seat }) => seat) };
  },
  apply(state, move, context) {
    if ("say" in move) {
      context.send("everyone", move.say);
      return accept(state);
    }
    if ("award" in move) {
      context.award(context.player, "a cup", { once: move.award });
      return accept(state);
    }
    if ("over" in move) {
      context.end({ total: state.total });
      return accept(state);
    }
    if ("boom" in move) {
      state.total = 666;
      throw new Error("boom");
    }
    if (move.add < 0) {
      context.send("everyone", "never heard");
      return refuse("Only upwards.");
    }
    state.total += move.add;
    if (move.add === 9) context.schedule("nine", context.seconds(1));
    return accept(state);
  },
  view: ({ total, seen, abandoned }) => ({ total, seen: abandoned ? ["everything that was hidden"] : seen }),
};
