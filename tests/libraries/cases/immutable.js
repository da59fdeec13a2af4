import "../before.js";
import { List, Map, OrderedSet, Range } from "immutable";
import "../after.js";

export function run() {
  const board = Map({ cells: List(Range(0, 9)), seen: OrderedSet(["b", "a", "b"]) });
  const next = board.updateIn(["cells", 4], (cell) => cell * 10).update("seen", (seen) => seen.add("c"));
  return { before: board.toJS(), after: next.toJS(), hash: next.hashCode(), equal: board.equals(next) };
}
