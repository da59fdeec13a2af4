import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { contractHash, encodeManifest } from "#protocol/manifest.ts";
import { bytesToHex } from "#protocol/bytes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-build-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

async function author(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const rules = `
  players: { min: 1, max: 2 },
  moves: v.object({ bid: v.number() }),
  open: () => ({ bids: [] }),
  apply: (state, move) => accept({ bids: [...state.bids, move.bid + step()] }),
  view: (state) => state.bids.length,
`;

const auction = `
import * as v from "valibot";
import { accept } from "phatroom/contract";
import { step } from "./parts/step.ts";
export const auction = { name: "auction", ${rules} };
export const notAContract = { open: 1 };
`;

async function authorAuction(place: string): Promise<string> {
  await author(
    join(place, "parts/step.ts"),
    "/** Comments go. */\nexport const step = (): number => old.five;\nimport old from './old.cjs';\n",
  );
  await author(join(place, "parts/old.cjs"), "exports.five = 5;\n");
  return author(join(place, "auction.ts"), auction);
}

test("the same contract gives the same bytes in any folder, and none of them names it", async () => {
  const here = await buildContract(await authorAuction("a"));
  const there = await buildContract(await authorAuction("somewhere/much/deeper"));
  expect(bytesToHex(there.bundle)).toBe(bytesToHex(here.bundle));
  expect(there.hash).toBe(here.hash);
  expect(there.manifest).toEqual(here.manifest);
  const text = Buffer.from(here.bundle).toString();
  for (const trace of [folder, root, "node_modules", "auction.ts", "old.cjs", "Comments go"])
    expect(text).not.toContain(trace);
});

test("the hash names engine, manifest and bundle", async () => {
  const { bundle, manifest, hash } = await buildContract(await authorAuction("a"));
  const { engine } = await (await contractEngine()).load(bundle);
  expect(hash).toBe(bytesToHex(contractHash(engine, manifest, bundle)));
  expect(manifest).toMatchObject({ abi: "room-wasm v1", name: "auction", players: { min: 1, max: 2 } });
});

test("the source map leads to the author's files and holds no absolute path", async () => {
  const { sourceMap } = await buildContract(await authorAuction("a"));
  const { sources } = JSON.parse(sourceMap) as { sources: string[] };
  expect(sources).toContain("auction.ts");
  expect(sources).toContain("parts/step.ts");
  expect(sources.filter((source) => source.startsWith("/"))).toEqual([]);
  expect((await buildContract(await authorAuction("a"), { sourceMap: false })).sourceMap).toBe("");
});

test("a default export is the contract, whatever else is one", async () => {
  const entry = await author(
    "a/two.ts",
    auction.replace("export const notAContract", "export default { ...auction, name: 'chosen' }; export const other"),
  );
  expect((await buildContract(entry)).manifest.name).toBe("chosen");
});

test("a tsconfig beside the contract does not change the bytes", async () => {
  const plain = await buildContract(await authorAuction("a"));
  await author("b/tsconfig.json", `{ "compilerOptions": { "target": "es5", "useDefineForClassFields": false } }`);
  expect((await buildContract(await authorAuction("b"))).hash).toBe(plain.hash);
});

test("a package that is called like one of Node's modules is bundled", async () => {
  await author("c/node_modules/events/package.json", `{ "name": "events", "version": "1.0.0", "main": "index.js" }`);
  await author("c/node_modules/events/index.js", `module.exports = { step: () => 7 };`);
  const entry = await author("c/auction.ts", auction.replace("./parts/step.ts", "events"));
  expect((await buildContract(entry)).manifest.name).toBe("auction");
});

test("a library that tries for one of Node's modules, and goes on without, is bundled", async () => {
  await author("d/node_modules/tries/package.json", `{ "name": "tries", "version": "1.0.0", "main": "index.js" }`);
  const library = `
    let found = 7;
    try { found = require("crypto"); } catch {}
    module.exports = { step: () => (typeof global === "object" ? found : 0) };`;
  await author("d/node_modules/tries/index.js", library);
  const entry = await author("d/auction.ts", auction.replace("./parts/step.ts", "tries"));
  expect((await buildContract(entry)).manifest.name).toBe("auction");
});

test.for<[string, string, RegExp]>([
  [
    "reads files",
    `import fs from "node:fs"; export default fs;`,
    /contracts reach nothing: "node:fs".*\n[^]*wrong\.ts:1/,
  ],
  ["reads files by the old name", `import fs from "fs"; export default fs;`, /contracts reach nothing: "fs"/],
  [
    "reads files in the manner of CommonJS",
    `const fs = require("fs"); export default fs;`,
    /contracts reach nothing: "fs" does not exist in the sandbox\n[^]*at wrong\.ts:1/,
  ],
  ["imports what is not installed", `import "no-such-package";`, /Could not resolve "no-such-package"/],
  ["is no TypeScript", `export default { name: "x" ,, }`, /wrong\.ts:1:\d+/],
  ["exports no contract", `export const contract = { open() {} };`, /no export is a contract/],
  [
    "exports two contracts",
    auction.replace("export const notAContract", "export const b = { ...auction }; export const c"),
    /more than one export is a contract \(auction, b\)/,
  ],
  [
    "has no schema",
    `export default { name: "x", players: { min: 1, max: 1 }, open() {}, apply() {}, view() {} };`,
    /Standard Schema/,
  ],
  ["has a name no manifest takes", auction.replace('"auction"', '"An Auction"'), /manifest: name must be/],
  [
    "waits for its schema",
    auction.replace("moves: v.object(", "moves: v.objectAsync(").replace("export const notAContract", "export const x"),
    /asynchronous/,
  ],
  ["throws while it is loaded", `throw new Error("not today");`, /Error: not today\n\s+at wrong\.ts:1:\d+/],
  ["asks for Math.random while it is loaded", `Math.random();`, /context\.random/],
])("an author whose contract %s is told so", async ([, text, message]) => {
  await author("d/parts/step.ts", "export const step = () => 5;");
  const entry = await author("d/wrong.ts", text);
  await expect(buildContract(entry)).rejects.toThrow(
    expect.objectContaining({ name: "BuildError", message: expect.stringMatching(message) as string }),
  );
});

test("an entry that is not there is told so", async () => {
  await expect(buildContract(join(folder, "nothing.ts"))).rejects.toThrow(/there is no file/);
});

test("phatroom build writes what a worker serves and prints the hash", async () => {
  const entry = await authorAuction("a");
  const out = join(folder, "built");
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [join(root, "server/cli/main.ts"), "build", entry, "--out", out]);
  const { bundle, sourceMap, manifest, hash } = await buildContract(entry);
  expect(stdout).toContain(hash);
  expect(new Uint8Array(await readFile(join(out, "auction.bundle.js")))).toEqual(bundle);
  expect(new Uint8Array(await readFile(join(out, "auction.manifest.json")))).toEqual(encodeManifest(manifest));
  expect(await readFile(join(out, "auction.map"), "utf8")).toBe(sourceMap);
  await expect(run(process.execPath, [join(root, "server/cli/main.ts"), "build", "nothing.ts"])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("there is no file") as string,
  });
});
