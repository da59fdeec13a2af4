/** A client imports a contract's components.ts as it is: for its types and layouts, without rules and their libraries. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  folder = await mkdtemp(join(root, ".cache/client-components-"));
});
afterAll(() => rm(folder, { recursive: true }));

const imported = `
import * as components from "../../contracts/mover/components.ts";
import { layoutsOf, type Row } from "#contract/components.ts";
import { placeTables } from "#protocol/tables.ts";
const body: Row<typeof components.Body> = { x: 1, z: 2, heading: 0, speed: 1, walking: 1, label: "a" };
export const length: number = placeTables(layoutsOf(components)).length + body.x;
`;

async function check(text: string): Promise<string> {
  await writeFile(join(folder, "page.ts"), text);
  // Neither Node's types nor a page's: whatever zone a client is in, this much is there.
  const compilerOptions = { composite: false, noEmit: true, emitDeclarationOnly: false, types: [], lib: ["es2024"] };
  const files = ["page.ts"];
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.json", compilerOptions: { ...compilerOptions, rootDir: root }, files }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return promisify(execFile)(process.execPath, [tsc, "-p", folder, "--pretty", "false"]).then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
}

test("it has the types of rows with neither Node nor a page around", { timeout: 60_000 }, async () => {
  expect(await check(imported)).toBe("");
  expect(await check(imported.replace("heading: 0", 'heading: "north"'))).toContain("TS2322");
  expect(await check(imported.replace("label:", "tag:"))).toMatch(/TS2353|TS2741/);
});

test("it brings the declarations and nothing of the rules", async () => {
  const { metafile, outputFiles } = await esbuild.build({
    stdin: { contents: imported, resolveDir: folder, loader: "ts" },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output!.inputs)
    .filter(([name, { bytesInOutput }]) => name !== "<stdin>" && bytesInOutput > 0)
    .map(([name]) => name)
    .sort();
  expect(files).toEqual([
    "contracts/mover/components.ts",
    "contracts/sdk/components.ts",
    "contracts/sdk/fields.ts",
    "server/protocol/tables.ts",
  ]);
  expect(outputFiles[0]!.contents.length).toBeLessThan(4096);
});
