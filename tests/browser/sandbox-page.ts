/** Inside the page: both engines, on what a browser has. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Machine } from "#enclave/sandbox/machine.ts";
import { quickJsModule } from "#enclave/sandbox/quickjs/binary.ts";
import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { traceRooms, type Traces } from "../support/room-traces.ts";

/** What compresses makes no difference to what a room computes. */
const browserMachine: Machine = {
  sha256: (...parts) => sha256(concatBytes(...parts)),
  compress: (bytes) => bytes.slice(),
  decompress: (bytes) => bytes.slice(),
};

export const traceWasm = (bundle: string, logs: readonly (readonly string[])[]): Promise<Traces> =>
  traceRooms(wasmEngine(browserMachine), hexToBytes(bundle), logs);

export async function traceQuickJs(
  binary: string,
  bundle: string,
  logs: readonly (readonly string[])[],
): Promise<Traces> {
  const module = await quickJsModule(hexToBytes(binary), browserMachine);
  return traceRooms(quickJsEngine(module, browserMachine), hexToBytes(bundle), logs);
}
