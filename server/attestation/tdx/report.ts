/**
 * What hardware says about a TD, 584 bytes in TDX 1.0 and 648 in 1.5.
 * Intel "TDX DCAP Quoting Library API", appendix A.3.2 (TD quote body) and A.4 (version 5).
 */
import type { Reader } from "../reader.ts";

export const td10Length = 584;
export const td15Length = 648;

export interface TdReport {
  /** Security versions when the TD was launched: 0 and 1 of the TDX module, 2 and up of what is below it. */
  readonly teeTcbSvn: Uint8Array;
  readonly mrSeam: Uint8Array;
  readonly mrSignerSeam: Uint8Array;
  readonly seamAttributes: Uint8Array;
  readonly tdAttributes: Uint8Array;
  readonly xfam: Uint8Array;
  readonly mrTd: Uint8Array;
  readonly mrConfigId: Uint8Array;
  readonly mrOwner: Uint8Array;
  readonly mrOwnerConfig: Uint8Array;
  readonly rtmr: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  readonly reportData: Uint8Array;
  /** TDX 1.5 only. */
  readonly later?: {
    /** TEE_TCB_SVN_2: security versions now, after updates of the module under the running TD. */
    readonly teeTcbSvn: Uint8Array;
    /** The service TD bound to this one, which could move it. */
    readonly mrServiceTd: Uint8Array;
  };
}

export function readTdReport(reader: Reader, length: typeof td10Length | typeof td15Length): TdReport {
  const report = {
    teeTcbSvn: reader.take(16),
    mrSeam: reader.take(48),
    mrSignerSeam: reader.take(48),
    seamAttributes: reader.take(8),
    tdAttributes: reader.take(8),
    xfam: reader.take(8),
    mrTd: reader.take(48),
    mrConfigId: reader.take(48),
    mrOwner: reader.take(48),
    mrOwnerConfig: reader.take(48),
    rtmr: [reader.take(48), reader.take(48), reader.take(48), reader.take(48)] as const,
    reportData: reader.take(64),
  };
  if (length === td10Length) return report;
  return { ...report, later: { teeTcbSvn: reader.take(16), mrServiceTd: reader.take(48) } };
}
