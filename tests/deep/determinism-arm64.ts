/** The recorded logs on another processor: the same fuel and the same memory on arm64, which qemu computes. */
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { runOnArm64 } from "../determinism/arm64-node.ts";
import { expectedOf, logNames, readLog } from "../determinism/logs.ts";
import type { Replayed } from "../determinism/recorded-log.ts";
import type { DeepCheck } from "./deep.ts";

const script = fileURLToPath(new URL("../determinism/replay-process.ts", import.meta.url));
const calls = (names: readonly string[]): number => names.reduce((sum, name) => sum + readLog(name).calls.length, 0);

/** Wants qemu, and minutes. */
export const determinismArm64: DeepCheck = {
  name: "determinism-arm64",
  unit: "calls on arm64",
  full: calls(logNames),
  slice: 1,
  async run({ count }) {
    const names: string[] = [];
    while (names.length < logNames.length && calls(names) < count) names.push(logNames[names.length]!);
    const found = JSON.parse(await runOnArm64(script, names)) as Record<string, Replayed>;
    for (const name of names) {
      if (isDeepStrictEqual(found[name], expectedOf(readLog(name)))) continue;
      throw new Error(`${name} on arm64: ${JSON.stringify(found[name])}`);
    }
    return { count: calls(names), figures: { node: process.versions.node, logs: names.length } };
  },
};
