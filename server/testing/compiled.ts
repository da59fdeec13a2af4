/**
 * A contract that was compiled, such as one in AssemblyScript: played in the worker's own room, in the sandbox.
 *
 * ```ts
 * const { bundle } = await buildContract("assembly/arena.ts");   // from "phatroom/server"
 * const room = playCompiled<Move, View>(await loadContract(bundle));
 * ```
 */
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { PlayedRoom, type PlayOptions } from "./play.ts";

/**
 * Loads a bundle as the worker does.
 *
 * @throws SandboxError "bundle-refused"; `detail` says why.
 */
export const loadContract = async (bundle: Uint8Array): Promise<LoadedContract> =>
  (await contractEngine()).load(bundle, { log: (line) => console.log(line) });

/**
 * Plays in a new room. What the contract holds stays in the sandbox: only views show it.
 *
 * @throws SandboxError "call-faulted"; `detail` says what is wrong.
 */
export function playCompiled<Move, View>(
  contract: LoadedContract,
  { options = {}, seed = "play" }: Pick<PlayOptions, "options" | "seed"> = {},
): PlayedRoom<never, Move, View> {
  const unseen = (): never => {
    throw new TypeError("a compiled contract holds its state inside the sandbox: look at views");
  };
  return PlayedRoom.open({ loaded: contract, state: unseen, tables: unseen, inside: unseen }, options, seed);
}
