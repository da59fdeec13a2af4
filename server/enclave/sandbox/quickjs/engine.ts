/** The engine that runs contracts written in TypeScript: QuickJS in WebAssembly, one memory for each room. */
import { bytesToHex } from "#protocol/bytes.ts";
import { bundleLengthMax } from "#protocol/limits.ts";
import { checkManifest, contractHash, manifestLimits, type Manifest } from "#protocol/manifest.ts";
import type { Machine } from "../machine.ts";
import { nodeMachine } from "../node-machine.ts";
import { SandboxError, type Engine, type LoadedContract, type LoadOptions } from "../sandbox.ts";
import { putSnapshot, readSnapshot } from "../snapshot.ts";
import { engineVersion, quickJsModule } from "./binary.ts";
import { evaluate, freeze, thaw } from "./image.ts";
import { answerOf, detailOf, QuickJsInstance, snapshotTerms, type Terms } from "./instance.ts";
import { stackExplainer } from "./stack.ts";

/** Images kept for bundles that are loaded again: more than a worker hosts, so that only development drops any. */
const imagesKept = 32;

type Kept = Omit<Terms, "explain">;

/** @throws Error if the installed QuickJS is not the pinned one. */
export async function quickJsEngine(): Promise<Engine> {
  return new QuickJsEngine(await quickJsModule());
}

class QuickJsEngine implements Engine {
  readonly #module: WebAssembly.Module;
  readonly #machine: Machine = nodeMachine;
  readonly #frozen = new Map<string, Kept>();

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  async load(bundle: Uint8Array, options: LoadOptions = {}): Promise<LoadedContract> {
    if (bundle.length > bundleLengthMax) {
      throw new SandboxError("bundle-refused", `${bundle.length} bytes are more than ${bundleLengthMax}`);
    }
    const explain = options.sourceMap === undefined ? (detail: string) => detail : stackExplainer(options.sourceMap);
    const name = bytesToHex(this.#machine.sha256(bundle));
    const frozen = this.#frozen.get(name) ?? freezeBundle(this.#module, this.#machine, bundle, explain, options);
    this.#frozen.delete(name);
    this.#frozen.set(name, frozen);
    for (const oldest of this.#frozen.keys()) {
      if (this.#frozen.size <= imagesKept) break;
      this.#frozen.delete(oldest);
    }
    return new QuickJsContract({ ...frozen, explain }, options.log);
  }
}

/** @throws SandboxError "bundle-refused". */
function freezeBundle(
  module: WebAssembly.Module,
  machine: Machine,
  bundle: Uint8Array,
  explain: Terms["explain"],
  options: LoadOptions,
): Kept {
  // Nothing may tell this copy of the bundle from the caller's.
  const bytes = bundle.slice();
  const limits = { hz: 1, fuel: manifestLimits.fuel, memoryPages: manifestLimits.memoryPages };
  try {
    const evaluated = evaluate(module, bytes, options);
    const described = answerOf(evaluated.host, evaluated.addresses, { call: "describe" }, limits);
    const manifest = checkManifest(described.answer === "described" ? described.manifest : null);
    const frozen = freeze(module, evaluated, manifest.memoryPages, machine);
    return { frozen, manifest, machine, hash: contractHash(engineVersion, manifest, bytes) };
  } catch (error) {
    throw new SandboxError("bundle-refused", explain(detailOf(error)));
  }
}

class QuickJsContract implements LoadedContract {
  readonly #terms: Terms;
  readonly #log: ((line: string) => void) | undefined;

  constructor(terms: Terms, log: ((line: string) => void) | undefined) {
    this.#terms = terms;
    this.#log = log;
  }

  get manifest(): Manifest {
    return this.#terms.manifest;
  }

  readonly engine = engineVersion;

  get hash(): Uint8Array {
    return this.#terms.hash;
  }

  instantiate(): QuickJsInstance {
    return new QuickJsInstance(thaw(this.#terms.frozen, { log: this.#log }), this.#terms);
  }

  restore(snapshot: Uint8Array): QuickJsInstance {
    const { frozen } = this.#terms;
    const saved = readSnapshot(snapshot, snapshotTerms(this.#terms));
    const host = thaw(frozen, { log: this.#log });
    putSnapshot(host.cells, saved, frozen.image);
    return new QuickJsInstance(host, this.#terms);
  }
}
