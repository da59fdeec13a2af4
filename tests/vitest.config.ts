/** Fast tests in plain Node: everything but the stages that need a browser, a network of processes or long runs. */
import { configDefaults, defineConfig } from "vitest/config";
import { inNode } from "./support/in-node.ts";

const everything =
  "tests/{assets,protocol,attestation,rmrk,chain,enclave,gateway,client,contracts,conformance,vectors,tooling,cli,testing,determinism,audit}/**/*.test.ts";

/** Pages have JSX in them, which Node does not read. */
const pages = "tests/client/page/**/*.test.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    pool: "forks",
    // Modules are read once for each of the two processes instead of once for each file: half of the time. A test that
    // changes what others share puts it back.
    isolate: false,
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 90_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "node", include: [everything], exclude: [...configDefaults.exclude, pages], ...inNode },
      },
      { extends: true, test: { name: "pages", include: [pages] } },
    ],
  },
});
