/**
 * Games that bots play: written beforehand with the contract's own rules, so that every system plays the same moves,
 * and so long that nobody has won before the measurement is over.
 */
import { KeystreamRandom } from "../../contracts/sdk/random.ts";
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
}

/** Drops of one game: those that nobody wins go on for 68 to 100. */
export const scriptLength = 64;

/** The same number gives the same game, on every machine. @param length at most `scriptLength`. */
export function writeScript(number: number, length: number): Script {
  const host = quietHost(number);
  const bombs = [randomPlace(host.random), randomPlace(host.random)] as const;
  let state = begin(host, bombs);
  const drops: Drop[] = [];
  while (drops.length < length) {
    const next = harmlessDrop(host, state);
    if (next === undefined) throw new Error(`game ${number} ends after ${drops.length} drops`);
    drops.push(next.drop);
    state = next.state;
  }
  return { bombs, drops };
}

/** Whose stones lie where after so many drops: 0 for the beginner's, 1 for the other's. */
export function boardAfter(script: Script, drops: number): Board {
  const host = quietHost(0);
  const state = begin(host, script.bombs);
  const beginner = state.turn!;
  for (const drop of script.drops.slice(0, drops)) playMove(host, state, state.turn!, drop);
  return byRole(state.board, beginner);
}

/** A board of seats as a board of roles. */
export const byRole = (board: Board, beginner: Seat): Board =>
  board.map((stone) => (stone === null ? null : stone === beginner ? 0 : 1));

/** A game in which both have hidden their bombs. */
function begin(host: Host, bombs: Script["bombs"]): State {
  const state = openGame(host);
  const beginner = state.turn!;
  playMove(host, state, beginner, bombs[0]);
  playMove(host, state, 1 - beginner, bombs[1]);
  return state;
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

function quietHost(number: number): Host {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  const nothing = (): void => undefined;
  return { random: new KeystreamRandom(key), now: () => 0, startClock: nothing, stopClock: nothing };
}
