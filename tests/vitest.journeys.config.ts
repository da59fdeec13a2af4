/** What people do, in real browsers against a whole place. Screenshots are kept in tests/artifacts. */
import { defineConfig } from "vitest/config";
import { inNode } from "./support/in-node.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/journeys/**/*.test.ts"],
    globalSetup: ["tests/support/build-everything.ts", "tests/support/serve-chromium.ts"],
    pool: "forks",
    ...inNode,
    isolate: false,
    // They wait for each other's players and clocks as long as they compute.
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
