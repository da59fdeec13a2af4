/**
 * A contract that was compiled, such as one in AssemblyScript: played in the worker's own room, in the sandbox.
 *
 * ```ts
 * const { bundle } = await buildContract("assembly/arena.ts");   // from "phatroom/server"
 * const room = playCompiled<Move, View>(await loadContract(bundle));
 * ```
 */
import type { Components } from "#contract/components.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { observeCompiled } from "./observed.ts";
import { PlayedRoom, type PlayOptions } from "./play.ts";

/**
 * Loads a bundle as the worker does.
 *
 * @throws SandboxError "bundle-refused"; `detail` says why.
 */
export const loadContract = async (bundle: Uint8Array): Promise<LoadedContract> =>
  (await contractEngine()).load(bundle, { log: (line) => console.log(line) });

/**
 * Plays in a new room. What the contract holds besides rows stays in the sandbox: only views show it.
 *
 * @throws SandboxError "call-faulted"; `detail` says what is wrong.
 */
export function playCompiled<Move, View>(
  contract: LoadedContract,
  { options = {}, seed = "play", components = {} }: PlayCompiledOptions = {},
): PlayedRoom<never, Move, View> {
  const unseen = (): never => {
    throw new TypeError("a compiled contract holds its state inside the sandbox: look at views and rows");
  };
  return PlayedRoom.open({ ...observeCompiled({ loaded: contract, components }), state: unseen }, options, seed);
}

export interface PlayCompiledOptions extends Pick<PlayOptions, "options" | "seed"> {
  /** Those of its `components.ts`: then `room.inside(() => Body.x[0])` looks at its rows. */
  readonly components?: Components;
}
