import { beforeAll, expect, test } from "vitest";
import { permits } from "#enclave/sandbox/permits.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { rawBundle } from "./raw.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await installedQuickJs();
});

/** Evaluates an expression while the contract is loaded, and again in a call; gives back the second as a view. */
async function inside(expression: string): Promise<unknown> {
  const body = `
    const text = JSON.stringify(${expression}) ?? "undefined";
    const bytes = [0x82, 0xa6, 97, 110, 115, 119, 101, 114, 0xa5, 118, 105, 101, 119, 115];
    bytes.push(0xa5, 118, 105, 101, 119, 115, 0x91, 0xda, text.length >> 8, text.length & 255);
    for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i));
    return say(bytes);`;
  const contract = await engine.load(rawBundle({ body }));
  const answer = contract.instantiate().call({ call: "view", tick: 50, viewers: [{ kind: "spectator" }] });
  if (answer.answer !== "views") throw new Error(answer.answer);
  return JSON.parse(answer.views[0] as string) as unknown;
}

test("a contract sees the globals of the table and no other", async () => {
  const names = (await inside("Reflect.ownKeys(globalThis).map(String)")) as string[];
  // This bundle is written by hand and leaves the host's object where it is.
  const seen = names.filter((name) => name !== "phatroomHost" && name !== "Symbol(Symbol.toStringTag)");
  expect(seen.toSorted()).toEqual([...permits].toSorted());
});

test.for([
  "eval",
  "SharedArrayBuffer",
  "Atomics",
  "WeakRef",
  "FinalizationRegistry",
  "WebAssembly",
  "performance",
  "setTimeout",
  "process",
  "require",
  "fetch",
  "crypto",
  "escape",
  "btoa",
])("%s does not exist", async (name) => {
  expect(await inside(`typeof ${name}`)).toBe("undefined");
});

test.for([
  ["Function", "Function('return 1')"],
  ["an async function's constructor", "(async () => {}).constructor('return 1')"],
  ["a generator's constructor", "(function* () {}).constructor('yield 1')"],
  ["Reflect.construct", "Reflect.construct(Function, ['return 1'])"],
])("text cannot be compiled with %s", async ([, expression]) => {
  expect(await inside(`(() => { try { ${expression}; return "compiled"; } catch { return "refused"; } })()`)).toBe(
    "refused",
  );
});

test("import leads nowhere", async () => {
  await expect(inside("import('node:fs')")).rejects.toMatchObject({ code: "call-faulted" });
});

test("no date tells when or where it is", async () => {
  expect(await inside("[Date.now(), new Date().getTime(), new Date(2020, 0, 1).getTimezoneOffset()]")).toEqual([
    1000, 1000, 0,
  ]);
});

test("Math.random draws nothing that a room has not given", async () => {
  expect(await inside("(() => { try { return Math.random(); } catch (error) { return error.message; } })()")).toMatch(
    /context\.random/,
  );
});

test("console is there and says nothing back", async () => {
  expect(await inside("console.log('x', { a: 1n }, new Error('y'), Symbol('z')) === undefined")).toBe(true);
});
