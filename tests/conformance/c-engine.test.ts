/** Contracts written in C, without an SDK, from docs/room-wasm-v1.md alone. */
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { buildC, missingForC } from "../support/clang.ts";
import { engineConformance } from "./engine.ts";
import { hostileWasm } from "./hostile-wasm.ts";

const source = fileURLToPath(new URL("../contracts/c/high-card.c", import.meta.url));

if (missingForC.length > 0) {
  test.skip(`contracts in C: this machine has no ${missingForC.join(" and no ")}`);
} else {
  describe("in C", () => {
    let bundle: Promise<Uint8Array> | undefined;
    engineConformance({
      start: async () => wasmEngine(nodeMachine),
      highCard: () => (bundle ??= buildC(source)),
      ...hostileWasm,
    });
  });
}
