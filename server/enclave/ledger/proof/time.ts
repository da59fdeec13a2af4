/** How old what is known about a chain is: by the time that its newest final block says, which never goes back. */
import { demand } from "./errors.ts";
import { ScaleReader } from "./scale.ts";

/** Of `Timestamp.Now`. Milliseconds since 1970. @throws ProofError "time-missing", "time-malformed". */
export function decodeTime(value: Uint8Array | undefined): number {
  demand(value !== undefined, "time-missing");
  const reader = new ScaleReader(value, "time-malformed");
  const time = reader.u64();
  reader.end();
  demand(time <= BigInt(Number.MAX_SAFE_INTEGER), "time-malformed");
  return Number(time);
}

/** @returns the later one. @throws ProofError "time-backwards". */
export function laterTime(before: number, now: number): number {
  demand(now >= before, "time-backwards", `${now} after ${before}`);
  return now;
}
