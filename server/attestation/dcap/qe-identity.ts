/** QE identity: which quoting enclaves Intel vouches for. Intel PCS API, "Get TD QE Identity". */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { isDebug } from "../sgx/attributes.ts";
import type { SgxReport } from "../sgx/report.ts";
import type { Statement } from "./statement.ts";
import { type Judgement, readSvnLevels, type SvnLevel } from "./tcb-info.ts";
import { equalUnderMask, judgeSvn } from "./tcb.ts";

export interface QeIdentity {
  readonly miscSelect: Uint8Array;
  readonly miscSelectMask: Uint8Array;
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  /** Best first. */
  readonly levels: readonly SvnLevel[];
}

/** @throws AttestationError "collateral-malformed", "collateral-mismatch". */
export function readQeIdentity({ fields }: Statement, id: "TD_QE" | "QE"): QeIdentity {
  demand(fields.text("id") === id, "collateral-mismatch", "QE identity is about another quoting enclave");
  const version = fields.integer("version", 0xffff);
  // Version 3 exists for TDX only, with the same members.
  demand(version === 2 || (version === 3 && id === "TD_QE"), "collateral-malformed", "QE identity version");
  return {
    miscSelect: fields.bytes("miscselect", 4),
    miscSelectMask: fields.bytes("miscselectMask", 4),
    attributes: fields.bytes("attributes", 16),
    attributesMask: fields.bytes("attributesMask", 16),
    mrSigner: fields.bytes("mrsigner", 32),
    isvProdId: fields.integer("isvprodid", 0xffff),
    levels: readSvnLevels(fields),
  };
}

/**
 * Whether the enclave that made the quote is that one, and how good its version is.
 *
 * @throws AttestationError "qe-identity".
 */
export function judgeQe(report: SgxReport, identity: QeIdentity): Judgement {
  demand(!isDebug(report), "qe-identity", "debug");
  demand(equalBytes(report.mrSigner, identity.mrSigner), "qe-identity", "MRSIGNER");
  demand(report.isvProdId === identity.isvProdId, "qe-identity", "ISVPRODID");
  const { miscSelect, miscSelectMask, attributes, attributesMask } = identity;
  demand(equalUnderMask(report.miscSelect, miscSelect, miscSelectMask), "qe-identity", "MISCSELECT");
  demand(equalUnderMask(report.attributes, attributes, attributesMask), "qe-identity", "ATTRIBUTES");
  const judgement = judgeSvn(report.isvSvn, identity.levels);
  demand(judgement !== undefined, "qe-identity", "ISVSVN is below every level");
  return judgement;
}
