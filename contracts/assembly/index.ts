/** All that a contract in AssemblyScript imports: `phatroom/assembly`. */
export {
  accept,
  Answer,
  Collection,
  Contract,
  Manifest,
  Option,
  Outcome,
  Player,
  refuse,
  Resource,
  Seats,
  Timer,
  Use,
  Viewer,
} from "./contract";
export { Context, MoveContext } from "./context";
export { log } from "./log";
export { Random } from "./random";
export { serve } from "./runtime";
export { Kind, Value } from "./value";
export { Entity, freeRow, noSuchRow, textAt, writeTextAt } from "./table-rows";
export { hideRow, hideRowFromAll, hideRowsFrom, isRowRevealed, revealRow } from "./table-rows";
export { declareTables } from "./tables";
export { Trail } from "./trail";
export { Writer } from "./writer";
