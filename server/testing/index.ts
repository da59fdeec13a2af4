/** What an author tests a contract with: `phatroom/contract/testing`. */
export { loadContract, playCompiled, type PlayCompiledOptions } from "./compiled.ts";
export { inProcess } from "./in-process.ts";
export {
  playRoom,
  type Coming,
  type MoveAnswer,
  type PlayedClient,
  type PlayedRoom,
  type PlayOptions,
} from "./play.ts";
export { type CompiledContract } from "./observed.ts";
export { secrecyTest, secrecyTestCompiled, type SecrecyOptions, type SecrecyReport } from "./secrecy.ts";
export { SecrecyError, type Leak, type SecrecyCode } from "./secrecy-error.ts";
