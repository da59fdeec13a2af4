/** Contracts as the worker finds them: bytes in a folder, never an import. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hexToBytes } from "#protocol/bytes.ts";
import { bundleLengthMax } from "#protocol/limits.ts";
import type { LineageTerms } from "#protocol/manifest.ts";
import { upgradeSignaturesMax } from "#protocol/upgrade.ts";
import { isRecord } from "#protocol/value.ts";
import type { Engine, LoadedContract } from "./sandbox/sandbox.ts";

/** `phatroom build` writes the first for TypeScript, the second for whatever ends as WebAssembly; what clients predict by is for them. */
const bundleSuffix = /(\.bundle\.js|(?<!\.predict)\.wasm)$/;

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

/**
 * Bundles that rooms may still be played by, though none is made of them any more: those in the folder's `earlier`.
 *
 * @throws SandboxError "bundle-refused".
 */
export async function loadEarlier(engine: Engine, folder: string): Promise<LoadedContract[]> {
  const earlier = join(folder, "earlier");
  const files = await readdir(earlier).catch(() => []);
  const bundles = files.filter((file) => bundleSuffix.test(file)).sort();
  return Promise.all(bundles.map(async (file) => engine.load(new Uint8Array(await readFile(join(earlier, file))))));
}

/**
 * Who may upgrade rooms, from the folder's `lineages.json`: a list of `{ "first", "upgradeKeys", "threshold", "noticeMs" }`,
 * hashes and keys in hex digits. `first` is the contract with which the rooms began. An entry is for good: with other terms
 * they are other rooms, under other keys.
 *
 * @throws Error with a sentence about what it must be.
 */
export async function loadLineageTerms(folder: string): Promise<ReadonlyMap<string, LineageTerms>> {
  const text = await readFile(join(folder, "lineages.json"), "utf8").catch(() => "[]");
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw wrongLineages();
  return new Map(entries.map(parseTerms));
}

function parseTerms(entry: unknown): [first: string, terms: LineageTerms] {
  if (!isRecord(entry)) throw wrongLineages();
  const { first, upgradeKeys, threshold, noticeMs } = entry;
  if (!isHex32(first) || !Array.isArray(upgradeKeys) || !upgradeKeys.every(isHex32)) throw wrongLineages();
  if (!isCount(threshold) || threshold < 1 || threshold > upgradeKeys.length || !isCount(noticeMs))
    throw wrongLineages();
  // In one order, so that the same keys are the same lineage.
  const keys = upgradeKeys.toSorted();
  if (new Set(keys).size < keys.length || keys.length > upgradeSignaturesMax) throw wrongLineages();
  return [first, { upgradeKeys: keys.map(hexToBytes), threshold, noticeMs }];
}

const isHex32 = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;

const wrongLineages = (): Error =>
  new Error(
    'lineages.json must be a list of { "first": 64 hex digits, "upgradeKeys": as many of those, "threshold": how many must sign, "noticeMs": ms }',
  );

const readSourceMap = (folder: string, file: string): Promise<string | undefined> =>
  readFile(join(folder, file.replace(bundleSuffix, ".map")), "utf8").catch(() => undefined);
