/** What one viewer of Dot4 may see, built up field by field: an opponent's bombs are simply never put in. */
import { Viewer, Writer } from "phatroom/assembly";
import { none, size } from "./board";
import { Taken } from "./explosion";
import { bombsEach } from "./moves";
import { LastDrop, State } from "./state";

export function writeView(state: State, viewer: Viewer, out: Writer): void {
  out.map().key("phase").text(state.phase).key("board").list();
  for (let cell = 0; cell < size * size; cell++) writeSeat(state.board.at(cell), out);
  out.end().key("turn");
  writeSeat(state.turn, out);
  out.key("deadline");
  if (state.deadline < 0) out.nothing();
  else out.whole(state.deadline);
  out.key("turnSeconds").whole(state.turnSeconds).key("ready").list();
  out.flag(state.bombs[0].hidden).flag(state.bombs[1].hidden).end();
  out.key("drops").whole(state.drops).key("last");
  writeLast(state.last, out);
  out.key("scores").list();
  writeScore(state, 0, out);
  writeScore(state, 1, out);
  out.end().key("bombs");
  if (viewer.isPlayer) writeCells(state.bombs[viewer.seat].cells, out);
  else out.list().end();
  out.key("result");
  if (state.how == "") out.nothing();
  else writeResult(state, out);
  out.key("winningLine");
  writeCells(state.winningLine, out);
  out.key("revealed");
  if (isRevealing(state.how)) {
    out.list();
    writeCells(state.bombs[0].cells, out);
    writeCells(state.bombs[1].cells, out);
    out.end();
  } else {
    out.nothing();
  }
  out.end();
}

export function writeResult(state: State, out: Writer): void {
  out.map().key("how").text(state.how).key("winner");
  writeSeat(state.winner, out);
  out.end();
}

/** Endings that the players brought about while all were present. The others a host can cause by cutting a line. */
function isRevealing(how: string): bool {
  return how == "four" || how == "full" || how == "resigned" || how == "time";
}

function writeSeat(seat: i32, out: Writer): void {
  if (seat == none) out.nothing();
  else out.whole(seat);
}

function writeCell(cell: i32, out: Writer): void {
  out
    .list()
    .whole(cell % size)
    .whole(cell / size)
    .end();
}

function writeCells(cells: i32[], out: Writer): void {
  out.list();
  for (let i = 0; i < cells.length; i++) writeCell(cells[i], out);
  out.end();
}

function writeLast(last: LastDrop | null, out: Writer): void {
  if (last === null) {
    out.nothing();
    return;
  }
  out.map().key("seat").whole(last.seat).key("side").text(last.side).key("line").whole(last.line);
  out.key("path");
  writeCells(last.path, out);
  out.key("explosion");
  const explosion = last.explosion;
  if (explosion === null) {
    out.nothing().end();
    return;
  }
  out.map().key("at");
  writeCell(explosion.at, out);
  out.key("stones");
  writeTaken(explosion.stones, out);
  out.key("bombs");
  writeTaken(explosion.bombs, out);
  out.end().end();
}

function writeTaken(all: Taken[], out: Writer): void {
  out.list();
  for (let i = 0; i < all.length; i++) {
    out.map().key("cell");
    writeCell(all[i].cell, out);
    out.key("seat").whole(all[i].seat).end();
  }
  out.end();
}

function writeScore(state: State, seat: i32, out: Writer): void {
  const own = state.bombs[seat];
  out.map().key("stones").whole(state.board.count(seat)).key("lost").whole(state.lost[seat]);
  // Three until hidden: how far somebody is with hiding them shows in `ready` alone.
  out
    .key("bombs")
    .whole(own.hidden ? own.cells.length : bombsEach)
    .end();
}
