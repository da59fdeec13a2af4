/**
 * Dot4 as a careful author would write it for boardgame.io: views built up for each player, moves that hide secrets run
 * on the server alone and are struck from the log that others get.
 *
 * It has no clock: the library's servers have no timers.
 */
import * as v from "valibot";
import type { Random } from "../../../contracts/sdk/contract.ts";
import type { Move as Dot4Move, Seat, State } from "../../../contracts/dot4/dot4.ts";
import { moveSchema } from "../../../contracts/dot4/moves.ts";
import { viewOf } from "../../../contracts/dot4/view.ts";
import { openGame, playMove, type Host } from "../rules.ts";
import { library, type Game, type Move, type RandomApi } from "./library.ts";

export function dot4Game(): Game<State> {
  const { ActivePlayers, INVALID_MOVE } = library();
  const move = (kind: Dot4Move["kind"], secret: boolean): Move<State> => ({
    move({ G, playerID, random }, fields: object) {
      const parsed = v.safeParse(moveSchema, { ...fields, kind });
      const refused = !parsed.success || playMove(hostOf(random), G, Number(playerID), parsed.output) !== undefined;
      return refused ? INVALID_MOVE : undefined;
    },
    client: false,
    undoable: false,
    redact: secret,
    // Both players hide their bombs at the same time.
    ignoreStaleStateID: kind === "place",
  });
  return {
    name: "dot4",
    minPlayers: 2,
    maxPlayers: 2,
    setup: ({ random }) => openGame(hostOf(random)),
    playerView: ({ G, playerID }) =>
      viewOf(
        G,
        playerID === null ? { kind: "spectator" } : { kind: "player", id: playerID, seat: Number(playerID) as Seat },
      ),
    moves: { place: move("place", true), drop: move("drop", false), resign: move("resign", false) },
    turn: { activePlayers: ActivePlayers.ALL },
    endIf: ({ G }) => G.result ?? undefined,
    disableUndo: true,
    deltaState: false,
  };
}

const nothing = (): void => undefined;

const hostOf = (random: RandomApi): Host => ({
  random: randomOf(random),
  now: () => 0,
  startClock: nothing,
  stopClock: nothing,
});

const randomOf = (random: RandomApi): Random => ({
  below: (below) => random.Die(below) - 1,
  unit: () => random.Number(),
  bytes: (length) => Uint8Array.from({ length }, () => random.Die(256) - 1),
  shuffle: (items) => random.Shuffle(items),
});
