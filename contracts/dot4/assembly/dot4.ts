/**
 * Dot4 a second time: the rules of ../dot4.ts in AssemblyScript. Equal calls get equal answers from both, which shows that
 * a room does not depend on the language of its rules. ../README.md has the rules in words.
 */
import {
  accept,
  Collection,
  Context,
  Contract,
  Manifest,
  MoveContext,
  Outcome,
  Player,
  refuse,
  Resource,
} from "phatroom/assembly";
import { serve, Timer, Value, Viewer, Writer } from "phatroom/assembly";
import { none, size } from "./board";
import { explode } from "./explosion";
import { bombsEach, Move, readMove } from "./moves";
import { LastDrop, State } from "./state";
import { writeResult, writeView } from "./view";

/** Time to hide bombs. Whose time runs out gets three at random. */
const placingSeconds: i32 = 60;

/** What describes a cup, and how it looks on a Spirit: in the catalogue of the page of items. */
const cup: string = "ipfs://bafkreid44vi7ihoo54nrd3f2v77lpyxnprf7bnhfy5fagrq5bpswapwhea";
const cupWorn: string = "ipfs://bafkreib6riw6aoyh47zg24ckg57lfevzo4kvovy3pbpvjwju37gp3q7cq4";

class Dot4 extends Contract<Move> {
  private state: State = new State();

  describe(): Manifest {
    return {
      name: "dot4",
      players: { min: 2, max: 2 },
      options: [{ name: "clock", values: ["30", "10"] }],
      // Of the cups for winners, of which there are so many.
      collections: [new Collection("DOT4", 1000000, cup, [new Resource("worn", "", cupWorn, "spirit.hat")])],
      fuel: 20000000,
    };
  }

  parse(move: Value): Move {
    return readMove(move);
  }

  open(context: Context): void {
    this.state.turnSeconds = <i32>parseInt(context.options.get("clock"));
  }

  join(_player: Player, context: Context): void {
    if (this.state.phase != "waiting" || context.players.length < 2) return;
    this.state.phase = "placing";
    // Drawn before anything is hidden, so that the draw cannot depend on it.
    this.state.turn = context.random.below(2);
    this.startClock(placingSeconds, context);
  }

  leave(player: Player, context: Context): void {
    const phase = this.state.phase;
    if (phase == "placing" || phase == "playing") this.finish("left", 1 - player.seat, context);
  }

  apply(move: Move, context: MoveContext): Outcome {
    if (this.state.phase == "waiting") return refuse("Wait for your opponent.");
    if (this.state.phase == "ended") return refuse("The game is over.");
    if (move.kind == "place") return this.place(move, context);
    if (move.kind == "drop") return this.drop(move, context);
    this.finish("resigned", 1 - context.player.seat, context);
    return accept();
  }

  timer(_timer: Timer, context: Context): void {
    const bombs = this.state.bombs;
    if (this.state.phase == "placing") {
      for (let seat = 0; seat < 2; seat++) if (!bombs[seat].hidden) bombs[seat].hide(randomCells(context));
      this.startPlay(context);
    } else if (this.state.phase == "playing") {
      this.finish("time", 1 - this.state.turn, context);
    }
  }

  abandon(absent: Player[], context: Context): void {
    const seated = context.players;
    let present = 0;
    let stayed = none;
    for (let i = 0; i < seated.length; i++) {
      if (isAmong(absent, seated[i].seat)) continue;
      present++;
      stayed = seated[i].seat;
    }
    this.conclude("abandoned", this.state.phase != "waiting" && present == 1 ? stayed : none);
    writeResult(this.state, context.result());
  }

  view(viewer: Viewer, out: Writer): void {
    writeView(this.state, viewer, out);
  }

  private place(move: Move, context: MoveContext): Outcome {
    const bombs = this.state.bombs;
    const own = bombs[context.player.seat];
    if (this.state.phase != "placing") return refuse("The time to hide bombs is over.");
    if (own.hidden) return refuse("Your bombs are hidden already.");
    own.hide(move.bombs);
    if (bombs[0].hidden && bombs[1].hidden) this.startPlay(context);
    return accept();
  }

  private drop(move: Move, context: MoveContext): Outcome {
    const state = this.state;
    const seat = context.player.seat;
    if (state.phase != "playing") return refuse("First both players hide their bombs.");
    if (state.turn != seat) return refuse("It is your opponent's turn.");
    const cells = state.board.run(move.side, move.line);
    if (cells.length == 0) return refuse("A stone blocks this line at its first cell.");

    let length = 0;
    while (length < cells.length && !this.holdsBomb(cells[length])) length++;
    const explodes = length < cells.length;
    const last = new LastDrop(seat, move.side, move.line, cells.slice(0, explodes ? length + 1 : length));
    const end = last.path[last.path.length - 1];
    state.drops++;
    state.last = last;
    if (explodes) this.blowUp(last, end);
    else state.board.put(end, seat);
    this.next(end, context);
    return accept();
  }

  private holdsBomb(cell: i32): bool {
    return this.state.bombs[0].holds(cell) || this.state.bombs[1].holds(cell);
  }

  /** The stone and what lies around the bomb are gone. */
  private blowUp(last: LastDrop, at: i32): void {
    const state = this.state;
    const explosion = explode(state.board, state.bombs, at);
    state.lost[last.seat]++;
    for (let i = 0; i < explosion.stones.length; i++) state.lost[explosion.stones[i].seat]++;
    last.explosion = explosion;
  }

  /** After a drop that ended at `cell`: somebody has won, nobody can go on, or it is the other's turn. */
  private next(cell: i32, context: Context): void {
    const state = this.state;
    const line = state.board.winningLine(cell);
    if (line.length > 0) {
      state.winningLine = line;
      const seat = state.turn;
      this.finish("four", seat, context);
      this.awardCup(seat, context);
    } else if (!state.board.canDrop()) {
      this.finish("full", none, context);
    } else {
      state.turn = 1 - state.turn;
      this.startClock(state.turnSeconds, context);
    }
  }

  /** Not for a game that was given up: that could be had by the hundred. */
  private awardCup(seat: i32, context: Context): void {
    const seated = context.players;
    for (let i = 0; i < seated.length; i++) {
      if (seated[i].seat != seat) continue;
      context.award(seated[i], "winner").map().key("collection").text("DOT4").key("symbol").text("cup").end();
    }
  }

  private startPlay(context: Context): void {
    this.state.phase = "playing";
    this.startClock(this.state.turnSeconds, context);
  }

  private startClock(seconds: i32, context: Context): void {
    const ticks = context.seconds(seconds);
    this.state.deadline = context.tick + ticks;
    context.schedule("clock", ticks);
  }

  private finish(how: string, winner: i32, context: Context): void {
    this.conclude(how, winner);
    context.cancel("clock");
    writeResult(this.state, context.end());
  }

  private conclude(how: string, winner: i32): void {
    this.state.phase = "ended";
    this.state.turn = none;
    this.state.deadline = -1;
    this.state.how = how;
    this.state.winner = winner;
  }
}

function randomCells(context: Context): i32[] {
  const cells = new Array<i32>(size * size);
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = cell;
  return context.random.shuffle(cells).slice(0, bombsEach);
}

function isAmong(players: Player[], seat: i32): bool {
  for (let i = 0; i < players.length; i++) if (players[i].seat == seat) return true;
  return false;
}

serve(new Dot4());
