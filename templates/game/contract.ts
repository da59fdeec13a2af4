/** Sealed bids: five treasures, ten coins each. Both bid in secret; the higher bid takes it, and equal bids take nothing. */
import { accept, refuse, type Contract } from "phatroom/contract";
import * as v from "valibot";

const treasures = 5;
const Move = v.strictObject({ bid: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)) });

export interface State {
  /** Treasures sold so far. */
  sold: number;
  coins: [number, number];
  won: [number, number];
  bids: [number | null, number | null];
  /** Both bids for the newest treasure sold. */
  last: [number, number] | null;
}
export type Move = v.InferOutput<typeof Move>;
export type View = Omit<State, "bids"> & { bid: number | null; ready: boolean[]; over: boolean };

export const game: Contract<State, Move, View> = {
  name: "__name__",
  players: { min: 2, max: 2 },
  moves: Move,

  open: () => ({ sold: 0, coins: [10, 10], won: [0, 0], bids: [null, null], last: null }),

  apply(state, { bid }, context) {
    const seat = context.player.seat as 0 | 1;
    if (context.players.length < 2) return refuse("Wait for somebody to bid against.");
    if (state.bids[seat] !== null) return refuse("You have bid for this one.");
    if (bid > state.coins[seat]) return refuse("You do not have that many coins.");
    state.bids[seat] = bid;
    const [first, second] = state.bids;
    if (first === null || second === null) return accept(state);
    state.coins = [state.coins[0] - first, state.coins[1] - second];
    if (first !== second) state.won[first > second ? 0 : 1] += 1;
    state.last = [first, second];
    state.bids = [null, null];
    state.sold += 1;
    if (state.sold === treasures) context.end({ won: state.won });
    return accept(state);
  },

  // Built up field by field: what is not named here, nobody sees. A bid is the bidder's own until both are in.
  view: ({ sold, coins, won, bids, last }, viewer) => ({
    sold,
    coins,
    won,
    last,
    bid: viewer.kind === "player" ? bids[viewer.seat as 0 | 1] : null,
    ready: bids.map((bid) => bid !== null),
    over: sold === treasures,
  }),
};
