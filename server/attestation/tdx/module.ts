/**
 * The TDX module that isolates TDs from the host must be one that Intel vouches for.
 * Intel PCS API, "Get TDX TCB Info": tdxModule, tdxModuleIdentities.
 */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { Judgement, TcbInfo } from "../dcap/tcb-info.ts";
import { equalUnderMask, judgeSvn } from "../dcap/tcb.ts";
import type { TdReport } from "./report.ts";

/**
 * Modules before 1.5 have no version of their own: their TCB level judges them. Later ones are judged by the identity
 * named for their version.
 *
 * @returns undefined if the TCB level is all there is.
 * @throws AttestationError "tdx-module", "collateral-malformed".
 */
export function judgeModule(report: TdReport, info: TcbInfo): Judgement | undefined {
  const [svn, version] = report.teeTcbSvn as unknown as [number, number];
  const name = `TDX_${version.toString(16).toUpperCase().padStart(2, "0")}`;
  const versioned = version === 0 ? undefined : info.moduleVersions.get(name);
  const identity = version === 0 ? info.module : versioned;
  demand(identity !== undefined, "tdx-module", `unknown version ${name}`);
  demand(equalBytes(report.mrSignerSeam, identity.mrSigner), "tdx-module", "signer");
  const attributes = equalUnderMask(report.seamAttributes, identity.attributes, identity.attributesMask);
  demand(attributes, "tdx-module", "attributes");
  if (versioned === undefined) return undefined;
  const judgement = judgeSvn(svn, versioned.levels);
  demand(judgement !== undefined, "tdx-module", "ISVSVN is below every level");
  return judgement;
}
