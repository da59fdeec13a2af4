import { Chess } from "chess.js";

export function run() {
  const chess = new Chess();
  for (const move of ["f3", "e5", "g4", "Qh4#"]) chess.move(move);
  return { pgn: chess.pgn(), fen: chess.fen(), mate: chess.isCheckmate(), over: chess.isGameOver() };
}
