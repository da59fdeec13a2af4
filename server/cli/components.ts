/** An author's `components.ts`, and what is made of it for AssemblyScript. It runs in the sandbox only. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { SandboxError } from "#enclave/sandbox/sandbox.ts";
import type { TableLayout } from "#protocol/tables.ts";
import { BuildError } from "./build-error.ts";
import { bundleScript } from "./build-script.ts";
import { componentsAssembly } from "./components-assembly.ts";

/** What AssemblyScript imports, beside the module that does. */
const generatedFile = "components.generated.ts";

/**
 * Brings `components.generated.ts` beside an AssemblyScript contract up to date with the `components.ts` of the folder
 * above. Without such a file nothing is done.
 *
 * @param entry a module in a folder called `assembly`.
 * @throws BuildError.
 */
export async function generateComponents(entry: string): Promise<void> {
  const folder = dirname(entry);
  const source = join(dirname(folder), "components.ts");
  if (!existsSync(source)) return;
  const generated = join(folder, generatedFile);
  const text = componentsAssembly(await readComponents(source), "../components.ts");
  if (existsSync(generated) && (await readFile(generated, "utf8")) === text) return;
  await writeFile(generated, text);
}

/** The tables that a module of components declares. @throws BuildError. */
export async function readComponents(path: string): Promise<readonly TableLayout[]> {
  const { bundle, sourceMap } = await bundleScript(path, asContract);
  const engine = await contractEngine();
  try {
    const { manifest } = await engine.load(bundle, { sourceMap });
    return manifest.tables;
  } catch (error) {
    if (error instanceof SandboxError) throw new BuildError(`${basename(path)}: ${error.detail}`);
    throw error;
  }
}

/** A contract that has these components and nothing else: describing contracts is what an engine can do. */
const asContract = (path: string): string =>
  [
    `import { serve } from "phatroom/guest";`,
    `import * as components from ${JSON.stringify(`./${basename(path)}`)};`,
    `const rule = () => null;`,
    `const moves = { "~standard": { version: 1, vendor: "phatroom", validate: (value) => ({ value }) } };`,
    `const contract = { name: "components", players: { min: 1, max: 1 }, frameBytes: 0, moves, open: rule, apply: rule, view: rule };`,
    `serve({ default: { ...contract, components } });`,
  ].join("\n");
