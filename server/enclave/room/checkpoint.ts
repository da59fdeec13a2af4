/**
 * An instance that outlives its own faults, and sleeps.
 *
 * A contract's memory may be torn after a fault, so the instance is thrown away. For the next call the last checkpoint is
 * restored and the calls since then are repeated without the one that faulted: determinism makes that the same room again.
 */
import type { Answer, Call } from "#contract/abi.ts";
import { manifestLimits } from "#protocol/manifest.ts";
import { MachineError } from "../sandbox/machine.ts";
import { SandboxError, type Instance, type LoadedContract } from "../sandbox/sandbox.ts";

/** Calls to repeat at most. A checkpoint costs about as much as a hundred small calls. */
const callsPerCheckpoint = 256;

/** Work to repeat at most, besides the newest call: neighbours wait for it as long as for one call of the largest budget. */
const fuelPerCheckpoint = manifestLimits.fuel;

/**
 * Rooms that open together would be saved together, and their neighbours wait for all of them. So each begins at another
 * place of its first interval: multiples of the golden ratio lie apart, however many there are.
 */
const apart = (Math.sqrt(5) - 1) / 2;
let opened = 0;

export class CheckpointedInstance {
  readonly #contract: LoadedContract;
  #instance: Instance | undefined;
  #checkpoint: Uint8Array | undefined;
  #since: Call[] = [];
  #spent = 0;
  /** Of the interval between two checkpoints; 1 is all of it. */
  #passed = (opened++ * apart) % 1;

  /** @param snapshot of the instance to go on with; without one it begins anew. */
  constructor(contract: LoadedContract, snapshot?: Uint8Array) {
    this.#contract = contract;
    this.#checkpoint = snapshot;
    this.#instance = snapshot === undefined ? contract.instantiate() : contract.restore(snapshot);
  }

  /** All it takes to go on elsewhere. */
  snapshot(): Uint8Array {
    if (this.#checkpoint !== undefined && this.#since.length === 0) return this.#checkpoint;
    return this.#takeCheckpoint(this.#awake());
  }

  /** The same for whoever made the same calls. */
  fingerprint(): Uint8Array {
    return this.#awake().fingerprint();
  }

  /** Fuel of all calls so far, those that were repeated from a log included. */
  get spent(): number {
    return this.#spent;
  }

  get asleep(): boolean {
    return this.#instance === undefined;
  }

  /**
   * One call that becomes part of the room's history.
   *
   * @throws SandboxError "call-faulted": the call did not happen and the room is as before it.
   * @throws MachineError if the machine gives out twice in a row: neither did it happen then.
   */
  call(call: Call): Answer {
    let answer: Answer;
    try {
      answer = this.#try(call);
    } catch (error) {
      if (!(error instanceof MachineError)) throw error;
      // No fault of the contract's. What was missing may be there again, now that the torn instance is gone.
      answer = this.#try(call);
    }
    const instance = this.#awake();
    this.#since.push(call);
    this.#spent += instance.usage.fuel;
    this.#passed += 1 / callsPerCheckpoint + instance.usage.fuel / fuelPerCheckpoint;
    if (this.#passed >= 1) this.#takeCheckpoint(instance);
    return answer;
  }

  /** The contract's tables, until the next call. */
  tables(): Uint8Array {
    return this.#awake().tables();
  }

  /** Gives the memory back until the next call. */
  sleep(): void {
    if (this.#instance === undefined) return;
    this.snapshot();
    this.#discard();
  }

  close(): void {
    this.#discard();
    this.#checkpoint = undefined;
    this.#since = [];
  }

  #try(call: Call): Answer {
    const instance = this.#awake();
    try {
      return instance.call(call);
    } catch (error) {
      this.#discard();
      throw error;
    }
  }

  #awake(): Instance {
    this.#instance ??= this.#restored();
    return this.#instance;
  }

  #discard(): void {
    this.#instance?.close();
    this.#instance = undefined;
  }

  #takeCheckpoint(instance: Instance): Uint8Array {
    this.#checkpoint = instance.snapshot();
    this.#since = [];
    this.#passed = 0;
    return this.#checkpoint;
  }

  #restored(): Instance {
    const instance =
      this.#checkpoint === undefined ? this.#contract.instantiate() : this.#contract.restore(this.#checkpoint);
    try {
      for (const call of this.#since) instance.call(call);
    } catch (error) {
      instance.close();
      if (error instanceof MachineError) throw error;
      // These calls went well once; if they no longer do, nothing this engine says can be trusted.
      throw new SandboxError("call-faulted", "the room could not be repeated from its last checkpoint");
    }
    // What was repeated is not repeated once more: a room that faults again and again costs no more than it spends.
    if (this.#since.length > 0) this.#takeCheckpoint(instance);
    return instance;
  }
}
