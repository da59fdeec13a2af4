/** The AssemblyScript build of the workloads: as the compiler leaves it, and hardened as a worker hardens it. */
import { harden } from "../../server/enclave/sandbox/hardener/harden.ts";
import { permittedImports } from "../../server/enclave/sandbox/wasm/module.ts";
import { manifestLimits } from "../../server/protocol/manifest.ts";
import { inputLength, outputLength, type Candidate } from "./candidate.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly phatroom_refuel?: (fuel: number) => number;
  readonly phatroom_pages?: WebAssembly.Global<"i32">;
  _initialize(): void;
  readonly call: (work: number, length: number) => number;
  inputAt(): number;
  outputAt(): number;
}

/** What one call of an AssemblyScript contract may cost if its manifest says nothing. */
const fuel = 5_000_000;

export const plainWasm = (bytes: Uint8Array): Candidate => candidate("AssemblyScript", bytes);

export function hardenedWasm(bytes: Uint8Array): Candidate {
  const hardened = harden(bytes, { imports: permittedImports, pagesMax: manifestLimits.memoryPages });
  return candidate("AssemblyScript, hardened", hardened.bytes);
}

function candidate(name: string, bytes: Uint8Array): Candidate {
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module, { env: { abort: giveUp } });
  const { phatroom_refuel, phatroom_pages, ...guest } = exports as unknown as Exports;
  const { memory, call } = guest;
  if (phatroom_pages !== undefined) phatroom_pages.value = manifestLimits.memoryPages;
  phatroom_refuel?.(fuel);
  guest._initialize();
  const input = new Uint8Array(memory.buffer, guest.inputAt(), inputLength);
  const output = new Uint8Array(memory.buffer, guest.outputAt(), outputLength);
  if (phatroom_refuel === undefined) return { name, kind: "compiled", input, output, call };
  return {
    name,
    kind: "compiled",
    input,
    output,
    call(work, length) {
      // What a worker does before each call.
      phatroom_refuel(fuel);
      return call(work, length);
    },
  };
}

function giveUp(): never {
  throw new Error("the workloads gave up");
}
