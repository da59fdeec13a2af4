/** What people do, in real browsers against a whole place. Screenshots are kept in tests/artifacts. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/journeys/**/*.test.ts"],
    globalSetup: ["tests/support/build-everything.ts"],
    pool: "forks",
    isolate: false,
    // One at a time: two games in several browsers are enough for two cores.
    maxWorkers: 1,
    fileParallelism: false,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
