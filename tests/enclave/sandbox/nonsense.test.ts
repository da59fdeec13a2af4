import { beforeAll, expect, test } from "vitest";
import type { Call } from "#contract/abi.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { rawBundle, rawManifest } from "./raw.ts";

const done = { answer: "done", reason: null, effects: [] };
const calls = {
  open: { call: "open", tick: 5, key: new Uint8Array(32), options: {} },
  view: { call: "view", tick: 5, viewers: [{ kind: "spectator" }] },
} as const satisfies Record<string, Call>;

let engine: Engine;
beforeAll(async () => {
  engine = await installedQuickJs();
});

const answer = async (call: Call, bundle: Uint8Array): Promise<unknown> =>
  (await engine.load(bundle)).instantiate().call(call);

test("a bundle without the SDK is as good as one with it", async () => {
  expect(await answer(calls.open, rawBundle({ value: done }))).toEqual(done);
  const views = { answer: "views", views: [{ board: [1, 2] }] };
  expect(await answer(calls.view, rawBundle({ value: views }))).toEqual(views);
});

test.for([
  ["nothing", "return undefined;"],
  ["a text", "return 'three';"],
  ["an object that is a number", "return { valueOf: () => 1 };"],
  ["a promise", "return Promise.resolve(1);"],
  ["no length", "return 0;"],
  ["a negative length", "return -1;"],
  ["a length with a fraction", "return 1.5;"],
  ["not a number", "return NaN;"],
  ["more than the window", "return 1024 * 1024 + 1;"],
  ["more than there is memory", "return 2 ** 31;"],
  ["infinitely much", "return Infinity;"],
  ["bytes that are no msgpack", "output.fill(0xc1); return 10;"],
  ["bytes and more bytes", "return say([0x01, 0x01]);"],
  ["a map that says it is long", "return say([0xdf, 0xff, 0xff, 0xff, 0xff]);"],
  ["a text that is no UTF-8", "return say([0xa1, 0xff]);"],
  ["an error of its own", "throw new Error('mine');"],
] as const)("an answer that is %s faults the call", async ([, body]) => {
  await expect(answer(calls.open, rawBundle({ body }))).rejects.toMatchObject({ code: "call-faulted" });
});

test("fields nobody asked for do not come through", async () => {
  const value = { ...done, secret: 1, effects: [{ effect: "end", result: null, secret: 1 }] };
  expect(await answer(calls.open, rawBundle({ value }))).toEqual({
    ...done,
    effects: [{ effect: "end", result: null }],
  });
});

test.for<[string, unknown]>([
  ["nothing", null],
  ["a name with spaces", { ...rawManifest, name: "High Card" }],
  ["no seats", { ...rawManifest, players: { min: 0, max: 2 } }],
  ["another ABI", { ...rawManifest, abi: "room-wasm v2" }],
  ["more memory than a room may have", { ...rawManifest, memoryPages: 100_000 }],
  ["less memory than its own code takes", { ...rawManifest, memoryPages: 32 }],
  ["more work than a call may cost", { ...rawManifest, fuel: 1_000_000_000 }],
])("a manifest that declares %s is refused", async ([, manifest]) => {
  await expect(engine.load(rawBundle({ value: done }, manifest))).rejects.toMatchObject({ code: "bundle-refused" });
});

test("a contract that catches the end of its memory has not got more of it", async () => {
  const body = `
    const kept = [];
    try { for (;;) kept.push(new Uint8Array(65536).fill(1)); } catch {}
    return say([0x01, kept.length]);`;
  // What comes back is no answer, so only its fault tells: it is not that of running for ever.
  const small = (await engine.load(rawBundle({ body }))).instantiate();
  expect(() => small.call(calls.open)).toThrow(
    expect.objectContaining({ detail: expect.stringContaining("trailing") as string }),
  );
});
