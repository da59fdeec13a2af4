/** Verifies an enclave's quote, and reads what it says. */
import { bytesToHex } from "#protocol/bytes.ts";
import { matchLevel } from "../dcap/tcb.ts";
import { conclude, vouch } from "../dcap/vouch.ts";
import type { SgxEvidence } from "../evidence.ts";
import type { VerifiedSgx } from "../verified.ts";
import type { VerifyOptions } from "../verify.ts";
import { checkEnclaveAttributes } from "./attributes.ts";
import { parseSgxQuote } from "./quote.ts";

/** @throws AttestationError with the code of the first thing that is wrong. */
export async function verifySgx(
  { quote: bytes, collateral }: SgxEvidence,
  options: VerifyOptions,
): Promise<VerifiedSgx> {
  const quote = parseSgxQuote(bytes);
  const { report } = quote;
  const vouched = await vouch(quote, collateral, "SGX", options);
  const concluded = conclude(vouched, [matchLevel(vouched.info.levels, vouched.machine)]);
  checkEnclaveAttributes(report);
  return {
    kind: "sgx",
    quoteVersion: 3,
    reportData: new Uint8Array(report.reportData),
    enclave: {
      mrenclave: bytesToHex(report.mrEnclave),
      mrsigner: bytesToHex(report.mrSigner),
      isvProdId: report.isvProdId,
      isvSvn: report.isvSvn,
      attributes: bytesToHex(report.attributes),
      miscSelect: bytesToHex(report.miscSelect),
      configId: bytesToHex(report.configId),
      configSvn: report.configSvn,
    },
    ...concluded,
  };
}
