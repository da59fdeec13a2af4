/** The engine of this installation, on Node: the binary is the one that npm put there. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { nodeMachine } from "../node-machine.ts";
import type { Engine } from "../sandbox.ts";
import { quickJsModule, type QuickJsModule } from "./binary.ts";
import { quickJsEngine } from "./engine.ts";

let prepared: Promise<QuickJsModule> | undefined;

/**
 * The binary is read, hardened and compiled once per process; each engine remembers for itself what it has loaded.
 *
 * @throws Error if the installed binary is not the pinned one.
 */
export async function installedQuickJs(): Promise<Engine> {
  prepared ??= prepare();
  return quickJsEngine(await prepared, nodeMachine);
}

async function prepare(): Promise<QuickJsModule> {
  const binary = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  return quickJsModule(binary, nodeMachine);
}
