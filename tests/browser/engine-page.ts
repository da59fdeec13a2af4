/** The engines inside a page: the code that runs in the enclave, with what a page has instead of Node. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Machine } from "#enclave/sandbox/machine.ts";
import { quickJsModule } from "#enclave/sandbox/quickjs/binary.ts";
import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { isWasm } from "#enclave/sandbox/wasm/module.ts";
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { replay, type RecordedLog, type Replayed, type ReplayOptions } from "../determinism/recorded-log.ts";

/** Snapshots made here are for here: nothing is compressed. */
const page: Machine = {
  sha256: (...parts) => sha256(concatBytes(...parts)),
  compress: (bytes) => bytes,
  decompress: (bytes) => bytes,
};

let quickJs: Engine | undefined;
const wasm = wasmEngine(page);

/** @param binary of QuickJS, in hex. */
export async function start(binary: string): Promise<void> {
  quickJs = quickJsEngine(await quickJsModule(hexToBytes(binary), page), page);
}

export async function replayed(log: RecordedLog, options: ReplayOptions): Promise<Replayed> {
  const engine: Engine = {
    load: (bundle) => {
      if (quickJs === undefined) throw new Error("not started");
      return (isWasm(bundle) ? wasm : quickJs).load(bundle);
    },
  };
  return replay(engine, log, options);
}
