/** Slices of the deep checks, which `npm run deep` runs in full. */
import { defineConfig } from "vitest/config";
import { inNode } from "./support/in-node.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/deep/**/*.test.ts"],
    globalSetup: ["tests/support/build-contracts.ts"],
    pool: "forks",
    ...inNode,
    // One at a time: each has processes of its own, and both cores are theirs.
    maxWorkers: 1,
    fileParallelism: false,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 240_000,
  },
});
