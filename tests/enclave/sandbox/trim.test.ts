import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { trimExports } from "#enclave/sandbox/quickjs/trim.ts";

test("only the exports that are used are left, and nothing else is changed", async () => {
  const binary = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  const whole = WebAssembly.Module.exports(new WebAssembly.Module(binary));
  const trimmed = trimExports(binary, new Set(["memory", "qjs_call", "__stack_pointer", "not there"]));
  expect(WebAssembly.Module.exports(new WebAssembly.Module(trimmed as Uint8Array<ArrayBuffer>))).toEqual([
    { name: "memory", kind: "memory" },
    { name: "__stack_pointer", kind: "global" },
    { name: "qjs_call", kind: "function" },
  ]);
  const all = trimExports(binary, new Set(whole.map(({ name }) => name)));
  expect(Buffer.compare(all, binary)).toBe(0);
});
