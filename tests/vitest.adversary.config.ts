/** The running system: what it does for people, and attacks by a host that reads, changes, withholds and lies. */
import { defineConfig } from "vitest/config";
import { inNode } from "./support/in-node.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/{place,adversary}/**/*.test.ts"],
    globalSetup: ["tests/support/build-contracts.ts"],
    pool: "forks",
    ...inNode,
    // Modules are read once for each process; whoever starts a gateway closes it.
    isolate: false,
    // They wait for boundaries and processes more than they compute.
    maxWorkers: 3,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
