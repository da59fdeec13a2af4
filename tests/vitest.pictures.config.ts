/** Makes the pictures of README: `npm run pictures`. No stage of `npm test`; look at what comes out. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/journeys/pictures.ts"],
    globalSetup: ["tests/support/build-everything.ts"],
    pool: "forks",
    maxWorkers: 1,
    expect: { poll: { timeout: 60_000 } },
  },
});
