/** Tests that run our code inside real Chromium. */
import { defineConfig } from "vitest/config";
import { inNode } from "./support/in-node.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/browser/**/*.test.ts"],
    globalSetup: [
      "tests/support/build-everything.ts",
      "tests/support/build-rehearsal.ts",
      "tests/support/serve-chromium.ts",
    ],
    pool: "forks",
    ...inNode,
    isolate: false,
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
