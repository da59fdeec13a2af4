/** A room of two players whose rules say, award and end what a move asks for. */
import * as v from "valibot";
import { accept, type Contract, refuse } from "#contract/index.ts";
import { Place } from "./place.ts";

export type BoardMove =
  | { readonly put: readonly [row: number, column: number] }
  | { readonly say: string }
  | { readonly win: true };

/** A board of two rows, beside something that never changes. */
export const board: Contract<{ rows: number[][] }, BoardMove, { rows: number[][]; rules: { readonly size: number } }> =
  {
    name: "board",
    players: { min: 1, max: 2 },
    presence: "any",
    moves: v.union([
      v.strictObject({ put: v.tuple([v.number(), v.number()]) }),
      v.strictObject({ say: v.string() }),
      v.strictObject({ win: v.literal(true) }),
    ]) as unknown as Contract<never, BoardMove, never>["moves"],
    open: () => ({
      rows: [
        [0, 0],
        [0, 0],
      ],
    }),
    apply(state, move, context) {
      if ("say" in move) context.send("everyone", move.say);
      else if ("win" in move) {
        context.award(context.player, { kind: "cup" }, { once: "won" });
        context.end({ winner: context.player.seat });
      } else {
        const [row, column] = move.put;
        if (state.rows[row]?.[column] !== 0) return refuse("This place is taken.");
        state.rows[row]![column] = 1;
      }
      return accept(state);
    },
    view: ({ rows }) => ({ rows, rules: { size: 2 } }),
  };

export async function onBoard(...carriers: Parameters<Place["join"]>[2][]) {
  const place = new Place(board);
  const id = place.newRoom();
  const room = await place.join<typeof board>(id, 1, carriers[0]);
  return { place, id, room };
}
