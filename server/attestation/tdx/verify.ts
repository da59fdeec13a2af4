/** Verifies a TD's quote, and reads what it says. */
import { bytesToHex } from "#protocol/bytes.ts";
import { matchLevel } from "../dcap/tcb.ts";
import { conclude, vouch } from "../dcap/vouch.ts";
import { readDstack } from "../dstack/claims.ts";
import type { TdxEvidence } from "../evidence.ts";
import type { VerifiedTdx } from "../verified.ts";
import type { VerifyOptions } from "../verify.ts";
import { checkTdAttributes } from "./attributes.ts";
import { judgeModule } from "./module.ts";
import { parseTdxQuote } from "./quote.ts";
import type { TdReport } from "./report.ts";

/** @throws AttestationError with the code of the first thing that is wrong. */
export async function verifyTdx(
  { quote: bytes, collateral, dstack }: TdxEvidence,
  options: VerifyOptions,
): Promise<VerifiedTdx> {
  const quote = parseTdxQuote(bytes);
  const { report } = quote;
  const vouched = await vouch(quote, collateral, "TDX", options);
  // The module's versions at launch, and those after an update under the running TD: the worse of both counts.
  const versions = report.later === undefined ? [report.teeTcbSvn] : [report.teeTcbSvn, report.later.teeTcbSvn];
  const judgements = versions.flatMap((teeTcbSvn) =>
    judgeModule(report, teeTcbSvn, vouched.info).concat(matchLevel(vouched.info.levels, vouched.machine, teeTcbSvn)),
  );
  const concluded = conclude(vouched, judgements);
  checkTdAttributes(report);
  const measurements = readMeasurements(report);
  return {
    kind: "tdx",
    quoteVersion: quote.version,
    reportData: new Uint8Array(report.reportData),
    measurements,
    configuration: {
      id: bytesToHex(report.mrConfigId),
      owner: bytesToHex(report.mrOwner),
      ownerConfiguration: bytesToHex(report.mrOwnerConfig),
    },
    ...(dstack === undefined ? {} : { dstack: readDstack(dstack, measurements) }),
    ...concluded,
  };
}

function readMeasurements({ mrTd, rtmr }: TdReport): VerifiedTdx["measurements"] {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = rtmr;
  return {
    mrtd: bytesToHex(mrTd),
    rtmr0: bytesToHex(rtmr0),
    rtmr1: bytesToHex(rtmr1),
    rtmr2: bytesToHex(rtmr2),
    rtmr3: bytesToHex(rtmr3),
  };
}
