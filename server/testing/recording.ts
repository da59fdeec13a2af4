/**
 * What a room asked its contract, call by call: for `phatroom build --profile`, or to play it again.
 *
 * ```text
 * { "calls": ["83a463616c6c…", …] }      each call as in the ABI, in hex
 * ```
 *
 * Calls that ended early are among them; they did not happen, and whoever plays the recording finds that out again.
 */
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { isRecord } from "#protocol/value.ts";
import { decodeCall, encodeCall, type Answer, type Call } from "#contract/abi.ts";
import type { Instance, LoadedContract, Usage } from "#enclave/sandbox/sandbox.ts";

export const encodeRecording = (calls: readonly Call[]): string =>
  `${JSON.stringify({ calls: calls.map((call) => bytesToHex(encodeCall(call))) })}\n`;

/** @throws TypeError if this is no recording; the message says what is wrong. */
export function decodeRecording(text: string): Call[] {
  const recording = parsed(text);
  if (!isRecord(recording) || !Array.isArray(recording["calls"])) throw new TypeError('no list of "calls"');
  return recording["calls"].map((call: unknown, i) => {
    try {
      return checkedCall(decodeCall(hexToBytes(String(call))));
    } catch {
      throw new TypeError(`number ${i + 1} of its calls is none`);
    }
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError("not JSON");
  }
}

const kinds: readonly string[] = [
  "open",
  "join",
  "leave",
  "dropped",
  "returned",
  "move",
  "tick",
  "timer",
  "answer",
  "items",
  "consumed",
  "abandon",
  "view",
] satisfies Call["call"][];

/** What those who make calls look at; all else is between the call and the contract. */
function checkedCall(call: Call): Call {
  if (!kinds.includes(call.call) || (call.call === "view" && !Array.isArray(call.viewers)))
    throw new TypeError("no call");
  return call;
}

/** Stands between one room and its contract. */
export class Recorder {
  readonly contract: LoadedContract;
  readonly #made: Call[] = [];
  readonly #happened = new Set<Call>();

  constructor(contract: LoadedContract) {
    this.contract = {
      manifest: contract.manifest,
      engine: contract.engine,
      hash: contract.hash,
      instantiate: () => new RecordedInstance(contract.instantiate(), this),
      restore: (snapshot) => new RecordedInstance(contract.restore(snapshot), this),
    };
  }

  get calls(): readonly Call[] {
    return this.#made;
  }

  make(call: Call, instance: Instance): Answer {
    // After a fault a room repeats calls that happened, the very same objects: that is how it goes on, not what it was asked.
    if (this.#happened.has(call)) return instance.call(call);
    this.#made.push(call);
    const answer = instance.call(call);
    this.#happened.add(call);
    return answer;
  }
}

class RecordedInstance implements Instance {
  readonly #instance: Instance;
  readonly #recorder: Recorder;

  constructor(instance: Instance, recorder: Recorder) {
    this.#instance = instance;
    this.#recorder = recorder;
  }

  call(call: Call): Answer {
    return this.#recorder.make(call, this.#instance);
  }

  get usage(): Usage {
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
