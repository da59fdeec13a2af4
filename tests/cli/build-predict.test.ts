/** What clients predict by: made of an author's `predict.ts`, without imports, bound to the contract. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { portableComponents, portableText } from "#cli/portable.ts";
import { loadPredictor } from "#client/input/predictor.ts";
import { layoutsOf } from "#contract/components.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import { placeTables } from "#protocol/tables.ts";
import { push } from "../contracts/fixtures/push/push.ts";
import * as components from "../contracts/fixtures/push/components.ts";
import { predictorOf } from "../support/bundles.ts";

const folder = fileURLToPath(new URL("../contracts/fixtures/push/", import.meta.url));

test.for(["push.ts", "assembly/push.ts"])("the module of %s imports nothing and is small", async (entry) => {
  const bytes = await predictorOf(folder + entry);
  expect(bytes.length).toBeLessThan(8 * 1024);
  const { module } = await loadPredictor(bytes);
  expect(WebAssembly.Module.imports(module)).toEqual([]);
});

test.for<[string, (bytes: Uint8Array) => Uint8Array]>([
  ["another byte", (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))],
  ["no WebAssembly", () => new Uint8Array(9)],
  ["a module that is nothing of the kind", () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
])("%s is refused", async ([what, change]) => {
  const bytes = await predictorOf(`${folder}push.ts`);
  const { sha256 } = await import("@noble/hashes/sha2.js");
  const hash = Buffer.from(sha256(bytes)).toString("hex");
  await expect(loadPredictor(bytes, { hash })).resolves.toBeDefined();
  const changed = change(bytes);
  await expect(loadPredictor(changed, { hash })).rejects.toMatchObject({ code: "malformed" });
  if (what !== "another byte") await expect(loadPredictor(changed)).rejects.toMatchObject({ code: "malformed" });
});

test("a module that imports something is refused", async () => {
  // (module (import "a" "b" (func)))
  const importing = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0);
  await expect(loadPredictor(importing)).rejects.toMatchObject({ code: "malformed" });
});

test("the manifest names the module, in either language", () => {
  const predict = "ab".repeat(32);
  const described = new ContractRuntime(push as never, { predict }).answer({ call: "describe" });
  expect(described).toMatchObject({ manifest: { input: "Push", predict } });
});

test.for([
  ['import { Body } from "./components.ts";', 'import { Body } from "./components";'],
  ["const a = 1 / 20;", "const a = 1.0 / 20.0;"],
  ["const b = 0.5 * x2 + 1e3 - 10_000;", "const b = 0.5 * x2 + 1e3 - 10_000.0;"],
  ["Body.x[row]! += Push.x[seat]! * 2; // 3 of 4", "Body.x[row] += Push.x[seat] * 2.0; // 3 of 4"],
  ["/* 1 */ const s = \"2\" + '3' + `4`; 5", "/* 1 */ const s = \"2\" + '3' + `4`; 5.0"],
  ["const half = a / 2 / 3;", "const half = a / 2.0 / 3.0;"],
  ["if (!alive && x !== 0) y = -1;", "if (!alive && x !== 0.0) y = -1.0;"],
] as const)("%s becomes what AssemblyScript takes for the same", ([given, made]) => {
  expect(portableText(given)).toBe(made);
});

test("portable columns are as many as there are numbers", async () => {
  const text = portableComponents(layoutsOf(components));
  const layouts = layoutsOf(components);
  const fields = layouts.reduce((sum, layout) => sum + 3 + layout.fields.length, 0);
  expect(text.match(/export const \w+: (Body|Drift|Push)_/g)).toHaveLength(fields);
  const memory = `memory.data(${placeTables(layouts).length}, 8)`;
  // What is compiled lies where the contract's own tables lie.
  expect(await readFile(`${folder}assembly/components.generated.ts`, "utf8")).toContain(memory);
  expect(text).toContain(memory);
});
