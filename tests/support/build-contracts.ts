/** Before stages that run whole places. */
export { buildContracts as setup } from "./built.ts";
