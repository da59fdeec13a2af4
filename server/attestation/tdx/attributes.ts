/**
 * How a TD was started. Intel "TDX Module Base Architecture Specification", sections on TD attributes and XFAM.
 * Bits that we do not know must be zero: a later module may give them a meaning that weakens the TD.
 */
import { demand } from "../errors.ts";
import { isZero } from "../reader.ts";
import type { TdReport } from "./report.ts";

/** ATTRIBUTES.TUD, bits 0 to 7: debugging and profiling from outside. */
const underDebug = 0xffn;

/** Without it, a host that takes memory away could make the TD read what it did not write. */
const septVeDisable = 1n << 28n;

/** Protection keys for the guest's own kernel, and performance counters within the guest. */
const harmless = (1n << 30n) | (1n << 63n);

/** XFAM: x87 and SSE are always there; the others are what TDX modules offer to a guest. */
const xfamNeeded = 0x3n;
const xfamKnown = 0x6_dbe7n;

/** @throws AttestationError "debug-enclave", "td-attributes". */
export function checkTdAttributes(report: TdReport): void {
  const attributes = u64(report.tdAttributes);
  demand((attributes & underDebug) === 0n, "debug-enclave");
  demand((attributes & septVeDisable) !== 0n, "td-attributes", "SEPT_VE_DISABLE is off");
  demand((attributes & ~(septVeDisable | harmless)) === 0n, "td-attributes", "unknown or unsafe attributes");
  const xfam = u64(report.xfam);
  demand((xfam & xfamNeeded) === xfamNeeded && (xfam & ~xfamKnown) === 0n, "td-attributes", "XFAM");
  // A service TD may migrate this one, memory and all.
  demand(report.later === undefined || isZero(report.later.mrServiceTd), "td-attributes", "bound to a service TD");
}

function u64(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
}
