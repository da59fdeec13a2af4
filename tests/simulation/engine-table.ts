/** The table of the simulation as a contract of its own, for the engine that workers run. */
export { table } from "./rules.ts";
