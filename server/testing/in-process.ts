/**
 * A contract behind the sandbox's interface but in plain Node, so that breakpoints and stacks work. Isolates nothing.
 *
 * It is stricter than the sandbox where that helps an author: a view that changes state and a refusal that is not clean
 * fault the room.
 */
import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";
import { encodeManifest, checkManifest } from "#protocol/manifest.ts";
import { decodeMsgpack } from "#protocol/msgpack.ts";
import { decodeCall, encodeAnswer, encodeCall, type Answer, type Call } from "#contract/abi.ts";
import type { AnyContract } from "#contract/contract.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import { SandboxError, type Instance, type LoadedContract, type Usage } from "#enclave/sandbox/sandbox.ts";

export interface InProcessContract extends LoadedContract {
  instantiate(): InProcessInstance;
  restore(snapshot: Uint8Array): InProcessInstance;
}

/**
 * Loads a contract object as the sandbox would load its bundle.
 *
 * @throws SandboxError "bundle-refused" if it is no contract or its manifest is not valid; `detail` says why.
 */
export function inProcess(contract: AnyContract): InProcessContract {
  const manifest = bundled(() => {
    const described = new ContractRuntime(contract).answer({ call: "describe" });
    return checkManifest(described.answer === "described" ? described.manifest : null);
  });
  return {
    manifest,
    engine: "in process",
    // No bundle, hence no contract hash that a client would accept: this label is not that of `contractHash`.
    hash: sha256(lengthPrefixed("phatroom/1/in-process", encodeManifest(manifest))),
    instantiate: () => new InProcessInstance(contract),
    restore: (snapshot) => InProcessInstance.replay(contract, snapshot),
  };
}

function bundled<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw new SandboxError("bundle-refused", detailOf(error));
  }
}

export class InProcessInstance implements Instance {
  readonly #runtime: ContractRuntime;
  /** A room is a function of its input log, so the log is the snapshot: no demand on what the state is made of. */
  readonly #log: Uint8Array[] = [];
  #broken = false;
  /** Called after every call that may have changed the state. */
  changed: ((state: unknown) => void) | undefined;

  constructor(contract: AnyContract) {
    this.#runtime = new ContractRuntime(contract);
  }

  static replay(contract: AnyContract, snapshot: Uint8Array): InProcessInstance {
    const instance = new InProcessInstance(contract);
    let log: unknown;
    try {
      log = deserialize(snapshot);
    } catch {
      throw new SandboxError("snapshot-refused", "not a snapshot of this kit");
    }
    if (!Array.isArray(log)) throw new SandboxError("snapshot-refused", "not a snapshot of this kit");
    for (const call of log as Uint8Array[]) instance.call(decodeCall(call));
    return instance;
  }

  /** What the contract holds now. The thing itself: for looking, not for changing. */
  get state(): unknown {
    return this.#runtime.state;
  }

  call(call: Call): Answer {
    if (this.#broken) throw new SandboxError("call-faulted", "this instance has faulted before");
    const bytes = encodeCall(call);
    let answer: Answer;
    try {
      const before = call.call === "view" || call.call === "move" ? stateBytes(this.#runtime.state) : undefined;
      // Through bytes and back, as in the sandbox: what does not survive that must not work here either.
      answer = decodeMsgpack(encodeAnswer(this.#runtime.answer(decodeCall(bytes))), answerDepthMax) as Answer;
      if (before !== undefined) checkUnchanged(call, answer, before, this.#runtime.state);
    } catch (error) {
      this.#broken = true;
      throw error instanceof SandboxError ? error : new SandboxError("call-faulted", detailOf(error));
    }
    if (call.call === "view" || call.call === "describe") return answer;
    this.#log.push(bytes);
    this.changed?.(this.#runtime.state);
    return answer;
  }

  snapshot(): Uint8Array {
    return serialize(this.#log);
  }

  /** Nothing is counted in plain Node. */
  get usage(): Usage {
    return { fuel: 0, pages: 0 };
  }

  fingerprint(): Uint8Array {
    return sha256(stateBytes(this.state));
  }

  close(): void {
    this.#broken = true;
  }
}

/** A value tree inside an effect inside an answer. */
const answerDepthMax = 24;

function stateBytes(state: unknown): Uint8Array {
  try {
    return serialize(state);
  } catch {
    throw new SandboxError("call-faulted", "the state holds what cannot be compared, such as a function");
  }
}

function checkUnchanged(call: Call, answer: Answer, before: Uint8Array, state: unknown): void {
  const refused = answer.answer === "done" && answer.reason !== null;
  if (call.call === "move" && !refused) return;
  const after = stateBytes(state);
  // Equal bytes settle it quickly; other bytes may still be the same values in another internal form.
  if (Buffer.compare(before, after) === 0 || isDeepStrictEqual(deserialize(before), deserialize(after))) return;
  throw new TypeError(
    call.call === "view" ? "view changed the state" : "a refused move changed the state: refuse before the first write",
  );
}

const detailOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
