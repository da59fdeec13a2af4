/**
 * A loaded contract whose state a test can look at. An engine hides state, so beside it the same calls run in plain
 * Node, and both must give the same answers.
 */
import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";
import type { Answer, Call } from "#contract/abi.ts";
import type { Components } from "#contract/components.ts";
import type { AnyContract } from "#contract/contract.ts";
import { SandboxError, type Instance, type LoadedContract, type Usage } from "#enclave/sandbox/sandbox.ts";
import { Glimpse } from "./glimpse.ts";
import { inProcess, type InProcessInstance } from "./in-process.ts";

export interface Observed {
  readonly loaded: LoadedContract;
  /** The state of the newest instance. */
  readonly state: () => unknown;
  /** All rows of the newest instance. */
  readonly tables: () => Uint8Array;
  /** Runs a look at the rows of the newest instance, in plain Node. */
  readonly inside: <T>(look: () => T) => T;
}

/**
 * @param engine this same contract as an engine loaded it; without one it runs in plain Node only.
 * @param changed called with the state after every call that may have changed it.
 *
 * Calls of the result throw SandboxError "call-faulted" also where engine and plain Node differ.
 */
export function observe(contract: AnyContract, engine?: LoadedContract, changed?: (state: unknown) => void): Observed {
  const inNode = inProcess(contract);
  let newest: InProcessInstance | undefined;
  const note = (instance: InProcessInstance): InProcessInstance => {
    instance.changed = changed;
    return (newest = instance);
  };
  const state = (): unknown => newest?.state;
  const tables = (): Uint8Array => newest?.tables() ?? new Uint8Array(0);
  const inside = <T>(look: () => T): T => (newest === undefined ? look() : newest.inside(look));
  if (engine === undefined) {
    const loaded: LoadedContract = {
      ...inNode,
      instantiate: () => note(inNode.instantiate()),
      restore: (snapshot) => note(inNode.restore(snapshot)),
    };
    return { loaded, state, tables, inside };
  }
  const loaded: LoadedContract = {
    manifest: engine.manifest,
    engine: engine.engine,
    hash: engine.hash,
    instantiate: () => new PairedInstance(engine.instantiate(), note(inNode.instantiate())),
    restore: (snapshot) => {
      const [real, shadow] = deserialize(snapshot) as [Uint8Array, Uint8Array];
      return new PairedInstance(engine.restore(real), note(inNode.restore(shadow)));
    },
  };
  return { loaded, state, tables, inside };
}

/** What of a compiled contract a test can look at: its rows, which lie outside of what the engine hides. */
export interface CompiledContract {
  readonly loaded: LoadedContract;
  /** Those of its `components.ts`. */
  readonly components: Components;
}

/** A compiled contract, of whose state only rows can be seen: as state there is nothing. */
export function observeCompiled({ loaded, components }: CompiledContract, changed?: () => void): Observed {
  let newest: Instance | undefined;
  const tables = (): Uint8Array => newest?.tables() ?? new Uint8Array(0);
  let glimpse: Glimpse | undefined;
  const inside = <T>(look: () => T): T => {
    const region = tables();
    if (glimpse === undefined || !sameRegion(glimpse.region, region)) glimpse = new Glimpse(components, region);
    return glimpse.inside(look);
  };
  const note = (instance: Instance): Instance =>
    (newest = new WatchedInstance(instance, () => changed !== undefined && inside(changed)));
  return {
    loaded: {
      manifest: loaded.manifest,
      engine: loaded.engine,
      hash: loaded.hash,
      instantiate: () => note(loaded.instantiate()),
      restore: (snapshot) => note(loaded.restore(snapshot)),
    },
    state: () => undefined,
    tables,
    inside,
  };
}

const sameRegion = (a: Uint8Array, b: Uint8Array): boolean =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;

/** Tells of every call that may have changed something. */
class WatchedInstance implements Instance {
  readonly #engine: Instance;
  readonly #changed: () => void;
  /** As they were when it was closed: a room that sleeps still knows what it held. */
  #left: Uint8Array | undefined;

  constructor(engine: Instance, changed: () => void) {
    this.#engine = engine;
    this.#changed = changed;
  }

  call(call: Call): Answer {
    const answer = this.#engine.call(call);
    if (call.call !== "view" && call.call !== "describe") this.#changed();
    return answer;
  }

  tables(): Uint8Array {
    return this.#left ?? this.#engine.tables();
  }

  get usage(): Usage {
    return this.#engine.usage;
  }

  fingerprint(): Uint8Array {
    return this.#engine.fingerprint();
  }

  snapshot(): Uint8Array {
    return this.#engine.snapshot();
  }

  close(): void {
    this.#left ??= this.#engine.tables().slice();
    this.#engine.close();
  }
}

class PairedInstance implements Instance {
  readonly #engine: Instance;
  readonly #shadow: InProcessInstance;

  constructor(engine: Instance, shadow: InProcessInstance) {
    this.#engine = engine;
    this.#shadow = shadow;
  }

  call(call: Call): Answer {
    const expected = this.#shadow.call(call);
    const answer = this.#engine.call(call);
    const same = isDeepStrictEqual(answer, expected) && Buffer.compare(this.tables(), this.#shadow.tables()) === 0;
    if (same) return answer;
    throw new SandboxError("call-faulted", `engine and plain Node differ on ${JSON.stringify(call)}`);
  }

  tables(): Uint8Array {
    return this.#engine.tables();
  }

  get usage(): Usage {
    return this.#engine.usage;
  }

  fingerprint(): Uint8Array {
    return this.#engine.fingerprint();
  }

  snapshot(): Uint8Array {
    return serialize([this.#engine.snapshot(), this.#shadow.snapshot()]);
  }

  close(): void {
    this.#engine.close();
    this.#shadow.close();
  }
}
