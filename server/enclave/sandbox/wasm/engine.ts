/** The engine that runs contracts which are core WebAssembly modules, whatever language they were written in. */
import { bytesToHex } from "#protocol/bytes.ts";
import { bundleLengthMax } from "#protocol/limits.ts";
import { checkManifest, contractHash, manifestLimits, type Manifest } from "#protocol/manifest.ts";
import { placeTables } from "#protocol/tables.ts";
import { NonsenseError } from "../answer.ts";
import { bytesOf, putImage, takeImage, type Image } from "../image.ts";
import type { Machine } from "../machine.ts";
import { wasmPageLength } from "../pages.ts";
import { SandboxError, type Engine, type LoadedContract, type LoadOptions } from "../sandbox.ts";
import { putSnapshot, readSnapshot } from "../snapshot.ts";
import { faultSentence } from "./fault.ts";
import { Guest } from "./guest.ts";
import { WasmInstance, type InstanceTerms } from "./instance.ts";
import { engineVersion, hardenModule, type HardenedModule } from "./module.ts";
import type { Windows } from "./windows.ts";

/** Modules kept for bundles that are loaded again: more than a worker hosts, so that only development drops any. */
const modulesKept = 32;

/** What a module may do before its manifest says less: all that any contract may do in one call. */
const loadFuel = manifestLimits.fuel;
const loadPages = manifestLimits.memoryPages;

interface Frozen {
  readonly module: HardenedModule;
  readonly windows: Windows;
  readonly terms: InstanceTerms;
}

/** Runs wherever there is WebAssembly: what it takes from the machine is passed in. */
export const wasmEngine = (machine: Machine): Engine => new WasmEngine(machine);

class WasmEngine implements Engine {
  readonly #machine: Machine;
  readonly #frozen = new Map<string, Frozen>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async load(bundle: Uint8Array, options: LoadOptions = {}): Promise<LoadedContract> {
    if (bundle.length > bundleLengthMax) {
      throw new SandboxError("bundle-refused", `${bundle.length} bytes are more than ${bundleLengthMax}`);
    }
    const name = bytesToHex(this.#machine.sha256(bundle));
    const frozen = this.#frozen.get(name) ?? (await this.#freeze(bundle.slice(), options.log));
    this.#frozen.delete(name);
    this.#frozen.set(name, frozen);
    for (const oldest of this.#frozen.keys()) {
      if (this.#frozen.size <= modulesKept) break;
      this.#frozen.delete(oldest);
    }
    return new WasmContract(frozen, options.log);
  }

  /** @throws SandboxError "bundle-refused". */
  async #freeze(bundle: Uint8Array, log: LoadOptions["log"]): Promise<Frozen> {
    let guest: Guest | undefined;
    try {
      const module = await hardenModule(bundle);
      const fresh = bytesOf(new Guest(module, { pagesMax: loadPages }).cells);
      guest = new Guest(module, { pagesMax: loadPages, log });
      const windows = guest.initialize(loadFuel);
      const image = takeImage(guest.cells, fresh, this.#machine);
      guest.open(windows);
      const manifest = describe(guest);
      checkFit(manifest, image, windows);
      const hash = contractHash(engineVersion, manifest, bundle);
      const { memoryPages } = manifest;
      return { module, windows, terms: { manifest, image, memoryPages, contractHash: hash, machine: this.#machine } };
    } catch (error) {
      throw new SandboxError("bundle-refused", faultSentence(error, guest?.remains));
    }
  }
}

/** What the contract declares. Whatever it does meanwhile is forgotten: the image is of before. */
function describe(guest: Guest): Manifest {
  const described = guest.ask({ call: "describe" }, loadFuel);
  return checkManifest(described.answer === "described" ? described.manifest : null);
}

/** Whether what the contract declares and what it has go together. @throws NonsenseError. */
function checkFit({ memoryPages, tables }: Manifest, image: Image, windows: Windows): void {
  const pages = image.memory.length / wasmPageLength;
  if (pages > memoryPages) {
    throw new NonsenseError(`memoryPages is ${memoryPages}, but the loaded contract alone takes ${pages}`);
  }
  const { length } = placeTables(tables);
  if (windows.tables.length !== length) {
    throw new NonsenseError(`the tables take ${length} bytes, but room_windows says ${windows.tables.length}`);
  }
}

class WasmContract implements LoadedContract {
  readonly #frozen: Frozen;
  readonly #log: LoadOptions["log"];
  readonly engine = engineVersion;

  constructor(frozen: Frozen, log: LoadOptions["log"]) {
    this.#frozen = frozen;
    this.#log = log;
  }

  get manifest(): Manifest {
    return this.#frozen.terms.manifest;
  }

  get hash(): Uint8Array {
    return this.#frozen.terms.contractHash;
  }

  instantiate(): WasmInstance {
    return new WasmInstance(this.#room(), this.#frozen.terms);
  }

  restore(snapshot: Uint8Array): WasmInstance {
    const { terms } = this.#frozen;
    const saved = readSnapshot(snapshot, terms);
    const guest = this.#room();
    putSnapshot(guest.cells, saved, terms.image);
    return new WasmInstance(guest, terms);
  }

  /** A room that begins: what the image holds, and no trace of any other room. */
  #room(): Guest {
    const { module, windows, terms } = this.#frozen;
    const guest = new Guest(module, { pagesMax: terms.memoryPages, log: this.#log });
    putImage(guest.cells, terms.image);
    guest.open(windows);
    return guest;
  }
}
