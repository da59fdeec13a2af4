/**
 * Dot4's own rules on plain state, for hosts that are not ours: the contract itself, with a context that a game server
 * without contracts can give. So all systems play the same game, move for move.
 */
import type { Context, MoveContext, Player, Random } from "../../contracts/sdk/contract.ts";
import { dot4, type Move, type State } from "../../contracts/dot4/dot4.ts";

/** What the rules need from a game server. */
export interface Host {
  readonly random: Random;
  /** In ms. */
  readonly now: () => number;
  /** Calls `timeUp` after so many ms; a clock that runs is set anew. */
  readonly startClock: (ms: number) => void;
  readonly stopClock: () => void;
}

const players: readonly Player[] = [
  { id: "0", seat: 0 },
  { id: "1", seat: 1 },
];

/** A game whose two players have sat down. */
export function openGame(host: Host): State {
  const context = contextOf(host);
  const state = dot4.open(context);
  dot4.join?.(state, { ...players[1]!, record: null, arrival: null, moderator: false }, context);
  return state;
}

/** Changes the state, or returns why not. */
export function playMove(host: Host, state: State, seat: number, move: Move): string | undefined {
  const outcome = dot4.apply(state, move, {
    ...contextOf(host),
    player: { ...players[seat]!, items: null },
  } satisfies MoveContext);
  return outcome.accepted ? undefined : outcome.reason;
}

export function timeUp(host: Host, state: State): void {
  dot4.timer?.(state, { name: "clock", payload: null }, contextOf(host));
}

/** Time in ms: a tick of these hosts is one. */
function contextOf(host: Host): Context {
  const nothing = (): void => undefined;
  return {
    tick: host.now(),
    seconds: (seconds) => seconds * 1000,
    random: host.random,
    options: { clock: "30" },
    players,
    schedule: (_name, ms) => host.startClock(ms),
    cancel: host.stopClock,
    send: nothing,
    award: nothing,
    consume: nothing,
    touch: nothing,
    focus: nothing,
    team: nothing,
    request: nothing,
    travel: nothing,
    record: nothing,
    report: nothing,
    end: nothing,
  };
}
