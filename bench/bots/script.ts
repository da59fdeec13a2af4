/**
 * Games that bots play: written beforehand with the contract's own rules, so that every system plays the same moves,
 * and so long that nobody has won before the measurement is over.
 */
import { KeystreamRandom } from "../../contracts/sdk/random.ts";
import type { Random } from "../../contracts/sdk/contract.ts";
import type { Board, Move, Seat, State } from "../../contracts/dot4/dot4.ts";
import { legalDrops, randomPlace } from "../../contracts/dot4/play.ts";
import { viewOf } from "../../contracts/dot4/view.ts";
import { openGame, playMove, type Host } from "../peers/rules.ts";

type Place = Extract<Move, { kind: "place" }>;
type Drop = Extract<Move, { kind: "drop" }>;

/** Moves by role: who begins is drawn by the room, and decides only which seat has which role. */
export interface Script {
  readonly bombs: readonly [beginner: Place, other: Place];
  /** In turn, the beginner first. None of them ends the game. */
  readonly drops: readonly Drop[];
  /** Whose stones lie where after the last drop: 0 for the beginner's, 1 for the other's. */
  readonly board: Board;
}

/** The same number gives the same game, on every machine. */
export function writeScript(number: number, lengthMax: number): Script {
  const dice = diceOf(number);
  const host: Host = { random: dice, now: () => 0, startClock: () => undefined, stopClock: () => undefined };
  const bombs = [randomPlace(dice), randomPlace(dice)] as const;
  let state = openGame(host);
  const beginner = state.turn!;
  const seats = [beginner, 1 - beginner] as const;
  seats.forEach((seat, role) => playMove(host, state, seat, bombs[role]!));
  const drops: Drop[] = [];
  while (drops.length < lengthMax) {
    const next = harmlessDrop(host, state);
    if (next === undefined) break;
    drops.push(next.drop);
    state = next.state;
  }
  return { bombs, drops, board: state.board.map((stone) => (stone === null ? null : roleOf(stone, beginner))) };
}

/** A drop after which the game goes on. */
function harmlessDrop(host: Host, state: State): { readonly drop: Drop; readonly state: State } | undefined {
  const seat = state.turn!;
  for (const drop of host.random.shuffle(legalDrops(viewOf(state, { kind: "spectator" }), seat))) {
    const after = structuredClone(state);
    playMove(host, after, seat, drop);
    if (after.phase === "playing") return { drop, state: after };
  }
  return undefined;
}

export const roleOf = (seat: Seat, beginner: Seat): Seat => (seat === beginner ? 0 : 1);

function diceOf(number: number): Random {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return new KeystreamRandom(key);
}
