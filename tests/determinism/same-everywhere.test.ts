/**
 * A recorded log costs the same fuel, call by call, and ends in the same memory, bit by bit: here, under each of V8's
 * compilers, after being saved and restored again and again. tests/browser/engine.test.ts says the same of Chromium, and
 * `npm run deep -- determinism-arm64` of another processor.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { expectedOf, logNames, readLog } from "./logs.ts";
import { replay } from "./recorded-log.ts";

const engine = await contractEngine();

/** One of each front-end among them. */
const small = new Set(["arithmetic", "high-card", "mover-assembly"]);

// If this fails after the engine's own version was counted up, record what it makes of the old logs:
// `node tests/determinism/record.ts`. Otherwise rooms that were saved would not go on as they were.
test.for(logNames)("%s costs and ends as it was recorded", async (name) => {
  const log = readLog(name);
  expect(await replay(engine, log)).toEqual(expectedOf(log));
});

test.for(logNames)("%s ends the same when it is saved and restored all the time", async (name) => {
  const log = readLog(name);
  // Of these every call crosses a snapshot; the others, which are large, are cut into pieces.
  const restoreEvery = small.has(name) ? 1 : 7;
  expect(await replay(engine, log, { restoreEvery })).toEqual(expectedOf(log));
});

const processFile = fileURLToPath(new URL("replay-process.ts", import.meta.url));

// Which compiler made a function V8 decides as it goes; here it may not. To optimize all of QuickJS takes a minute, and
// what is busy in it was optimized above: there the small modules stand for it.
test.for([
  ["the fast compiler only", "--liftoff-only", [...small]],
  ["the optimizing compiler only", "--no-liftoff", ["arithmetic", "mover-assembly"]],
  ["checks of bounds in code instead of traps", "--disable-wasm-trap-handler", [...small]],
] as const)("it is the same under %s", { timeout: 240_000 }, async ([, flag, names]) => {
  const args = [flag, "--disable-warning=ExperimentalWarning", processFile, ...names];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(names.map((name) => [name, expectedOf(readLog(name))])));
});
