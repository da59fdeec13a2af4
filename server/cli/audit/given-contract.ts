/** The rules that a log is repeated with: a built bundle, or the source it is built from; and who may replace them. */
import { readFile } from "node:fs/promises";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { SandboxError, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { buildContract, BuildError } from "../build-contract.ts";
import { loadLineageTerms } from "#enclave/contract-folder.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { LineageTerms } from "#protocol/manifest.ts";
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

/** @param paths separated by commas. @throws AuditQuestionError. */
export const givenContracts = (paths: string | undefined): Promise<LoadedContract[]> =>
  Promise.all((paths ?? "").split(",").filter(Boolean).map(givenContract));

export const isSource = (path: string): boolean => path.endsWith(".ts");

/**
 * Who may upgrade rooms that begin with this contract, as a worker's folder of contracts says.
 *
 * @throws AuditQuestionError if it says nothing of them.
 */
export async function givenTerms(folder: string, contract: LoadedContract): Promise<LineageTerms> {
  let terms: LineageTerms | undefined;
  try {
    terms = (await loadLineageTerms(folder)).get(bytesToHex(contract.hash));
  } catch (error) {
    throw new AuditQuestionError(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (terms === undefined) {
    throw new AuditQuestionError(`${folder} has no lineages.json in which rooms begin with these rules.`);
  }
  return terms;
}
