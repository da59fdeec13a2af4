/** The input log of a room with what it cost and what it left: bytes and numbers that every machine must find again. */
import { decodeCall, encodeCall, type Call } from "#contract/abi.ts";
import { SandboxError, type Engine, type Instance } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";

/** In a file: bundle and calls stay what they were when the log was recorded, whatever becomes of the contract's source. */
export interface RecordedLog extends Replayed {
  readonly about: string;
  readonly bundle: string;
  /** Encoded as in the ABI. */
  readonly calls: readonly string[];
}

/** What a machine finds. All in hex. */
export interface Replayed {
  readonly engine: string;
  readonly contract: string;
  /** Of each call; below zero if it faulted. */
  readonly fuel: readonly number[];
  /** Of memory and globals, when all is over. */
  readonly fingerprint: string;
}

export interface ReplayOptions {
  /** Saves and restores the room after so many calls, again and again. */
  readonly restoreEvery?: number;
}

export async function replay(
  engine: Engine,
  { bundle, calls }: Pick<RecordedLog, "bundle" | "calls">,
  { restoreEvery = Infinity }: ReplayOptions = {},
): Promise<Replayed> {
  const contract = await engine.load(hexToBytes(bundle));
  let room: Instance = contract.instantiate();
  const happened: Call[] = [];
  const fuel: number[] = [];
  for (const [i, bytes] of calls.entries()) {
    const call = decodeCall(hexToBytes(bytes));
    try {
      room.call(call);
      happened.push(call);
      fuel.push(room.usage.fuel);
    } catch (fault) {
      if (!(fault instanceof SandboxError)) throw fault;
      fuel.push(-room.usage.fuel);
      // As in a room: what faulted has not happened.
      room = contract.instantiate();
      for (const earlier of happened) room.call(earlier);
    }
    if (i % restoreEvery === restoreEvery - 1) room = contract.restore(room.snapshot());
  }
  return {
    engine: contract.engine,
    contract: bytesToHex(contract.hash),
    fuel,
    fingerprint: bytesToHex(room.fingerprint()),
  };
}

export const hexOfCalls = (calls: readonly Call[]): string[] => calls.map((call) => bytesToHex(encodeCall(call)));
