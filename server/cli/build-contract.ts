/**
 * From an author's source to the bundle and manifest that a contract hash names. The same input gives the same bytes.
 *
 * Three kinds of source: TypeScript; AssemblyScript, which is what lies in a folder called `assembly`; and a WebAssembly
 * module in whatever language it was written.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { SandboxError } from "#enclave/sandbox/sandbox.ts";
import { sha256 } from "@noble/hashes/sha2.js";
import { isWasm } from "#enclave/sandbox/wasm/module.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Manifest } from "#protocol/manifest.ts";
import { BuildError } from "./build-error.ts";

export { BuildError } from "./build-error.ts";

export interface BuiltContract {
  /** What the sandbox loads. */
  readonly bundle: Uint8Array;
  /** How the bundle's file is called behind the contract's name. */
  readonly suffix: ".bundle.js" | ".wasm";
  /** JSON, version 3; empty if none was asked for, and for WebAssembly. */
  readonly sourceMap: string;
  readonly manifest: Manifest;
  /** The module by which clients predict their own rows, if the contract has one. */
  readonly predict?: Uint8Array;
  /** The contract hash, 64 hex digits. */
  readonly hash: string;
}

/**
 * Builds a contract and asks it for its manifest. The author's code runs in the sandbox only.
 *
 * @param entry a module that exports a contract as its default or as its only one; a module in a folder called `assembly`
 *   that serves one; or a file `*.wasm`.
 * @throws BuildError.
 */
export async function buildContract(entry: string, options: { sourceMap?: boolean } = {}): Promise<BuiltContract> {
  const path = resolve(entry);
  if (!existsSync(path)) throw new BuildError(`there is no file ${entry}`);
  const predict = extname(path) === ".wasm" ? undefined : await predictBeside(path);
  const { bundle, suffix, sourceMap } = await compile(path, predict && bytesToHex(sha256(predict)));
  const engine = await contractEngine();
  try {
    const { manifest, hash } = await engine.load(bundle, sourceMap === "" ? {} : { sourceMap });
    return {
      bundle,
      suffix,
      sourceMap: options.sourceMap === false ? "" : sourceMap,
      manifest,
      ...(predict === undefined ? {} : { predict }),
      hash: bytesToHex(hash),
    };
  } catch (error) {
    if (error instanceof SandboxError) throw new BuildError(`${basename(path)}: ${error.detail}`);
    throw error;
  }
}

async function predictBeside(path: string): Promise<Uint8Array | undefined> {
  await bringComponents(path);
  const { buildPredict } = await import("./build-predict.ts");
  return buildPredict(path);
}

/** The columns that AssemblyScript imports are brought up to date before anything is compiled with them. */
async function bringComponents(path: string): Promise<void> {
  if (basename(dirname(path)) !== "assembly") return;
  const { generateComponents } = await import("./components.ts");
  await generateComponents(path);
}

/**
 * Each compiler is loaded when it is needed: one of them takes half a second.
 *
 * @param predict what the manifest says of the module by which clients predict.
 */
async function compile(
  path: string,
  predict: string | undefined,
): Promise<Pick<BuiltContract, "bundle" | "suffix" | "sourceMap">> {
  if (extname(path) === ".wasm") {
    const bundle = new Uint8Array(await readFile(path));
    if (!isWasm(bundle)) throw new BuildError(`${basename(path)} is no WebAssembly module`);
    return { bundle, suffix: ".wasm", sourceMap: "" };
  }
  if (basename(dirname(path)) === "assembly") {
    const { compileAssembly, servedContract } = await import("./build-assembly.ts");
    return { bundle: await compileAssembly(path, servedContract(predict)), suffix: ".wasm", sourceMap: "" };
  }
  const { bundleScript, servedScript } = await import("./build-script.ts");
  return { ...(await bundleScript(path, servedScript(predict))), suffix: ".bundle.js" };
}
