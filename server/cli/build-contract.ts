/** From an author's TypeScript to the bundle and manifest that a contract hash names. The same input gives the same bytes. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { builtinModules, stripTypeScriptTypes } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { Message, Plugin } from "esbuild";
import { SandboxError } from "#enclave/sandbox/sandbox.ts";
import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Manifest } from "#protocol/manifest.ts";

export interface BuiltContract {
  /** What the sandbox loads. */
  readonly bundle: Uint8Array;
  /** JSON, version 3; empty if none was asked for. */
  readonly sourceMap: string;
  readonly manifest: Manifest;
  /** The contract hash, 64 hex digits. */
  readonly hash: string;
}

/** The contract does not build. `message` says where and why, over several lines, for its author. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}

/**
 * Bundles the contract that a module exports, as its default or as its only contract, and asks it for its manifest.
 * The author's code runs in the sandbox only.
 *
 * @throws BuildError.
 */
export async function buildContract(entry: string, options: { sourceMap?: boolean } = {}): Promise<BuiltContract> {
  const path = resolve(entry);
  if (!existsSync(path)) throw new BuildError(`there is no file ${entry}`);
  const { bundle, sourceMap } = await bundleContract(path);
  const engine = await quickJsEngine();
  try {
    const { manifest, hash } = await engine.load(bundle, { sourceMap });
    return { bundle, sourceMap: options.sourceMap === false ? "" : sourceMap, manifest, hash: bytesToHex(hash) };
  } catch (error) {
    if (error instanceof SandboxError) throw new BuildError(`${basename(path)}: ${error.detail}`);
    throw error;
  }
}

async function bundleContract(path: string): Promise<{ bundle: Uint8Array; sourceMap: string }> {
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: wrapper(path), resolveDir: dirname(path), sourcefile: "phatroom-entry.js", loader: "js" },
      // Relative to this, so that no absolute path reaches the output or the source map.
      absWorkingDir: dirname(path),
      outfile: resolve(dirname(path), "contract.js"),
      write: false,
      bundle: true,
      format: "iife",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2023",
      define: { "process.env.NODE_ENV": '"production"' },
      // Not for the size alone: comments and the names of CommonJS modules hold paths.
      minify: true,
      legalComments: "none",
      sourcemap: "external",
      // Whatever tsconfig.json lies around the entry must not change the bytes.
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, verbatimModuleSyntax: true } },
      logLevel: "silent",
      plugins: [sdk, nothingOutside],
    });
    const [map, code] = outputFiles;
    if (map === undefined || code === undefined) throw new BuildError("esbuild wrote nothing");
    return { bundle: code.contents, sourceMap: map.text };
  } catch (error) {
    if (hasMessages(error))
      throw new BuildError((await esbuild.formatMessages(error.errors, { kind: "error" })).join("\n"));
    throw error;
  }
}

/** The sandbox's end of the boundary comes first: it takes the host's object away before any code of the author runs. */
const wrapper = (path: string): string =>
  [
    `import { serve } from "phatroom/guest";`,
    `import * as author from ${JSON.stringify(`./${basename(path)}`)};`,
    `serve(author);`,
  ].join("\n");

const sdkFiles: Readonly<Record<string, string>> = {
  "phatroom/guest": fileURLToPath(import.meta.resolve("#contract/guest/serve.ts")),
  "phatroom/contract": fileURLToPath(import.meta.resolve("#contract/index.ts")),
};

/**
 * Contracts anywhere on the disk import this phatroom's SDK, and get the same bytes from it whether it lies there as
 * TypeScript or as the JavaScript of the package: esbuild's short names depend on the text it reads, types included.
 */
const sdk: Plugin = {
  name: "sdk",
  setup: (build) => {
    build.onLoad({ filter: /[\\/](contracts[\\/]sdk|server[\\/]protocol)[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: stripTypeScriptTypes(await readFile(path, "utf8"), { mode: "strip" }),
      loader: "js",
    }));
    build.onResolve({ filter: /^phatroom\/(guest|contract)$/ }, ({ path }) => ({ path: sdkFiles[path] ?? path }));
  },
};

/** A plain "Could not resolve" would send the author looking for a package to install. */
const nothingOutside: Plugin = {
  name: "nothing-outside",
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^(node:.*|(${builtinModules.join("|")})(/.*)?)$`) }, async (args) => {
      // There are packages that are called like Node's modules: events, punycode, buffer.
      const options = { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: seen };
      if (args.pluginData === seen) return undefined;
      const found = args.path.startsWith("node:") ? undefined : await build.resolve(args.path, options);
      if (found !== undefined && found.errors.length === 0) return found;
      return {
        errors: [
          {
            text: `contracts reach nothing: "${args.path}" does not exist in the sandbox`,
            notes: [{ text: "Time is context.tick, randomness is context.random, and all else comes in with a move." }],
          },
        ],
      };
    });
  },
};

const seen = Symbol("seen");

const hasMessages = (error: unknown): error is { errors: Message[] } =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors);
