/**
 * How good a machine's versions are: Intel's matching of TCB levels (PCS API version 4, "Get TDX TCB Info", on how to
 * determine the status; `checkTcbLevel` and `convergeTcbStatuses` of Intel's verification library).
 */
import { demand } from "../errors.ts";
import type { TcbStatus } from "../verified.ts";
import type { PckExtension } from "./pck.ts";
import type { Judgement, SvnLevel, TcbLevel } from "./tcb-info.ts";

/**
 * The first level that the machine reaches in every component.
 *
 * @param levels best first.
 * @param teeTcbSvn a TD's; undefined for SGX.
 * @throws AttestationError "tcb-unknown".
 */
export function matchLevel(levels: readonly TcbLevel[], pck: PckExtension, teeTcbSvn?: Uint8Array): Judgement {
  const level = levels.find(
    ({ sgx, pceSvn, tdx }) =>
      reaches(pck.cpuSvn, sgx, 0) &&
      pck.pceSvn >= pceSvn &&
      (teeTcbSvn === undefined || reaches(teeTcbSvn, tdx, firstTdxComponent(teeTcbSvn))),
  );
  demand(level !== undefined, "tcb-unknown", "no TCB level matches");
  return level;
}

/** Components 0 and 1 are the TDX module's. If it has a version, its own identity judges them (`tdx/module.ts`). */
const firstTdxComponent = (teeTcbSvn: Uint8Array): number => (teeTcbSvn[1] === 0 ? 0 : 2);

const reaches = (actual: Uint8Array, wanted: readonly number[], first: number): boolean =>
  wanted.every((svn, i) => i < first || actual[i]! >= svn);

/** The first level that one security version reaches. */
export const judgeSvn = (isvSvn: number, levels: readonly SvnLevel[]): Judgement | undefined =>
  levels.find((level) => isvSvn >= level.isvSvn);

/** Whether the bits that the mask selects are the wanted ones. What is wanted outside of the mask is never there. */
export const equalUnderMask = (actual: Uint8Array, wanted: Uint8Array, mask: Uint8Array): boolean =>
  actual.every((byte, i) => (byte & mask[i]!) === wanted[i]);

/**
 * What several judgements come to together: what one of them lacks, the whole lacks (`convergeTcbStatuses`).
 * Whatever is out of date needs more than software hardening, so that is not said on top of it.
 */
export function combineStatuses(statuses: readonly TcbStatus[]): TcbStatus {
  const any = (...named: readonly TcbStatus[]): boolean => statuses.some((status) => named.includes(status));
  if (any("Revoked")) return "Revoked";
  const configuration = any("ConfigurationNeeded", "ConfigurationAndSWHardeningNeeded", "OutOfDateConfigurationNeeded");
  if (any("OutOfDate", "OutOfDateConfigurationNeeded")) {
    return configuration ? "OutOfDateConfigurationNeeded" : "OutOfDate";
  }
  const hardening = any("SWHardeningNeeded", "ConfigurationAndSWHardeningNeeded");
  if (configuration) return hardening ? "ConfigurationAndSWHardeningNeeded" : "ConfigurationNeeded";
  return hardening ? "SWHardeningNeeded" : "UpToDate";
}
