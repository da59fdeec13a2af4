/** Mover in plain Node, in TypeScript behind the engine, and in AssemblyScript; and what it means that they agree. */
import { fileURLToPath } from "node:url";
import { encodeAnswer, type Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { inProcess } from "#testing/in-process.ts";
import { mover } from "../../../contracts/mover/mover.ts";
import { bundleOf } from "../../support/bundles.ts";

const folder = fileURLToPath(new URL("../../../contracts/mover/", import.meta.url));

export async function moverFrontEnds(): Promise<readonly LoadedContract[]> {
  const engine = await contractEngine();
  const built = async (entry: string): Promise<LoadedContract> => engine.load(await bundleOf(folder + entry));
  return [inProcess(mover), await built("mover.ts"), await built("assembly/mover.ts")];
}

/** Makes the same call in all rooms. @throws Error if they do not answer alike, or do not hold the same rows then. */
export function callAll(instances: readonly Instance[], call: Call): void {
  const answers = instances.map((instance) => encodeAnswer(instance.call(call)));
  if (!alike(answers)) throw new Error(`other answers to ${JSON.stringify(call)}`);
  if (!alike(instances.map((instance) => instance.tables())))
    throw new Error(`other rows after ${JSON.stringify(call)}`);
}

const alike = ([first, ...others]: readonly Uint8Array[]): boolean =>
  others.every((other) => equalBytes(first!, other));
