/** Who may know what in Dot4, written from its rules and not from its views; and how secrets of it are varied. */
import { cellAt, indexOf, sameCell, sides, size, type Seat } from "../../../contracts/dot4/board.ts";
import { mayDrop, mayPlace, randomMove, randomPlace } from "../../../contracts/dot4/play.ts";
import type { Move, State, View } from "../../../contracts/dot4/dot4.ts";
import type { Place } from "../../../contracts/dot4/moves.ts";
import type { Random } from "#contract/contract.ts";
import type { Bombs } from "./game.ts";
import type { SecrecyOptions } from "#testing/secrecy.ts";

/** Where both players hide bombs, they often choose the same cells. */
const crowdedPlace = (random: Random): Place => ({
  kind: "place",
  bombs: random.shuffle(Array.from({ length: 9 }, (_, i) => [4 + (i % 3), Math.floor(i / 3)])).slice(0, 3) as Bombs,
});

export const dot4Secrecy: Pick<SecrecyOptions<State, Move, View>, "knows" | "move" | "vary" | "redeal"> = {
  // Turn, clock, board and result follow from moves and from what is named here, so naming them would excuse a leak.
  knows: ({ phase, turn, bombs, last, result }, viewer) => ({
    begins: phase === "placing" ? turn : null,
    own: viewer.kind === "player" ? bombs[viewer.seat] : null,
    exploded: last?.explosion?.bombs ?? null,
    // The rules reveal bombs after endings that all players were present for.
    all: ["four", "full", "resigned", "time"].includes(result?.how ?? "") ? bombs : null,
  }),
  move({ view, seat, random }) {
    if (mayPlace(view, seat)) return random.below(2) === 0 ? randomPlace(random) : crowdedPlace(random);
    if (!mayDrop(view, seat)) return null;
    const chance = random.below(200);
    if (chance === 0) return { kind: "resign" };
    // Now and then where a stone may be in the way: refusals are asked for as well.
    if (chance < 20) return { kind: "drop", side: sides[random.below(4)]!, line: random.below(size) };
    return randomMove(view, seat, random);
  },
  /** One bomb of three elsewhere, mostly: with three, an explosion soon tells everybody. */
  vary({ move, random }) {
    if (move.kind !== "place") return null;
    const other = random.below(2) === 0 ? randomPlace(random) : crowdedPlace(random);
    if (random.below(4) === 0) return other;
    const [moved] = other.bombs;
    const kept = move.bombs.slice(1);
    return kept.some((cell) => sameCell(cell, moved)) ? null : { kind: "place", bombs: [moved, ...kept] as Bombs };
  },
  /** One bomb of the others lies elsewhere, where no stone is. */
  redeal({ state, viewer, random }) {
    const seat: Seat = viewer.kind === "player" && viewer.seat === 0 ? 1 : 0;
    const own = state.bombs[seat];
    if (state.phase === "ended" || own === null || own.length === 0) return;
    const free = state.board.flatMap((stone, index) => (stone === null ? [cellAt(index)] : []));
    const open = free.filter((cell) => !own.some((bomb) => sameCell(bomb, cell)));
    const moved = own.with(random.below(own.length), random.shuffle(open)[0]!).sort((a, b) => indexOf(a) - indexOf(b));
    state.bombs = seat === 0 ? [moved, state.bombs[1]] : [state.bombs[0], moved];
  },
};
