/** All that a contract in AssemblyScript imports: `phatroom/assembly`. */
export { accept, Contract, Manifest, Option, Outcome, Player, refuse, Seats, Timer, Viewer } from "./contract";
export { Context, MoveContext } from "./context";
export { log } from "./log";
export { Random } from "./random";
export { serve } from "./runtime";
export { Kind, Value } from "./value";
export { Writer } from "./writer";
