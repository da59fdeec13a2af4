/**
 * Dot4: four in a row on a board with four sides and six hidden bombs. README.md has the rules in words.
 *
 * 1. Two players sit down; who begins is drawn. 2. Both hide three bombs. 3. They drop stones in turn. 4. Somebody wins.
 */
import { accept, refuse, type Context, type Contract, type MoveContext, type Outcome } from "#contract/contract.ts";
import { canDrop, cellAt, indexOf, otherSeat, run, size, winningLine, type Cell, type Seat } from "./board.ts";
import { explode, holdsBomb } from "./explosion.ts";
import { bombsEach, moveSchema, type Drop, type Move, type Place } from "./moves.ts";
import type { State } from "./state.ts";
import { viewOf, type How, type View } from "./view.ts";

export type { Board, Cell, Seat, Side } from "./board.ts";
export type { Explosion } from "./explosion.ts";
export type { Move } from "./moves.ts";
export type { State } from "./state.ts";
export type { LastDrop, Result, Score, View } from "./view.ts";

/** Time to hide bombs. Whose time runs out gets three at random. */
const placingSeconds = 60;

/** What describes a cup, and how it looks on a Spirit: in the catalogue of the page of items. */
const cup = "ipfs://bafkreid44vi7ihoo54nrd3f2v77lpyxnprf7bnhfy5fagrq5bpswapwhea";
const cupWorn = "ipfs://bafkreib6riw6aoyh47zg24ckg57lfevzo4kvovy3pbpvjwju37gp3q7cq4";

export const dot4: Contract<State, Move, View> = {
  name: "dot4",
  players: { min: 2, max: 2 },
  /** Seconds per turn. */
  options: { clock: ["30", "10"] },
  /** Of the cups for winners, of which there are so many. */
  collections: {
    DOT4: { max: 1_000_000, metadata: cup, resources: [{ id: "worn", src: cupWorn, slot: "spirit.hat" }] },
  },
  moves: moveSchema,

  open: (context) => ({
    phase: "waiting",
    turnSeconds: Number(context.options["clock"]),
    board: Array.from({ length: size * size }, () => null),
    bombs: [null, null],
    turn: null,
    deadline: null,
    drops: 0,
    last: null,
    lost: [0, 0],
    result: null,
    winningLine: [],
  }),

  join(state, _player, context) {
    if (state.phase !== "waiting" || context.players.length < 2) return;
    state.phase = "placing";
    // Drawn before anything is hidden, so that the draw cannot depend on it.
    state.turn = context.random.below(2) === 0 ? 0 : 1;
    startClock(state, placingSeconds, context);
  },

  leave(state, player, context) {
    if (state.phase === "placing" || state.phase === "playing") {
      finish(state, "left", otherSeat(player.seat as Seat), context);
    }
  },

  apply(state, move, context) {
    if (state.phase === "waiting") return refuse("Wait for your opponent.");
    if (state.phase === "ended") return refuse("The game is over.");
    switch (move.kind) {
      case "place":
        return place(state, move, context);
      case "drop":
        return drop(state, move, context);
      case "resign":
        finish(state, "resigned", otherSeat(context.player.seat as Seat), context);
        return accept(state);
    }
  },

  timer(state, _timer, context) {
    if (state.phase === "placing") {
      for (const seat of [0, 1] as const) if (state.bombs[seat] === null) hide(state, seat, randomCells(context));
      startPlay(state, context);
    } else if (state.phase === "playing" && state.turn !== null) {
      finish(state, "time", otherSeat(state.turn), context);
    }
  },

  abandon(state, absent, context) {
    const present = context.players.filter(({ seat }) => !absent.some((player) => player.seat === seat));
    const winner = state.phase !== "waiting" && present.length === 1 ? (present[0]!.seat as Seat) : null;
    conclude(state, "abandoned", winner);
    return { how: "abandoned", winner };
  },

  view: viewOf,
};

function place(state: State, move: Place, context: MoveContext): Outcome<State> {
  const seat = context.player.seat as Seat;
  if (state.phase !== "placing") return refuse("The time to hide bombs is over.");
  if (state.bombs[seat] !== null) return refuse("Your bombs are hidden already.");
  hide(state, seat, move.bombs);
  if (state.bombs[0] !== null && state.bombs[1] !== null) startPlay(state, context);
  return accept(state);
}

function drop(state: State, move: Drop, context: MoveContext): Outcome<State> {
  const seat = context.player.seat as Seat;
  if (state.phase !== "playing") return refuse("First both players hide their bombs.");
  if (state.turn !== seat) return refuse("It is your opponent's turn.");
  const cells = run(state.board, move.side, move.line);
  if (cells.length === 0) return refuse("A stone blocks this line at its first cell.");

  const bombAt = cells.findIndex((cell) => holdsBomb(state.bombs, cell));
  const path = bombAt === -1 ? cells : cells.slice(0, bombAt + 1);
  const end = path[path.length - 1]!;
  state.drops++;
  state.last = { seat, side: move.side, line: move.line, path, explosion: null };
  if (bombAt === -1) rest(state, seat, end);
  else blowUp(state, seat, end);
  next(state, end, context);
  return accept(state);
}

/** The stone stays where it was stopped. */
function rest(state: State, seat: Seat, cell: Cell): void {
  state.board = state.board.with(indexOf(cell), seat);
}

/** The stone and what lies around the bomb are gone. */
function blowUp(state: State, seat: Seat, at: Cell): void {
  const { explosion, board, bombs } = explode(state.board, state.bombs, at);
  state.board = board;
  state.bombs = bombs;
  state.lost[seat]++;
  for (const stone of explosion.stones) state.lost[stone.seat]++;
  state.last = { ...state.last!, explosion };
}

/** After a drop that ended at `cell`: somebody has won, nobody can go on, or it is the other's turn. */
function next(state: State, cell: Cell, context: Context): void {
  const seat = state.turn!;
  const line = winningLine(state.board, cell);
  if (line.length > 0) {
    state.winningLine = line;
    finish(state, "four", seat, context);
    // Not for a game that was given up: that could be had by the hundred.
    const winner = context.players.find((player) => player.seat === seat);
    if (winner !== undefined) context.award(winner, { collection: "DOT4", symbol: "cup" }, { once: "winner" });
  } else if (!canDrop(state.board)) {
    finish(state, "full", null, context);
  } else {
    state.turn = otherSeat(seat);
    startClock(state, state.turnSeconds, context);
  }
}

/** In reading order, so that nothing tells in which order they were hidden. */
function hide(state: State, seat: Seat, cells: readonly Cell[]): void {
  const own = [...cells].sort((a, b) => indexOf(a) - indexOf(b));
  state.bombs = seat === 0 ? [own, state.bombs[1]] : [state.bombs[0], own];
}

const randomCells = (context: Context): Cell[] =>
  context.random.shuffle(Array.from({ length: size * size }, (_, index) => cellAt(index))).slice(0, bombsEach);

function startPlay(state: State, context: Context): void {
  state.phase = "playing";
  startClock(state, state.turnSeconds, context);
}

function startClock(state: State, seconds: number, context: Context): void {
  const ticks = context.seconds(seconds);
  state.deadline = context.tick + ticks;
  context.schedule("clock", ticks);
}

function finish(state: State, how: How, winner: Seat | null, context: Context): void {
  conclude(state, how, winner);
  context.cancel("clock");
  context.end({ how, winner });
}

function conclude(state: State, how: How, winner: Seat | null): void {
  state.phase = "ended";
  state.turn = null;
  state.deadline = null;
  state.result = { how, winner };
}
