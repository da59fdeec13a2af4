/**
 * One source of the workloads (`assembly/`), built for each engine.
 *
 * It is AssemblyScript. JavaScript has one kind of number, so three casts are all that keeps it from being TypeScript.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { Plugin } from "esbuild";
import { compileAssembly } from "../../server/cli/build-assembly.ts";

const folder = fileURLToPath(new URL("assembly/", import.meta.url));

/** Storing into an array of bytes cuts a number already. */
const casts: readonly (readonly [RegExp, string])[] = [
  [/\bi32\(/g, "~~("],
  [/\bf64\(/g, "("],
  [/\bu8\(/g, "("],
];

const castless: Plugin = {
  name: "castless",
  setup: (build) => {
    build.onLoad({ filter: /[\\/]windows\.ts$/ }, () => ({
      contents: "export const { IN, OUT } = globalThis.windows;",
    }));
    build.onLoad({ filter: /[\\/]bench[\\/]engine[\\/]assembly[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: casts.reduce((text, [cast, js]) => text.replaceAll(cast, js), await readFile(path, "utf8")),
      loader: "ts",
    }));
  },
};

/**
 * Sets `workloads`, a global, to `{ call }`. Its windows are the host's, `{ IN, OUT }` in a global of that name. Made with
 * the settings of `phatroom build`.
 */
export async function workloadsScript(): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: `export { call } from "./workloads.ts";`,
      resolveDir: folder,
    },
    write: false,
    bundle: true,
    format: "iife",
    globalName: "globalThis.workloads",
    platform: "neutral",
    target: "es2023",
    minify: true,
    plugins: [castless],
  });
  return outputFiles[0]!.text;
}

/** A module that exports `call`, and where its windows are: compiled and inlined as `phatroom build` does it. */
export const workloadsModule = (): Promise<Uint8Array> =>
  compileAssembly(`${folder}workloads.ts`, () =>
    [
      `import { IN, OUT } from "./windows";`,
      `export { call } from "./workloads";`,
      `export function inputAt(): usize { return IN.dataStart; }`,
      `export function outputAt(): usize { return OUT.dataStart; }`,
    ].join("\n"),
  );
