/** Verifies a report about a guest of AMD SEV-SNP, and reads what it says. */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { SevSnpEvidence } from "../evidence.ts";
import { isZero } from "../reader.ts";
import type { VerifiedSevSnp } from "../verified.ts";
import type { VerifyOptions } from "../verify.ts";
import { describeRoot } from "../x509/pick-root.ts";
import { openSnpChain, type SnpChain } from "./chain.ts";
import { readGuestPolicy, readPlatform } from "./guest.ts";
import { checkProcessor, refuseBroken } from "./product.ts";
import { type FirmwareVersion, parseSnpReport, type SignedReport, type SnpReport } from "./report.ts";
import { readTcbs } from "./tcb.ts";
import { checkCertified } from "./vcek.ts";

/** @throws AttestationError with the code of the first thing that is wrong. */
export async function verifySevSnp(evidence: SevSnpEvidence, options: VerifyOptions): Promise<VerifiedSevSnp> {
  const signed = parseSnpReport(evidence.quote);
  const { report } = signed;
  checkKey(report);
  const chain = await openSnpChain(evidence.collateral, options.roots, options);
  await checkReport(signed, chain, options);
  const generation = refuseBroken(chain.extensions.generation);
  const guest = readGuestPolicy(report);
  const { root, intermediate, vcek } = chain;
  return {
    kind: "sev-snp",
    reportVersion: report.version,
    reportData: new Uint8Array(report.reportData),
    root: describeRoot(root.certificate),
    generation,
    product: chain.extensions.product,
    chipId: bytesToHex(report.chipId),
    measurement: bytesToHex(report.measurement),
    hostData: bytesToHex(report.hostData),
    idKeyDigest: bytesToHex(report.idKeyDigest),
    authorKeyDigest: bytesToHex(report.authorKeyDigest),
    familyId: bytesToHex(report.familyId),
    imageId: bytesToHex(report.imageId),
    reportId: bytesToHex(report.reportId),
    guestSvn: report.guestSvn,
    vmpl: report.vmpl,
    guest,
    platform: readPlatform(report, guest),
    tcb: readTcbs(report, generation),
    firmware: { current: spell(report.currentFirmware), committed: spell(report.committedFirmware) },
    ...(report.mitigations === undefined
      ? {}
      : {
          mitigations: {
            launch: bytesToHex(report.mitigations.launch),
            current: bytesToHex(report.mitigations.current),
          },
        }),
    issued: root.list.thisUpdate,
    expires: Math.min(root.list.nextUpdate, ...[root.certificate, intermediate, vcek].map(({ notAfter }) => notAfter)),
  };
}

/**
 * The chain's leaf is about this processor, and signed this report.
 *
 * @throws AttestationError "collateral-mismatch", "quote-signature".
 */
export async function checkReport(
  { report, signed, signature }: SignedReport,
  { vcek, extensions }: SnpChain,
  { primitives }: Pick<VerifyOptions, "primitives">,
): Promise<void> {
  checkCertified(extensions, report);
  checkProcessor(report, extensions.generation);
  demand(await primitives.verifyP384(vcek.publicKey, signature, signed), "quote-signature");
}

/** SIGNING_KEY: 0 is the processor's own (VCEK), 1 a provider's (VLEK), 7 none. */
function checkKey({ keyInfo, authorKeyDigest }: SnpReport): void {
  demand(keyInfo >> 2 === 0, "signing-key", `signing key ${keyInfo >> 2}`);
  demand((keyInfo & 2) === 0, "signing-key", "the processor's key is masked");
  demand((keyInfo & 1) === 1 || isZero(authorKeyDigest), "quote-malformed", "a digest of no author's key");
}

const spell = ({ major, minor, build }: FirmwareVersion): string => `${major}.${minor}.${build}`;
