/** The engine that runs contracts written in TypeScript: QuickJS in WebAssembly, one memory for each room. */
import { bytesToHex } from "#protocol/bytes.ts";
import { bundleLengthMax } from "#protocol/limits.ts";
import { checkManifest, contractHash, manifestLimits, type Manifest } from "#protocol/manifest.ts";
import { placeTables } from "#protocol/tables.ts";
import type { Machine } from "../machine.ts";
import { SandboxError, type Engine, type LoadedContract, type LoadOptions } from "../sandbox.ts";
import { putSnapshot, readSnapshot } from "../snapshot.ts";
import { engineVersion, type QuickJsModule } from "./binary.ts";
import { evaluate, giveTables, type Evaluated } from "./evaluate.ts";
import { faultSentence } from "./fault.ts";
import { freeze, thaw } from "./freeze.ts";
import { Host } from "./host.ts";
import { answerOf, QuickJsInstance, type Terms } from "./instance.ts";
import { loadPages } from "./limits.ts";
import { explainStack } from "./stack.ts";

/** Images kept for bundles that are loaded again: more than a worker hosts, so that only development drops any. */
const imagesKept = 32;

type Loaded = Omit<Terms, "explain">;
type Explain = Terms["explain"];

/** Runs wherever there is WebAssembly: what it takes from the machine is passed in. */
export const quickJsEngine = (module: QuickJsModule, machine: Machine): Engine => new QuickJsEngine(module, machine);

class QuickJsEngine implements Engine {
  readonly #module: QuickJsModule;
  readonly #machine: Machine;
  readonly #loaded = new Map<string, Loaded>();

  constructor(module: QuickJsModule, machine: Machine) {
    this.#module = module;
    this.#machine = machine;
  }

  async load(bundle: Uint8Array, { sourceMap, log }: LoadOptions = {}): Promise<LoadedContract> {
    if (bundle.length > bundleLengthMax) {
      throw new SandboxError("bundle-refused", `${bundle.length} bytes are more than ${bundleLengthMax}`);
    }
    const place = sourceMap === undefined ? undefined : this.#machine.sourceMap?.(sourceMap);
    const explain: Explain = place === undefined ? (detail) => detail : (detail) => explainStack(detail, place);
    const name = bytesToHex(this.#machine.sha256(bundle));
    const loaded = this.#loaded.get(name) ?? this.#load(bundle.slice(), explain, log);
    this.#loaded.delete(name);
    this.#loaded.set(name, loaded);
    for (const oldest of this.#loaded.keys()) {
      if (this.#loaded.size <= imagesKept) break;
      this.#loaded.delete(oldest);
    }
    return new QuickJsContract({ ...loaded, explain }, log);
  }

  /** @throws SandboxError "bundle-refused". */
  #load(bundle: Uint8Array, explain: Explain, log: LoadOptions["log"]): Loaded {
    const module = this.#module;
    const machine = this.#machine;
    const host = new Host(module, { pagesMax: loadPages, log });
    try {
      const evaluated = evaluate(host, module, bundle);
      const manifest = describe(host, evaluated);
      const addresses = giveTables(host, evaluated, placeTables(manifest.tables).length);
      // Once more: the bundle finds its tables in the first call after they are there, and what it then makes of them
      // every room is to have from the start.
      if (addresses.tables.length > 0) describe(host, evaluated);
      const { memoryPages } = manifest;
      const frozen = freeze(module, { host, addresses }, memoryPages, machine);
      const hash = contractHash(engineVersion, manifest, bundle);
      return { frozen, image: frozen.image, manifest, memoryPages, contractHash: hash, machine };
    } catch (error) {
      throw new SandboxError("bundle-refused", explain(faultSentence(error, host)));
    }
  }
}

function describe(host: Host, evaluated: Evaluated): Manifest {
  const described = answerOf(host, evaluated, { call: "describe" }, { hz: 1, fuel: manifestLimits.fuel });
  return checkManifest(described.answer === "described" ? described.manifest : null);
}

class QuickJsContract implements LoadedContract {
  readonly #terms: Terms;
  readonly #log: LoadOptions["log"];
  readonly engine = engineVersion;

  constructor(terms: Terms, log: LoadOptions["log"]) {
    this.#terms = terms;
    this.#log = log;
  }

  get manifest(): Manifest {
    return this.#terms.manifest;
  }

  get hash(): Uint8Array {
    return this.#terms.contractHash;
  }

  instantiate(): QuickJsInstance {
    return new QuickJsInstance(this.#room(), this.#terms);
  }

  restore(snapshot: Uint8Array): QuickJsInstance {
    const saved = readSnapshot(snapshot, this.#terms);
    const host = this.#room();
    putSnapshot(host.cells, saved, this.#terms.image);
    return new QuickJsInstance(host, this.#terms);
  }

  #room(): Host {
    return thaw(this.#terms.frozen, { pagesMax: this.#terms.memoryPages, log: this.#log });
  }
}
