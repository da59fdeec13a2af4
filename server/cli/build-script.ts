/** An author's TypeScript and all that it imports, as one script for the sandbox. The same input gives the same bytes. */
import { readFile } from "node:fs/promises";
import { builtinModules, stripTypeScriptTypes } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { Message, Plugin } from "esbuild";
import { BuildError } from "./build-error.ts";

/**
 * @param entryOf the text of the script that imports the author's module.
 * @throws BuildError.
 */
export async function bundleScript(
  path: string,
  entryOf: (path: string) => string = servedScript(),
): Promise<{ bundle: Uint8Array; sourceMap: string }> {
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: entryOf(path), resolveDir: dirname(path), sourcefile: "phatroom-entry.js", loader: "js" },
      // Relative to this, so that no absolute path reaches the output or the source map.
      absWorkingDir: dirname(path),
      outfile: resolve(dirname(path), "contract.js"),
      write: false,
      bundle: true,
      format: "iife",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2023",
      define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
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

/**
 * The sandbox's end of the boundary comes first: it takes the host's object away before any code of the author runs.
 *
 * @param predict SHA-256 of the module by which clients predict, in hex, if there is one.
 */
export const servedScript =
  (predict?: string) =>
  (path: string): string =>
    [
      `import { serve } from "phatroom/guest";`,
      `import * as author from ${JSON.stringify(`./${basename(path)}`)};`,
      predict === undefined ? `serve(author);` : `serve(author, { predict: "${predict}" });`,
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
      // Older libraries try, and go on without. Those that do not try fail when they are loaded.
      if (args.kind === "require-call") return { path: args.path, namespace: "nothing-outside" };
      return {
        errors: [
          {
            text: reachesNothing(args.path),
            notes: [{ text: "Time is context.tick, randomness is context.random, and all else comes in with a move." }],
          },
        ],
      };
    });
    build.onLoad({ filter: /^/, namespace: "nothing-outside" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(reachesNothing(path))});`,
    }));
  },
};

const reachesNothing = (module: string): string => `contracts reach nothing: "${module}" does not exist in the sandbox`;

const seen = Symbol("seen");

const hasMessages = (error: unknown): error is { errors: Message[] } =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors);
