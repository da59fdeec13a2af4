/** The one engine of a worker: it takes contracts of every kind, and tells them apart by their first bytes. */
import { nodeMachine } from "./node-machine.ts";
import { installedQuickJs } from "./quickjs/installed.ts";
import type { Engine } from "./sandbox.ts";
import { wasmEngine } from "./wasm/engine.ts";
import { isWasm } from "./wasm/module.ts";

/** @throws Error if the installed QuickJS is not the pinned one. */
export async function contractEngine(): Promise<Engine> {
  const quickJs = await installedQuickJs();
  const wasm = wasmEngine(nodeMachine);
  return { load: (bundle, options) => (isWasm(bundle) ? wasm : quickJs).load(bundle, options) };
}
