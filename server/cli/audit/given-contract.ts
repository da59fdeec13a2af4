/** The rules that a log is repeated with: a built bundle, or the source it is built from. */
import { readFile } from "node:fs/promises";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { SandboxError, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { buildContract, BuildError } from "../build-contract.ts";
import { AuditQuestionError } from "./audit-question-error.ts";

/**
 * @param path of `*.bundle.js` or `*.wasm` as `phatroom build` writes them, or of a contract in TypeScript.
 * @throws AuditQuestionError.
 */
export async function givenContract(path: string): Promise<LoadedContract> {
  try {
    const bundle = isSource(path) ? (await buildContract(path)).bundle : new Uint8Array(await readFile(path));
    return await (await contractEngine()).load(bundle);
  } catch (error) {
    if (error instanceof BuildError) throw new AuditQuestionError(error.message);
    if (error instanceof SandboxError) throw new AuditQuestionError(`${path} is no contract: ${error.detail}`);
    throw new AuditQuestionError(`${path} cannot be read.`);
  }
}

export const isSource = (path: string): boolean => path.endsWith(".ts");
