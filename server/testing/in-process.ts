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
import { RoomTables } from "#contract/room-tables.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import { describeContract } from "#contract/describe.ts";
import { inputWriter, type InputWriter } from "#enclave/sandbox/input-rows.ts";
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
  readonly #tables: RoomTables;
  readonly #write: InputWriter;
  /** A room is a function of its input log, so the log is the snapshot: no demand on what the state is made of. */
  readonly #log: Uint8Array[] = [];
  #broken = false;
  /** Called after every call that may have changed the state, where the components are this room's. */
  changed: ((state: unknown) => void) | undefined;

  constructor(contract: AnyContract) {
    this.#runtime = new ContractRuntime(contract);
    this.#write = inputWriter(describeContract(contract));
    const components = contract.components ?? {};
    this.#tables = new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));
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

  /** Looks at this room's rows: inside `look`, components are those of this room. */
  inside<T>(look: () => T): T {
    this.#tables.show();
    try {
      return look();
    } finally {
      this.#tables.hide();
    }
  }

  call(call: Call): Answer {
    if (this.#broken) throw new SandboxError("call-faulted", "this instance has faulted before");
    const bytes = encodeCall(call);
    let answer: Answer;
    try {
      const before = call.call === "view" || call.call === "move" ? this.#held() : undefined;
      // Through bytes and back, as in the sandbox: what does not survive that must not work here either.
      const written = this.#write(decodeCall(bytes), () => this.#tables.region);
      const given = this.inside(() => encodeAnswer(this.#runtime.answer(written)));
      answer = decodeMsgpack(given, answerDepthMax) as Answer;
      if (before !== undefined) checkUnchanged(call, answer, before, this.#held());
    } catch (error) {
      this.#broken = true;
      throw error instanceof SandboxError ? error : new SandboxError("call-faulted", detailOf(error));
    }
    if (call.call === "view" || call.call === "describe") return answer;
    this.#log.push(bytes);
    this.inside(() => this.changed?.(this.#runtime.state));
    return answer;
  }

  snapshot(): Uint8Array {
    return serialize(this.#log);
  }

  /** Nothing is counted in plain Node. */
  get usage(): Usage {
    return { fuel: 0, pages: 0 };
  }

  tables(): Uint8Array {
    return this.#tables.region;
  }

  fingerprint(): Uint8Array {
    const { state, tables } = this.#held();
    return sha256(lengthPrefixed(state, tables));
  }

  close(): void {
    this.#broken = true;
  }

  #held(): Held {
    return { state: stateBytes(this.state), tables: this.#tables.region.slice() };
  }
}

/** All that a room holds at one moment. */
interface Held {
  readonly state: Uint8Array;
  readonly tables: Uint8Array;
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

function checkUnchanged(call: Call, answer: Answer, before: Held, after: Held): void {
  const refused = answer.answer === "done" && answer.reason !== null;
  if (call.call === "move" && !refused) return;
  const sameTables = Buffer.compare(before.tables, after.tables) === 0;
  // Equal bytes settle it quickly; other bytes may still be the same values in another internal form.
  const sameState = (): boolean =>
    Buffer.compare(before.state, after.state) === 0 ||
    isDeepStrictEqual(deserialize(before.state), deserialize(after.state));
  if (sameTables && sameState()) return;
  throw new TypeError(
    call.call === "view" ? "view changed the state" : "a refused move changed the state: refuse before the first write",
  );
}

const detailOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
