/** Contracts as the worker finds them: bytes in a folder, never an import. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleLengthMax } from "#protocol/limits.ts";
import type { Engine, LoadedContract } from "./sandbox/sandbox.ts";

/** `phatroom build` writes the first for TypeScript, the second for whatever ends as WebAssembly. */
const bundleSuffix = /(\.bundle\.js|\.wasm)$/;

/**
 * Loads every bundle of a folder, by name.
 *
 * @param log receives the contracts' `console` in development; without it they have none.
 * @throws SandboxError "bundle-refused"; Error if two bundles have one name or a file is too large.
 */
export async function loadContractFolder(
  engine: Engine,
  folder: string,
  log?: (line: string) => void,
): Promise<LoadedContract[]> {
  const files = (await readdir(folder)).filter((file) => bundleSuffix.test(file)).sort();
  const contracts: LoadedContract[] = [];
  for (const file of files) {
    const bundle = await readFile(join(folder, file));
    if (bundle.length > bundleLengthMax) throw new Error(`${file} is larger than ${bundleLengthMax} bytes`);
    const sourceMap = log === undefined ? undefined : await readSourceMap(folder, file);
    const options = { ...(sourceMap === undefined ? {} : { sourceMap }), ...(log === undefined ? {} : { log }) };
    contracts.push(await engine.load(new Uint8Array(bundle), options));
  }
  const names = contracts.map(({ manifest }) => manifest.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two contracts in ${folder} are called "${twice}"`);
  return contracts;
}

const readSourceMap = (folder: string, file: string): Promise<string | undefined> =>
  readFile(join(folder, file.replace(bundleSuffix, ".map")), "utf8").catch(() => undefined);
