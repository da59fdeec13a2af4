/** What is kept of hardened modules: small ones whole, QuickJS as a hash. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import { assemble } from "./assembler.ts";
import { options } from "./room.ts";
import { vectorModules } from "./vector-modules.ts";

export interface GoldenModule {
  readonly name: string;
  /** Hexadecimal. */
  readonly module: string;
  readonly hardened: string;
  readonly globals: readonly string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function goldenModules(): GoldenModule[] {
  return Object.entries(vectorModules).map(([name, source]) => {
    const module = assemble(source);
    const { bytes, globals } = harden(module, options);
    return { name, module: hex(module), hardened: hex(bytes), globals: globals.map((global) => global.name) };
  });
}

export const quickJs = (): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm"))));

/** With these options, which are not those of the engine: a golden hash must not move when a front-end does. */
export const quickJsOptions = (module: Uint8Array<ArrayBuffer>): Parameters<typeof harden>[1] => ({
  imports: new Set(WebAssembly.Module.imports(new WebAssembly.Module(module)).map((it) => `${it.module}.${it.name}`)),
  pagesMax: 1024,
  chargeMax: 16,
  keptMax: 32,
});

export function quickJsGolden(): { readonly module: string; readonly hardened: string; readonly length: number } {
  const module = quickJs();
  const { bytes } = harden(module, quickJsOptions(module));
  return { module: sha256(module), hardened: sha256(bytes), length: bytes.length };
}
