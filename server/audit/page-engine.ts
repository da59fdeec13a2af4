/** The engine in a page: the code that runs in the enclave, with what a page has instead of Node. */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "#protocol/bytes.ts";
import type { Machine } from "#enclave/sandbox/machine.ts";
import { quickJsModule } from "#enclave/sandbox/quickjs/binary.ts";
import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { isWasm } from "#enclave/sandbox/wasm/module.ts";

/** Checkpoints that are taken here stay here: nothing is compressed. */
const pageMachine: Machine = {
  sha256: (...parts) => sha256(concatBytes(...parts)),
  compress: (bytes) => bytes,
  decompress: (bytes) => bytes,
};

/**
 * Takes contracts of every kind, as the worker's engine does, with the same hashes.
 *
 * @param quickJs the binary of the pinned QuickJS: `quickjs-wasi/quickjs.wasm`.
 * @throws Error if it is another one.
 */
export async function pageEngine(quickJs: Uint8Array): Promise<Engine> {
  const script = quickJsEngine(await quickJsModule(quickJs, pageMachine), pageMachine);
  const wasm = wasmEngine(pageMachine);
  return { load: (bundle, options) => (isWasm(bundle) ? wasm : script).load(bundle, options) };
}
