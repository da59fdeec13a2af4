/** Fast tests in plain Node: everything but the stages that need a browser, a network of processes or long runs. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: [
      "tests/{protocol,attestation,rmrk,chain,enclave,gateway,client,contracts,conformance,vectors,tooling,cli,testing,determinism}/**/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
