/** Who may know what in Dot4, written from its rules and not from its views; and how secrets of it are varied. */
import { cellAt, indexOf } from "../../../contracts/dot4/board.ts";
import { randomMove, randomPlace } from "../../../contracts/dot4/play.ts";
import type { Cell, Move, State, View } from "../../../contracts/dot4/dot4.ts";
import type { SecrecyOptions } from "#testing/secrecy.ts";

export const dot4Secrecy: Pick<SecrecyOptions<State, Move, View>, "knows" | "move" | "vary" | "redeal"> = {
  // Turn, clock, board and result follow from moves and from what is named here, so naming them would excuse a leak.
  knows: ({ phase, turn, bombs, last, result }, viewer) => ({
    begins: phase === "placing" ? turn : null,
    own: viewer.kind === "player" ? bombs[viewer.seat] : null,
    exploded: last?.explosion?.bombs ?? null,
    // The rules reveal bombs after endings that all players were present for.
    all: ["four", "full", "resigned", "time"].includes(result?.how ?? "") ? bombs : null,
  }),
  move: ({ view, seat, random }) =>
    view.phase === "playing" && random.below(200) === 0 ? { kind: "resign" } : randomMove(view, seat, random),
  vary: ({ move, random }) => (move.kind === "place" ? randomPlace(random) : null),
  /** The bombs of everybody else lie elsewhere, where no stone is. */
  redeal({ state, viewer, random }) {
    const free = state.board.flatMap((stone, index) => (stone === null ? [cellAt(index)] : []));
    const moved = (own: readonly Cell[] | null, seat: number): readonly Cell[] | null =>
      own === null || (viewer.kind === "player" && viewer.seat === seat)
        ? own
        : random
            .shuffle(free)
            .slice(0, own.length)
            .sort((a, b) => indexOf(a) - indexOf(b));
    if (state.phase !== "ended") state.bombs = [moved(state.bombs[0], 0), moved(state.bombs[1], 1)];
  },
};
