/** What a call may cost, what it is told when it costs more, and what is the machine's fault and not the contract's. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { MachineError } from "#enclave/sandbox/machine.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import { SandboxError, type Engine, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { rawBundle, rawManifest } from "./raw.ts";

const done = { answer: "done", reason: null, effects: [] };
const open = { call: "open", tick: 0, key: new Uint8Array(32), options: {} } as const;
const doneText =
  "return say([131,166,97,110,115,119,101,114,164,100,111,110,101,166,114,101,97,115,111,110,192,167,101,102,102,101,99,116,115,144]);";

let engine: Engine;
beforeAll(async () => {
  engine = await installedQuickJs();
});

const load = (body: string, manifest: object = {}): Promise<LoadedContract> =>
  engine.load(rawBundle({ body }, { ...rawManifest, ...manifest }));

async function faultOf(body: string, manifest: object = {}): Promise<string> {
  const instance = (await load(body, manifest)).instantiate();
  try {
    instance.call(open);
    return "no fault";
  } catch (error) {
    return (error as SandboxError).detail;
  }
}

test.for<[string, string, object, RegExp]>([
  ["never ends", "for (;;);", { fuel: 1_234_567 }, /^out of fuel: .* 1,234,567 .*`fuel`/],
  ["nests calls in the engine", "return JSON.parse('['.repeat(9000));", {}, /^calls are nested too deeply/],
  [
    "recurses in its own code",
    "const down = (n) => down(n + 1) + 1; return down(0);",
    {},
    /^RangeError: Maximum call stack/,
  ],
  [
    "keeps too much",
    "const kept = []; for (;;) kept.push(new Uint8Array(65536).fill(1));",
    { memoryPages: 64 },
    /^InternalError: out of memory: .* 64 pages of 64 KiB: raise `memoryPages`/,
  ],
  ["throws", "throw new TypeError('mine');", {}, /^TypeError: mine\n\s+at <anonymous> \(contract\.js:\d+:\d+\)/],
  ["rejects", "Promise.reject(new Error('mine')); " + doneText, {}, /^a promise was rejected: Error: mine/],
  ["throws what never ends to be read", "throw { get stack() { for (;;); } };", {}, /takes too long to read/],
])("the author of a call that %s is told so", async ([, body, manifest, sentence]) => {
  expect(await faultOf(body, manifest)).toMatch(sentence);
});

test("the same call costs the same in every room, and views are paid for one by one", async () => {
  const contract = await engine.load(rawBundle({ value: done }));
  const rooms = [contract.instantiate(), contract.instantiate()];
  const costs = rooms.map((room) => (room.call(open), room.usage));
  expect(costs[0]!.fuel).toBeGreaterThan(100);
  expect(costs[0]).toEqual(costs[1]);
  const seen = (await engine.load(rawBundle({ value: { answer: "views", views: [1] } }))).instantiate();
  const cost = (viewers: number): number => {
    seen.call({
      call: "view",
      tick: 1,
      viewers: Array.from({ length: viewers }, () => ({ kind: "spectator" }) as const),
    });
    return seen.usage.fuel;
  };
  cost(1);
  expect(cost(3)).toBe(3 * cost(1));
});

test("a contract that needs all its fuel has none for the next call", async () => {
  const contract = await load(`let n = 0; while (n < 40_000) n++; ${doneText}`);
  const needed = contract.instantiate();
  needed.call(open);
  const { fuel } = needed.usage;
  const enough = (await load(`let n = 0; while (n < 40_000) n++; ${doneText}`, { fuel })).instantiate();
  for (let i = 0; i < 3; i++) expect(() => enough.call(open)).not.toThrow();
  const scant = (await load(`let n = 0; while (n < 40_000) n++; ${doneText}`, { fuel: fuel - 1000 })).instantiate();
  expect(() => scant.call(open)).toThrow(
    expect.objectContaining({ detail: expect.stringMatching(/^out of fuel/) as string }),
  );
});

test("console costs the same whether or not anybody listens", async () => {
  const bundle = rawBundle({ body: `console.log("dealt", { cards: [1, 2, 3], of: "ünï🂡" }); ${doneText}` });
  const [heard, unheard] = [await engine.load(bundle, { log: () => {} }), await engine.load(bundle)].map((contract) => {
    const room = contract.instantiate();
    room.call(open);
    return { usage: room.usage, fingerprint: room.fingerprint() };
  });
  expect(heard).toEqual(unheard);
});

test("log reads text only, and runs nothing of the contract's to make some", async () => {
  const lines: string[] = [];
  const body = `
    const it = { toString() { host.log(this); return host.log("inside"), "it"; } };
    host.log(it); host.log(3); host.log(); host.log("a", "b"); host.log(null);
    ${doneText}`;
  const room = (await engine.load(rawBundle({ body }), { log: (line) => lines.push(line) })).instantiate();
  expect(room.call(open)).toEqual(done);
  expect(lines).toEqual(["a"]);
});

test("a contract that declares too little memory is told how much it takes", async () => {
  const refused = load(doneText, { memoryPages: 20 });
  await expect(refused).rejects.toMatchObject({ code: "bundle-refused" });
  const { detail } = (await refused.catch((error: unknown) => error)) as SandboxError;
  const least = Number(/memoryPages must be a whole number from (\d+) to 1024/.exec(detail)?.[1]);
  expect(least).toBe(39);
  const room = (await load(doneText, { memoryPages: least })).instantiate();
  expect(room.call(open)).toEqual(done);
  expect(room.usage.pages).toBeLessThanOrEqual(least);
  await expect(load(doneText, { memoryPages: least - 1 })).rejects.toMatchObject({ code: "bundle-refused" });
});

test("memory ends where the manifest says, however it is asked for", async () => {
  const body = `
    const kept = [];
    try { for (;;) kept.push(new Uint8Array(65536).fill(1)); } catch {}
    kept.length = 0;
    try { for (let i = 0; ; i++) kept.push({ i, text: "t".repeat(i % 1000) }); } catch {}
    ${doneText}`;
  const room = (await load(body, { memoryPages: 80, fuel: 200_000_000 })).instantiate();
  room.call(open);
  expect(room.usage.pages).toBeLessThanOrEqual(80);
});

test("when the stack of whoever calls ends, that is no fault of the contract", async () => {
  const contract = await load("const it = { toString: () => `${it}` }; return String(it);");
  const outcomes = new Set<string>();
  const callFrom = (frames: number): void => {
    if (frames > 0) return callFrom(frames - 1);
    try {
      contract.instantiate().call(open);
    } catch (error) {
      outcomes.add(error instanceof SandboxError ? error.detail : (error as Error).name);
    }
  };
  try {
    for (let frames = 0; ; frames += 300) callFrom(frames);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
  // Either it is stopped at its own depth, or nothing is said about it at all.
  expect([...outcomes].map((outcome) => outcome.split(":")[0])).toEqual([
    "calls are nested too deeply",
    "MachineError",
  ]);
});

test("when the machine has no more memory, that is no fault of the contract", async () => {
  const script = fileURLToPath(new URL("scarce-memory.ts", import.meta.url));
  const args = ["--wasm-max-mem-pages=100", "--disable-warning=ExperimentalWarning", script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe("MachineError: no memory beyond 100 pages for this instance\n");
  expect(new MachineError("x").name).toBe("MachineError");
});
