/** From an author's module to one that may run: hardened, compiled once, shared by every room of it. */
import { manifestLimits } from "#protocol/manifest.ts";
import { HardenError, harden, hardenerVersion, type Hardened } from "../hardener/harden.ts";
import { NonsenseError } from "../answer.ts";

/** Counts changes of what contracts can observe of our side: windows, imports, order of calls. */
const interfaceVersion = 1;

export const engineVersion = `wasm ${hardenerVersion} interface ${interfaceVersion}`;

/** All that a contract may import. Both are there for its author; neither gives anything back. */
export const permittedImports: ReadonlySet<string> = new Set(["env.abort", "room.log"]);

export interface HardenedModule {
  readonly module: WebAssembly.Module;
  readonly globals: Hardened["globals"];
}

/** Whether these bytes are a WebAssembly binary: its magic, whatever the version. */
export const isWasm = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;

/** @throws NonsenseError with what the hardener refuses and why. */
export async function hardenModule(bytes: Uint8Array): Promise<HardenedModule> {
  const hardened = hardenOrRefuse(bytes);
  return { module: await WebAssembly.compile(hardened.bytes), globals: hardened.globals };
}

function hardenOrRefuse(bytes: Uint8Array): Hardened {
  try {
    return harden(bytes, { imports: permittedImports, pagesMax: manifestLimits.memoryPages });
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    throw new NonsenseError(`${error.sentence} (${error.code}: ${error.detail})`);
  }
}
