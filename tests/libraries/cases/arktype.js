import "../web-names.js";
import { type } from "arktype";

const Move = type({ kind: "'attack' | 'defend'", strength: "1 <= number.integer <= 10", "note?": "string < 20" });

export function run() {
  const moves = [
    { kind: "attack", strength: 3 },
    { kind: "flee", strength: 3 },
    { kind: "defend", strength: 11 },
  ];
  return moves.map((move) => {
    const parsed = Move(move);
    return parsed instanceof type.errors ? parsed.summary : parsed;
  });
}
