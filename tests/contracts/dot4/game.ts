/** A game of Dot4 without a room around it: calls in, answers and views out. */
import { dot4, type Move, type Result, type Seat, type State, type View } from "../../../contracts/dot4/dot4.ts";
import type { Answer, Call, Effect, Viewer } from "#contract/abi.ts";
import type { Value } from "#contract/contract.ts";
import { inProcess, type InProcessInstance } from "#testing/in-process.ts";
import { seeded } from "#testing/seeded.ts";

export const players = [
  { id: "0".repeat(32), seat: 0 },
  { id: "1".repeat(32), seat: 1 },
] as const;

export class Game {
  readonly #instance: InProcessInstance = inProcess(dot4).instantiate();
  tick = 0;
  /** Effects of the newest call. */
  effects: readonly Effect[] = [];

  constructor(o: { readonly seed?: string; readonly clock?: string; readonly seated?: number } = {}) {
    const key = seeded("dot4", o.seed ?? "").bytes(32);
    this.call({ call: "open", tick: 0, key, options: { clock: o.clock ?? "30" } });
    for (const player of players.slice(0, o.seated ?? 2)) this.call({ call: "join", tick: 0, key, player });
  }

  /** Both have hidden their bombs, and it is the first seat's turn. */
  static playing(bombs: readonly [Bombs, Bombs], o: { readonly seed?: string; readonly clock?: string } = {}): Game {
    const game = new Game(o);
    for (const seat of [0, 1] as const) game.mustMove(seat, { kind: "place", bombs: bombs[seat] });
    game.state.turn = 0;
    return game;
  }

  /** The contract's own, so that a test may also set up a position. */
  get state(): State {
    return this.#instance.state as State;
  }

  get result(): Result | null {
    return this.state.result;
  }

  call(call: Call): Answer {
    const answer = this.#instance.call(call);
    if (answer.answer === "done") this.effects = answer.effects;
    return answer;
  }

  /** Null if it was accepted, else the reason. */
  move(seat: Seat, move: Move | Value): string | null {
    const answer = this.call({ call: "move", tick: this.tick, player: players[seat], move: move as Value });
    return answer.answer === "done" ? answer.reason : "no answer";
  }

  mustMove(seat: Seat, move: Move): void {
    const reason = this.move(seat, move);
    if (reason !== null) throw new Error(`${JSON.stringify(move)} of seat ${seat}: ${reason}`);
  }

  /** The scheduled timer strikes. */
  strike(): void {
    this.tick = this.state.deadline!;
    this.call({ call: "timer", tick: this.tick, name: "clock", payload: null });
  }

  view(of: Seat | "spectator"): View {
    const viewer: Viewer = of === "spectator" ? { kind: "spectator" } : { kind: "player", ...players[of] };
    const answer = this.call({ call: "view", tick: this.tick, viewers: [viewer] });
    return (answer.answer === "views" ? answer.views[0] : undefined) as unknown as View;
  }
}

export type Bombs = Extract<Move, { kind: "place" }>["bombs"];

/** Three cells in a corner that a short test does not reach. */
export const outOfTheWay: Bombs = [
  [9, 9],
  [8, 9],
  [9, 8],
];
