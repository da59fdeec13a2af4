/** A folder of contracts of every kind, as the worker loads it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { loadContractFolder, loadEarlier, loadLineageTerms } from "#enclave/contract-folder.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { rawWasm, rawWasmManifest } from "../support/raw-wasm.ts";

const fixture = fileURLToPath(new URL("../contracts/fixtures/high-card.ts", import.meta.url));

let engine: Engine;
let folder: string;
let bundle: Uint8Array;
beforeAll(async () => {
  engine = await contractEngine();
  ({ bundle } = await buildContract(fixture));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-contracts-"));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, bytes: Uint8Array | string): Promise<void> => writeFile(join(folder, name), bytes);

test("a worker serves bundles of TypeScript and modules of WebAssembly from one folder, and nothing else in it", async () => {
  await put("high-card.bundle.js", bundle);
  await put("raw.wasm", rawWasm());
  await put("raw.manifest.json", "{}");
  await put("raw.predict.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d));
  await put("notes.txt", "none");
  const contracts = await loadContractFolder(engine, folder);
  expect(contracts.map(({ manifest }) => manifest.name)).toEqual(["high-card", "raw"]);
  expect(contracts.map(({ engine: name }) => name.split(" ")[0])).toEqual(["quickjs-wasi", "wasm"]);
  for (const contract of contracts) {
    const opened = contract.instantiate().call({ call: "open", tick: 0, key: new Uint8Array(32), options: {} });
    expect(opened).toMatchObject({ answer: "done", reason: null });
  }
});

test("what a file holds decides what it is, not what it is called", async () => {
  await put("raw.bundle.js", rawWasm());
  await put("high-card.wasm", bundle);
  const contracts = await loadContractFolder(engine, folder);
  expect(contracts.map(({ manifest }) => manifest.name)).toEqual(["high-card", "raw"]);
});

test("two contracts of one name are refused, whatever they are written in", async () => {
  await put("high-card.bundle.js", bundle);
  await put("high-card.wasm", rawWasm({ manifest: { ...rawWasmManifest, name: "high-card" } }));
  await expect(loadContractFolder(engine, folder)).rejects.toThrow(`two contracts in ${folder} are called "high-card"`);
});

test("a module that is none stops the worker from starting", async () => {
  await put("broken.wasm", Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await expect(loadContractFolder(engine, folder)).rejects.toMatchObject({ code: "bundle-refused" });
});

test("a contract's log is heard in development only", async () => {
  const imports = `(import "room" "log" (func $log (param i32 i32)))`;
  await put("raw.wasm", rawWasm({ imports, call: "(call $log (i32.const 0) (i32.const 0)) (call $done)" }));
  const log = vi.fn<(line: string) => void>();
  for (const [listener, heard] of [
    [undefined, 0],
    [log, 1],
  ] as const) {
    const [contract] = await loadContractFolder(engine, folder, listener);
    contract!.instantiate().call({ call: "tick", tick: 1 });
    expect(log).toHaveBeenCalledTimes(heard);
  }
});

test("earlier rules lie in a folder of their own, and may have the name of those of today", async () => {
  expect(await loadEarlier(engine, folder)).toEqual([]);
  await put("high-card.bundle.js", bundle);
  await mkdir(join(folder, "earlier"));
  await put("earlier/high-card.bundle.js", bundle);
  expect((await loadEarlier(engine, folder)).map(({ manifest }) => manifest.name)).toEqual(["high-card"]);
  expect(await loadContractFolder(engine, folder)).toHaveLength(1);
});

const [first, one, two] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [string, string, string];
const entry = { first, upgradeKeys: [two, one], threshold: 2, noticeMs: 1000 };

test("without a word about it nobody may upgrade anything", async () => {
  expect(await loadLineageTerms(folder)).toEqual(new Map());
});

test("who may upgrade is read in one order, so that the same keys are the same lineage", async () => {
  await put("lineages.json", JSON.stringify([entry]));
  const forwards = await loadLineageTerms(folder);
  await put("lineages.json", JSON.stringify([{ ...entry, upgradeKeys: [one, two] }]));
  expect(await loadLineageTerms(folder)).toEqual(forwards);
  expect(forwards.get(first)).toMatchObject({ threshold: 2, noticeMs: 1000 });
});

test.for<[string, unknown]>([
  ["no list", {}],
  ["no hash", [{ ...entry, first: "dot4" }]],
  ["no keys", [{ ...entry, upgradeKeys: [], threshold: 0 }]],
  ["a key twice", [{ ...entry, upgradeKeys: [one, one] }]],
  ["more signatures than keys", [{ ...entry, threshold: 3 }]],
  ["no signature at all", [{ ...entry, threshold: 0 }]],
  ["a notice that is no time", [{ ...entry, noticeMs: -1 }]],
])("a worker does not start with terms of %s", async ([, terms]) => {
  await put("lineages.json", JSON.stringify(terms));
  await expect(loadLineageTerms(folder)).rejects.toThrow("lineages.json must be");
});
