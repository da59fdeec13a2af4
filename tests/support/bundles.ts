/**
 * Contracts as tests load them: built, and those in AssemblyScript kept in `.cache/bundles` under a name made of all that
 * could change their bytes. Their compiler takes seconds, and many files test the same few contracts.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { buildContract } from "#cli/build-contract.ts";
import { buildPredict } from "#cli/build-predict.ts";
import { rootFolder } from "./folders.ts";

const kept = join(rootFolder, ".cache/bundles");

/** Compilers with their versions, what we make of their output, what contracts import, what columns are generated from. */
const builders = ["package-lock.json", "server/cli", "server/protocol", "contracts/assembly", "contracts/sdk"];

/** The bundle of the contract in this file. @throws BuildError. */
export async function bundleOf(entry: string): Promise<Uint8Array> {
  if (basename(dirname(entry)) !== "assembly") return (await buildContract(entry)).bundle;
  const file = fileOf(entry);
  if (existsSync(file)) return new Uint8Array(readFileSync(file));
  const { bundle } = await buildContract(entry);
  mkdirSync(kept, { recursive: true });
  // Another process may be writing the same; and a build may have written its columns anew, which gives it another name.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, bundle);
  renameSync(draft, fileOf(entry));
  return bundle;
}

/** The module by which clients of the contract in this file predict. @throws BuildError, or Error if it has none. */
export async function predictorOf(entry: string): Promise<Uint8Array> {
  const file = fileOf(entry).replace(/wasm$/, "predict.wasm");
  if (existsSync(file)) return new Uint8Array(readFileSync(file));
  const predict = await buildPredict(entry);
  if (predict === undefined) throw new Error(`there is no predict.ts beside ${entry}`);
  mkdirSync(kept, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, predict);
  renameSync(draft, file);
  return predict;
}

const fileOf = (entry: string): string =>
  join(kept, `${nameOf(entry, [...builders.map((part) => join(rootFolder, part)), dirname(dirname(entry))])}.wasm`);

/** Other bytes or names of files among or in these folders: another name. */
export function nameOf(entry: string, sources: readonly string[]): string {
  const hash = createHash("sha256").update(`${process.version}\0${relative(rootFolder, entry)}\0`);
  for (const file of sources.flatMap(filesIn)) {
    const bytes = readFileSync(file);
    hash.update(`${relative(rootFolder, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 32);
}

function filesIn(path: string): string[] {
  if (basename(path) === "package-lock.json") return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules"))
    .sort();
}
