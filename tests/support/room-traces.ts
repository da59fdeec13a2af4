/** Rooms replayed from their calls, as data that can be compared with what another machine made of them. */
import { decodeCall, encodeAnswer } from "#contract/abi.ts";
import { SandboxError, type Engine, type Instance } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";

export interface Trace {
  /** Of each call: the answer's bytes in hexadecimal, or "fault". */
  readonly answers: readonly string[];
  /** Fuel of each call, and pages after it. */
  readonly usage: readonly (readonly [fuel: number, pages: number])[];
  /** Of memory and globals after the last call; empty if it faulted. */
  readonly fingerprint: string;
}

export interface Traces {
  readonly engine: string;
  readonly hash: string;
  readonly rooms: readonly Trace[];
}

/** @param logs for each room its calls, encoded, in hexadecimal. */
export async function traceRooms(
  engine: Engine,
  bundle: Uint8Array,
  logs: readonly (readonly string[])[],
): Promise<Traces> {
  const contract = await engine.load(bundle);
  return {
    engine: contract.engine,
    hash: bytesToHex(contract.hash),
    rooms: logs.map((log) => traceRoom(contract.instantiate(), log)),
  };
}

function traceRoom(instance: Instance, log: readonly string[]): Trace {
  const answers: string[] = [];
  const usage: [number, number][] = [];
  for (const call of log) {
    const answer = answerOf(instance, call);
    answers.push(answer);
    usage.push([instance.usage.fuel, instance.usage.pages]);
    if (answer === fault) return { answers, usage, fingerprint: "" };
  }
  return { answers, usage, fingerprint: bytesToHex(instance.fingerprint()) };
}

const fault = "fault";

function answerOf(instance: Instance, call: string): string {
  try {
    return bytesToHex(encodeAnswer(instance.call(decodeCall(hexToBytes(call)))));
  } catch (error) {
    if (error instanceof SandboxError) return fault;
    throw error;
  }
}
