/**
 * How an enclave was built. Intel SDM volume 3D, sections 35.7.1 (ATTRIBUTES) and 35.7.2 (MISCSELECT).
 * Bits that we do not know must be zero: a later processor may give them a meaning that weakens the enclave.
 */
import { demand } from "../errors.ts";
import { isZero } from "../reader.ts";
import type { SgxReport } from "./report.ts";

const init = 0x01;
const debug = 0x02;
/** The key for launch tokens: of launch enclaves only, which are no workers. */
const einitTokenKey = 0x20;
/** MODE64BIT, PROVISIONKEY, CET, KSS; in the next byte AEXNOTIFY. */
const harmless: readonly [number, number] = [0x04 | 0x10 | 0x40 | 0x80, 0x04];
/** EXINFO, CPINFO: what the enclave itself is told about its faults. */
const miscSelectKnown = 0x03;

/** ATTRIBUTES.DEBUG */
export const isDebug = (report: SgxReport): boolean => (report.attributes[0]! & debug) !== 0;

/** @throws AttestationError "debug-enclave", "enclave-attributes". */
export function checkEnclaveAttributes(report: SgxReport): void {
  const [first, second, ...rest] = report.attributes.subarray(0, 8) as unknown as [number, number, ...number[]];
  demand(!isDebug(report), "debug-enclave");
  demand((first & init) !== 0, "enclave-attributes", "not initialised");
  demand((first & einitTokenKey) === 0, "enclave-attributes", "a launch enclave");
  const known = (first & ~(init | harmless[0])) === 0 && (second & ~harmless[1]) === 0;
  demand(known && rest.every((byte) => byte === 0), "enclave-attributes", "unknown attributes");
  const [misc, ...others] = report.miscSelect as unknown as [number, ...number[]];
  demand((misc & ~miscSelectKnown) === 0 && isZero(Uint8Array.from(others)), "enclave-attributes", "MISCSELECT");
}
