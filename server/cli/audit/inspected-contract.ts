/**
 * A contract that can be looked into: the author's own rules in the sandbox, with one viewer more, who sees everything.
 * For authors and their own logs; what a place runs has no such viewer.
 */
import { basename, resolve } from "node:path";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Value } from "#protocol/value.ts";
import { bundleScript } from "../build-script.ts";

export interface InspectedContract {
  /** Stands for the contract that was given: its name and hash, and the same course. */
  readonly contract: LoadedContract;
  /** What the room that was called last holds. */
  readonly state: () => Value;
}

/** A seat that nobody has: this viewer is shown the state. */
const insideSeat = -1;

/**
 * @param entry the source of `contract`, in TypeScript.
 * @throws BuildError.
 */
export async function inspectedContract(entry: string, contract: LoadedContract): Promise<InspectedContract> {
  const { bundle } = await bundleScript(resolve(entry), servedWithInside);
  const inside = await (await contractEngine()).load(bundle);
  let newest: Instance | undefined;
  const noted = (instance: Instance): Instance => (newest = new Noted(instance, (called) => (newest = called)));
  return {
    contract: {
      manifest: contract.manifest,
      engine: contract.engine,
      hash: contract.hash,
      instantiate: () => noted(inside.instantiate()),
      restore: (snapshot) => noted(inside.restore(snapshot)),
    },
    state() {
      const viewers = [{ kind: "player", id: "", seat: insideSeat } as const];
      const answer = newest?.call({ call: "view", tick: 0, viewers });
      return answer?.answer === "views" ? answer.views[0]! : null;
    },
  };
}

/** Tells which room was called last. */
class Noted implements Instance {
  readonly #instance: Instance;
  readonly #called: (instance: Instance) => void;

  constructor(instance: Instance, called: (instance: Instance) => void) {
    this.#instance = instance;
    this.#called = called;
  }

  call(call: Parameters<Instance["call"]>[0]): ReturnType<Instance["call"]> {
    this.#called(this);
    return this.#instance.call(call);
  }

  get usage(): Instance["usage"] {
    return this.#instance.usage;
  }

  tables(): Uint8Array {
    return this.#instance.tables();
  }

  fingerprint(): Uint8Array {
    return this.#instance.fingerprint();
  }

  snapshot(): Uint8Array {
    return this.#instance.snapshot();
  }

  close(): void {
    this.#instance.close();
  }
}

/** What is not a value of the protocol is shown as one that a person understands. */
const servedWithInside = (path: string): string => `
import { serve } from "phatroom/guest";
import * as author from ${JSON.stringify(`./${basename(path)}`)};
const isContract = (one) => typeof one === "object" && one !== null && typeof one.apply === "function";
const contract = author.default ?? Object.values(author).find(isContract);
const shown = (part, depth) => {
  if (part === null || typeof part === "boolean" || typeof part === "string") return part;
  if (typeof part === "number") return Number.isFinite(part) ? part : String(part);
  if (typeof part !== "object") return typeof part === "function" ? "(function)" : String(part);
  if (depth > 12) return "(deeper)";
  if (part instanceof Uint8Array) return part;
  if (part instanceof Map) return { "(map)": [...part].map((entry) => shown(entry, depth + 2)) };
  if (part instanceof Set) return { "(set)": [...part].map((item) => shown(item, depth + 2)) };
  if (Array.isArray(part) || ArrayBuffer.isView(part)) return Array.from(part, (item) => shown(item, depth + 1));
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, shown(item, depth + 1)]));
};
const view = (state, viewer) => (viewer.seat === ${insideSeat} ? shown(state, 0) : contract.view(state, viewer));
serve({ default: { ...contract, view } });
`;
