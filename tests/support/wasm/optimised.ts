/** Runs something with WebAssembly compiled by V8's optimising compiler from the start, in place of its quick one. */
import { setFlagsFromString } from "node:v8";
import { WasmBytes } from "./bytes.ts";

export function optimised<T>(run: () => T): T {
  setFlagsFromString("--no-liftoff");
  try {
    return run();
  } finally {
    setFlagsFromString("--liftoff");
    // It went with the other, and would not come back: whatever runs in this process later would stay slow, ten times and more.
    setFlagsFromString("--wasm-dynamic-tiering");
  }
}

/** The same module in other bytes, so that what V8 keeps compiled of it is not used again. */
export function renewed(module: Uint8Array): Uint8Array {
  const custom = new WasmBytes().name("renewed");
  return new WasmBytes().bytes(module).byte(0).sized(custom.view()).copy();
}
