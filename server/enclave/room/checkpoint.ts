/**
 * An instance that outlives its own faults, and sleeps.
 *
 * A contract's memory may be torn after a fault, so the instance is thrown away, the last checkpoint restored and the
 * calls since then repeated without the one that faulted. Determinism makes that the same room again.
 */
import type { Answer, Call } from "#contract/abi.ts";
import { SandboxError, type Instance, type LoadedContract } from "../sandbox/sandbox.ts";

/** Calls to repeat at most. A checkpoint costs about as much as a hundred small calls. */
const callsPerCheckpoint = 256;

export class CheckpointedInstance {
  readonly #contract: LoadedContract;
  #instance: Instance | undefined;
  #checkpoint: Uint8Array | undefined;
  #since: Call[] = [];

  /** @param snapshot of the instance to go on with; without one it begins anew. */
  constructor(contract: LoadedContract, snapshot?: Uint8Array) {
    this.#contract = contract;
    this.#checkpoint = snapshot;
    this.#instance = snapshot === undefined ? contract.instantiate() : contract.restore(snapshot);
  }

  /** All it takes to go on elsewhere. */
  snapshot(): Uint8Array {
    if (this.#instance !== undefined) this.#takeCheckpoint();
    return this.#checkpoint!;
  }

  get asleep(): boolean {
    return this.#instance === undefined;
  }

  /**
   * One call that becomes part of the room's history.
   *
   * @throws SandboxError "call-faulted": the call did not happen and the room is as before it.
   */
  call(call: Call): Answer {
    let answer: Answer;
    try {
      answer = this.#awake().call(call);
    } catch (fault) {
      this.#restore();
      throw fault;
    }
    this.#since.push(call);
    if (this.#since.length >= callsPerCheckpoint) this.#takeCheckpoint();
    return answer;
  }

  /** Gives the memory back until the next call. */
  sleep(): void {
    if (this.#instance === undefined) return;
    this.#takeCheckpoint();
    this.#instance.close();
    this.#instance = undefined;
  }

  close(): void {
    this.#instance?.close();
    this.#instance = undefined;
    this.#checkpoint = undefined;
    this.#since = [];
  }

  #awake(): Instance {
    if (this.#instance === undefined) this.#restore();
    return this.#instance!;
  }

  #takeCheckpoint(): void {
    this.#checkpoint = this.#instance!.snapshot();
    this.#since = [];
  }

  #restore(): void {
    this.#instance?.close();
    this.#instance = undefined;
    const instance =
      this.#checkpoint === undefined ? this.#contract.instantiate() : this.#contract.restore(this.#checkpoint);
    try {
      for (const call of this.#since) instance.call(call);
    } catch {
      // These calls went well once; if they no longer do, nothing this engine says can be trusted.
      instance.close();
      throw new SandboxError("call-faulted", "the room could not be repeated from its last checkpoint");
    }
    this.#instance = instance;
  }
}
