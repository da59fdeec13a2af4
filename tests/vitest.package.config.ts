/** The package as a stranger gets it: packed, installed in an empty folder, used. */
import { defineConfig } from "vitest/config";
import { inNode } from "./support/in-node.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/package/**/*.test.ts"],
    globalSetup: ["tests/support/stranger.ts"],
    pool: "forks",
    ...inNode,
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 240_000,
    hookTimeout: 400_000,
  },
});
