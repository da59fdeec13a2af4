/** Our modules as Node runs them without a build: types stripped, aliases resolved, lines where they were. */
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

interface PackageJson {
  readonly imports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const packageJson = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as PackageJson;

/** `#protocol/frame.ts` → the folder that `#protocol/` stands for. */
const zones = new Map(
  Object.entries(packageJson.imports).map(([alias, target]) => [alias.slice(0, -2), target.slice(2, -2)] as const),
);

/** Rewrites what a module names: aliases become relative paths, and .ts becomes .js. */
export function renamed(code: string, file: string): string {
  return code
    .replaceAll(/(["'])(#[a-z0-9]+)\/([^"'\n]+)\.ts\1/g, (whole, quote: string, alias: string, path: string) => {
      const zone = zones.get(alias);
      if (zone === undefined) return whole;
      const way = relative(dirname(file), join(zone, path));
      return `${quote}${way.startsWith(".") ? way : `./${way}`}.js${quote}`;
    })
    .replaceAll(/(["'])(\.{1,2}\/[^"'\n]+)\.ts\1/g, "$1$2.js$1");
}

/** TypeScript files of a folder, from the root, in one order on every machine. */
export const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith(".ts"))
    .sort();

/** The JavaScript of one module. */
export const javaScriptOf = async (file: string): Promise<string> =>
  renamed(stripTypeScriptTypes(await readFile(join(root, file), "utf8"), { mode: "strip" }), file);
