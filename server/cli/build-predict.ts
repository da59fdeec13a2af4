/**
 * From an author's `predict.ts` to the module by which clients predict their own rows: hardened, and without imports.
 *
 * Beside a contract in AssemblyScript it is AssemblyScript. Beside one in TypeScript it is TypeScript of which AssemblyScript
 * knows every word (`portable.ts`): the very file that the contract's `tick` uses.
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HardenError, harden } from "#enclave/sandbox/hardener/harden.ts";
import { BuildError } from "./build-error.ts";

/** What the author calls it, and the one function that it exports. */
const predictFile = "predict.ts";

/** Tables of a megabyte, and what the SDK keeps. */
const pagesMax = 64;

/**
 * The module for the contract in this file; undefined if there is no `predict.ts` beside it.
 *
 * @throws BuildError.
 */
export async function buildPredict(entry: string): Promise<Uint8Array | undefined> {
  const path = join(dirname(entry), predictFile);
  if (!existsSync(path)) return undefined;
  const { compileAssembly } = await import("./build-assembly.ts");
  const compiled =
    basename(dirname(path)) === "assembly"
      ? await compileAssembly(path, nativeEntry, withoutImports)
      : await compileAssembly(path, portableEntry, { ...withoutImports, ...(await portableSources(path)) });
  try {
    return harden(compiled, { imports: new Set(), pagesMax }).bytes;
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    throw new BuildError(`${predictFile}: ${error.sentence} (${error.code}: ${error.detail})`);
  }
}

/** Whatever goes wrong ends the call without a word: there is nobody to say it to. */
const withoutImports = { flags: ["--use", "abort="] };

/** Of the eight numbers of `room_windows` the sixth is where the tables are. */
const nativeEntry = (): string =>
  [
    `import { roomWindows } from "phatroom/assembly/windows";`,
    `export { predict } from "./predict";`,
    `export function predict_tables(): i32 {`,
    `  return load<i32>(<usize>roomWindows(), 20);`,
    `}`,
  ].join("\n");

const portableEntry = (): string =>
  [
    `import { predict as portable } from "./predict";`,
    `import { region } from "./components";`,
    `export function predict(row: i32, seat: i32): void {`,
    `  portable(row, seat);`,
    `}`,
    `export function predict_tables(): i32 {`,
    `  return <i32>region;`,
    `}`,
  ].join("\n");

async function portableSources(path: string) {
  const { readComponents } = await import("./components.ts");
  const { portableComponents, portableText } = await import("./portable.ts");
  const components = join(dirname(path), "components.ts");
  if (!existsSync(components)) throw new BuildError(`${predictFile} needs the components.ts of its contract beside it`);
  return {
    rewrite: portableText,
    given: new Map([["components.ts", portableComponents(await readComponents(components))]]),
  };
}
