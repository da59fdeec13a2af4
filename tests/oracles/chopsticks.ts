/**
 * The executor of `@acala-network/chopsticks-core` 1.5.1: smoldot's interpreter and trie, in Rust. It runs the same runtimes
 * with host functions of its own.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

export type Hex = `0x${string}`;

interface Executor {
  calculateStateRoot(entries: [Hex, Hex][], version: number): Promise<Hex>;
  decodeProof(root: Hex, nodes: Hex[]): Promise<Record<Hex, Hex>>;
  runTask(task: object, callback: object): Promise<Answer>;
  destroyWorker(): Promise<void>;
}

type Answer =
  | { readonly Call: { readonly result: Hex; readonly storageDiff: readonly (readonly [Hex, Hex | undefined])[] } }
  | { readonly Error: string };

const file = new URL("node_modules/@acala-network/chopsticks-core/dist/cjs/wasm-executor/index.js", import.meta.url);

/** Why it cannot be used; undefined if it can. */
export const missing = existsSync(file)
  ? undefined
  : "@acala-network/chopsticks-core is not installed: npm ci --prefix tests/oracles";

/** State that is asked for while a call runs. */
export interface Reader {
  get(key: Hex): Hex | undefined;
  /** The smallest key above this one. */
  next(key: Hex): Hex | undefined;
}

export interface Chopsticks {
  stateRoot(entries: [Hex, Hex][], version: 0 | 1): Promise<Hex>;
  /** What a read proof shows: keys with their values. */
  proven(root: Hex, proof: Hex[]): Promise<Record<Hex, Hex>>;
  /** Calls of a runtime, one after the other on what the ones before left. @returns the last one's result, and all changes. */
  run(code: Hex, calls: [string, Hex[]][], state: Reader): Promise<{ result: Hex; changes: Map<Hex, Hex | null> }>;
  close(): Promise<void>;
}

export function chopsticks(): Chopsticks {
  // Its logger takes this variable for its own, and fails over values that it does not know.
  delete process.env["LOG_LEVEL"];
  // It brings @polkadot/util in another form than the tests have it.
  process.env["POLKADOTJS_DISABLE_ESM_CJS_WARNING"] = "1";
  const executor = createRequire(import.meta.url)(file.pathname) as Executor;
  return {
    stateRoot: (entries, version) => executor.calculateStateRoot(entries, version),
    proven: (root, proof) => executor.decodeProof(root, proof),
    async run(code, calls, state) {
      const task = { wasm: code, calls, mockSignatureHost: false, allowUnresolvedImports: true, runtimeLogLevel: 0 };
      const answer = await executor.runTask(task, {
        getStorage: (key: Hex) => Promise.resolve(state.get(key)),
        getNextKey: (prefix: Hex, key: Hex) => {
          const next = state.next(key);
          return Promise.resolve(next?.startsWith(prefix) === true ? next : undefined);
        },
      });
      if ("Error" in answer) throw new Error(answer.Error);
      // What was removed is undefined.
      const changes = answer.Call.storageDiff.map(([key, value]) => [key, value ?? null] as const);
      return { result: answer.Call.result, changes: new Map(changes) };
    },
    close: () => executor.destroyWorker(),
  };
}
