/** The AssemblyScript build of the workloads: as the compiler leaves it, and hardened as a worker hardens it. */
import { depthMax, harden } from "../../server/enclave/sandbox/hardener/harden.ts";
import { permittedImports } from "../../server/enclave/sandbox/wasm/module.ts";
import { manifestLimits } from "../../server/protocol/manifest.ts";
import { inputLength, outputLength, type Candidate } from "./candidate.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly phatroom_fuel?: WebAssembly.Global<"i32">;
  readonly phatroom_depth?: WebAssembly.Global<"i32">;
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
  const { phatroom_fuel, phatroom_depth, phatroom_pages, ...guest } = exports as unknown as Exports;
  const { memory, call } = guest;
  const refuel = (): void => {
    if (phatroom_fuel !== undefined) phatroom_fuel.value = fuel;
    if (phatroom_depth !== undefined) phatroom_depth.value = depthMax;
  };
  if (phatroom_pages !== undefined) phatroom_pages.value = manifestLimits.memoryPages;
  refuel();
  guest._initialize();
  const input = new Uint8Array(memory.buffer, guest.inputAt(), inputLength);
  const output = new Uint8Array(memory.buffer, guest.outputAt(), outputLength);
  if (phatroom_fuel === undefined || phatroom_depth === undefined)
    return { name, kind: "compiled", input, output, call };
  return {
    name,
    kind: "compiled",
    input,
    output,
    call(work, length) {
      // What a worker does before each call.
      phatroom_fuel.value = fuel;
      phatroom_depth.value = depthMax;
      return call(work, length);
    },
  };
}

function giveUp(): never {
  throw new Error("the workloads gave up");
}
