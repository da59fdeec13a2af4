/**
 * The TDX module that isolates TDs from the host must be one that Intel vouches for.
 * Intel PCS API, "Get TDX TCB Info": tdxModule, tdxModuleIdentities.
 */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { isZero } from "../reader.ts";
import type { Judgement, TcbInfo } from "../dcap/tcb-info.ts";
import { equalUnderMask, judgeSvn } from "../dcap/tcb.ts";
import type { TdReport } from "./report.ts";

/**
 * Modules before 1.5 have no version of their own: their TCB level judges them. Later ones are judged by the identity
 * named for their version.
 *
 * @param teeTcbSvn the report's, at launch or now.
 * @returns nothing if the TCB level is all there is.
 * @throws AttestationError "tdx-module".
 */
export function judgeModule(report: TdReport, teeTcbSvn: Uint8Array, info: TcbInfo): readonly Judgement[] {
  const [svn, version] = teeTcbSvn as unknown as [number, number];
  const name = `TDX_${version.toString(16).toUpperCase().padStart(2, "0")}`;
  const versioned = version === 0 ? undefined : info.moduleVersions.get(name);
  const identity = version === 0 ? info.module : versioned;
  demand(identity !== undefined, "tdx-module", `unknown version ${name}`);
  demand(equalBytes(report.mrSignerSeam, identity.mrSigner), "tdx-module", "signer");
  const attributes = equalUnderMask(report.seamAttributes, identity.attributes, identity.attributesMask);
  // Whatever the mask leaves open: Intel's own library takes a production module only without any attribute.
  demand(attributes && isZero(report.seamAttributes), "tdx-module", "attributes");
  if (versioned === undefined) return [];
  const judgement = judgeSvn(svn, versioned.levels);
  demand(judgement !== undefined, "tdx-module", "ISVSVN is below every level");
  return [judgement];
}
