/** Leads an event log to the registers of a quote: `register' = SHA-384(register ‖ digest)` for each event, in order. */
import { sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { LoggedEvent } from "./event-log.ts";

/** Registers in hexadecimal, 96 digits each. */
export type Registers = readonly [string, string, string, string];

/** What the four runtime registers hold after these events. Intel "TDX Module ABI", TDG.MR.RTMR.EXTEND. */
export function replay(events: readonly LoggedEvent[]): Registers {
  const registers = [0, 1, 2, 3].map(() => new Uint8Array(48));
  for (const { imr, digest } of events) registers[imr] = sha384(concatBytes(registers[imr]!, digest));
  return registers.map(bytesToHex) as readonly string[] as Registers;
}

/** @throws AttestationError "event-log-mismatch" unless the log leads to exactly these registers. */
export function checkReplay(events: readonly LoggedEvent[], quoted: Registers): void {
  for (const [i, register] of replay(events).entries()) {
    demand(register === quoted[i], "event-log-mismatch", `RTMR${i}`);
  }
}
