/**
 * Makes what `npm pack` ships: dist/lib with the same files as the sources, types stripped, and their declarations.
 * Lines stay where they were, so a stack trace of the package points into the repository.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/lib");
const types = join(root, ".cache/types");

/** Folders that the package consists of. */
const shipped = [
  "client/sdk",
  "contracts/sdk",
  "server/attestation",
  "server/cli",
  "server/enclave",
  "server/gateway",
  "server/protocol",
  "server/testing",
];

/** `#protocol/frame.ts` → the folder that `#protocol/` stands for. */
const zones = new Map(
  Object.entries(await importsOfPackage()).map(([alias, target]) => [alias.slice(0, -2), target.slice(2, -2)] as const),
);

async function importsOfPackage(): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    imports: Record<string, string>;
  };
  return imports;
}

/** Rewrites what a module names: aliases become relative paths, and .ts becomes .js. */
function renamed(code: string, file: string): string {
  return code
    .replaceAll(/(["'])(#[a-z0-9]+)\/([^"'\n]+)\.ts\1/g, (whole, quote: string, alias: string, path: string) => {
      const zone = zones.get(alias);
      if (zone === undefined) return whole;
      const way = relative(dirname(file), join(zone, path));
      return `${quote}${way.startsWith(".") ? way : `./${way}`}.js${quote}`;
    })
    .replaceAll(/(["'])(\.{1,2}\/[^"'\n]+)\.ts\1/g, "$1$2.js$1");
}

async function write(file: string, text: string): Promise<void> {
  const path = join(out, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith(".ts"))
    .sort();

execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", ...shipped], {
  cwd: root,
  stdio: "inherit",
});
await rm(out, { recursive: true, force: true });
for (const file of shipped.flatMap(sources)) {
  const code = await readFile(join(root, file), "utf8");
  if (file.endsWith(".d.ts")) {
    await write(file, renamed(code, file));
    continue;
  }
  await write(file.replace(/\.ts$/, ".js"), renamed(stripTypeScriptTypes(code, { mode: "strip" }), file));
  const declaration = file.replace(/\.ts$/, ".d.ts");
  await write(declaration, renamed(await readFile(join(types, declaration), "utf8"), file));
}
