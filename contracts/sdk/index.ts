/** All that a contract imports: `phatroom/contract`. */
export { accept, refuse } from "./contract.ts";
export type { Context, Contract, MoveContext, Outcome, Player, Random, Value, Viewer } from "./contract.ts";
