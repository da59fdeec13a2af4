/** The same module gives the same bytes, valid, with all that it remembers within reach of the host. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { harden, hardenerVersion } from "#enclave/sandbox/hardener/harden.ts";
import golden from "../../../vectors/hardener.json" with { type: "json" };
import { assemble, f32, f64, i32, i32Const, i64, i64Const, f64Const, type ModuleSource } from "./assembler.ts";
import { goldenModules, quickJs, quickJsGolden, quickJsOptions } from "./golden.ts";
import { options } from "./room.ts";
import { vectorModules } from "./vector-modules.ts";

test("a change of the bytes is a change of the version", () => {
  expect({ version: hardenerVersion, modules: goldenModules() }).toEqual({
    version: golden.version,
    modules: golden.modules,
  });
});

test("QuickJS becomes what it was", () => {
  expect(quickJsGolden()).toEqual(golden.quickJs);
});

test.for(Object.entries(vectorModules))(
  "%s: valid, repeatable, and not taken from the caller's memory",
  ([, source]) => {
    const module = assemble(source);
    const untouched = module.slice();
    const { bytes } = harden(module, options);
    expect(module).toEqual(untouched);
    expect(bytes.buffer).not.toBe(module.buffer);
    expect(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)).toBe(true);
    const padded = new Uint8Array(module.length + 20);
    padded.set(module, 10);
    expect(harden(padded.subarray(10, 10 + module.length), options).bytes).toEqual(bytes);
  },
);

describe("globals", () => {
  const source: ModuleSource = {
    globals: [
      { type: i32, mutable: true, value: i32Const(1) },
      { type: i64, mutable: false, value: i64Const(2n) },
      { type: i64, mutable: true, value: i64Const(3n), exported: "already" },
      { type: f32, mutable: true, value: [0x43, 0, 0, 0x80, 0x3f] },
      { type: f64, mutable: true, value: f64Const(5) },
    ],
  };

  test("every mutable one is exported and named", () => {
    const { bytes, globals } = harden(assemble(source), options);
    expect(globals).toEqual([
      { name: "phatroom_global_0", type: "i32" },
      { name: "phatroom_global_2", type: "i64" },
      { name: "phatroom_global_3", type: "f32" },
      { name: "phatroom_global_4", type: "f64" },
    ]);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
    expect(globals.map(({ name }) => (exports[name] as WebAssembly.Global).value)).toEqual([1, 3n, 1, 5]);
    (exports["already"] as WebAssembly.Global).value = 7n;
    expect((exports["phatroom_global_2"] as WebAssembly.Global).value).toBe(7n);
    expect(Object.keys(exports)).toEqual([
      "already",
      "memory",
      "phatroom_fuel",
      "phatroom_depth",
      "phatroom_pages",
      "phatroom_refuel",
      ...globals.map(({ name }) => name),
    ]);
  });

  test("what the module begins with: fuel for its start, a whole depth, all pages it may have", () => {
    const { bytes } = harden(assemble({ memory: { min: 1, max: 9 } }), options);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
    const values = ["fuel", "depth", "pages"].map((name) => (exports[`phatroom_${name}`] as WebAssembly.Global).value);
    expect(values).toEqual([5_000_000, 80_000, 9]);
  });
});

test("custom sections are dropped", () => {
  const module = assemble({});
  const custom = [0, 5, 4, ...new TextEncoder().encode("name")];
  const dressed = Uint8Array.from([...module.subarray(0, 8), ...custom, ...module.subarray(8), ...custom]);
  expect(harden(dressed, options).bytes).toEqual(harden(module, options).bytes);
});

test("what was hardened is not hardened again", () => {
  const { bytes } = harden(assemble({}), options);
  expect(() => harden(bytes, options)).toThrow(expect.objectContaining({ code: "export-refused" }));
});

test("QuickJS grows by less than a fifth", () => {
  const module = quickJs();
  expect(harden(module, quickJsOptions(module)).bytes.length).toBeLessThan(1.2 * module.length);
});

test("the hardener imports nothing but its own files, and needs no Node", () => {
  const folder = fileURLToPath(new URL("../../../../server/enclave/sandbox/hardener/", import.meta.url));
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const text = readFileSync(`${folder}/${file}`, "utf8");
    for (const [, from] of text.matchAll(/ from "([^"]*)"/g)) expect(from, file).toMatch(/^\.\/[a-z-]+\.ts$/);
    expect(text, file).not.toMatch(/\b(?:process|Buffer|require|globalThis|window|Date|Math\.random)\b[.(]/);
  }
});
