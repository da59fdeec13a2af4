/**
 * What AMD's secure processor says about a guest: 1,184 bytes, signed with a key of the processor's.
 * AMD publication 56860 "SEV Secure Nested Paging Firmware ABI Specification", revisions 1.55 to 1.58, table
 * ATTESTATION_REPORT. Versions 2, 3 (names the processor) and 5 (mitigation vectors); fields are little-endian.
 */
import { demand } from "../errors.ts";
import { isZero, Reader } from "../reader.ts";

export const snpReportLength = 1184;

export interface SnpReport {
  readonly version: 2 | 3 | 5;
  readonly guestSvn: number;
  /** GUEST_POLICY: what the guest's owner allows its host. */
  readonly policy: bigint;
  readonly familyId: Uint8Array;
  readonly imageId: Uint8Array;
  /** Privilege level that asked for the report; 0 is the highest. */
  readonly vmpl: number;
  readonly currentTcb: Uint8Array;
  /** PLATFORM_INFO: how the host set up its processor. */
  readonly platformInfo: bigint;
  /** Bits 0 AUTHOR_KEY_EN, 1 MASK_CHIP_KEY, 2 to 4 SIGNING_KEY. */
  readonly keyInfo: number;
  readonly reportData: Uint8Array;
  readonly measurement: Uint8Array;
  readonly hostData: Uint8Array;
  readonly idKeyDigest: Uint8Array;
  readonly authorKeyDigest: Uint8Array;
  readonly reportId: Uint8Array;
  /** Of the migration agent; all ones if there is none. */
  readonly reportIdMa: Uint8Array;
  /** Of which the signing key is derived. */
  readonly reportedTcb: Uint8Array;
  /** Family, model and stepping; since version 3. */
  readonly cpuid?: readonly [family: number, model: number, stepping: number];
  readonly chipId: Uint8Array;
  /** Below which firmware cannot be rolled back any more. */
  readonly committedTcb: Uint8Array;
  readonly currentFirmware: FirmwareVersion;
  readonly committedFirmware: FirmwareVersion;
  /** When the guest was started. */
  readonly launchTcb: Uint8Array;
  /** Which weaknesses the firmware mitigated when the guest was started, and now; since version 5. */
  readonly mitigations?: { readonly launch: Uint8Array; readonly current: Uint8Array };
}

export interface FirmwareVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

export interface SignedReport {
  readonly report: SnpReport;
  /** The part that is signed. */
  readonly signed: Uint8Array;
  /** r ‖ s, 96 bytes, big-endian. */
  readonly signature: Uint8Array;
}

/** ECDSA on P-384 with SHA-384. */
const ecdsaP384 = 1;
const versions: ReadonlySet<number> = new Set([2, 3, 5]);

/** @throws AttestationError "quote-malformed", "evidence-unsupported". */
export function parseSnpReport(bytes: Uint8Array): SignedReport {
  demand(bytes.length === snpReportLength, "quote-malformed", "length");
  const reader = new Reader(bytes);
  const report = readReport(reader);
  const signed = bytes.subarray(0, reader.position);
  const signature = new Uint8Array(96);
  signature.set(readScalar(reader), 0);
  signature.set(readScalar(reader), 48);
  reserved(reader, 368);
  reader.end();
  return { report, signed, signature };
}

function readReport(reader: Reader): SnpReport {
  const version = reader.u32();
  demand(versions.has(version), "evidence-unsupported", `report version ${version}`);
  const first = {
    version: version as SnpReport["version"],
    guestSvn: reader.u32(),
    policy: reader.u64(),
    familyId: reader.take(16),
    imageId: reader.take(16),
    vmpl: reader.u32(),
  };
  demand(first.vmpl <= 3, "quote-malformed", "VMPL");
  demand(reader.u32() === ecdsaP384, "evidence-unsupported", "signature algorithm");
  const currentTcb = reader.take(8);
  const platformInfo = reader.u64();
  const keyInfo = reader.u32();
  demand(keyInfo < 32, "quote-malformed", "reserved bits of the key information");
  reserved(reader, 4);
  const second = {
    reportData: reader.take(64),
    measurement: reader.take(48),
    hostData: reader.take(32),
    idKeyDigest: reader.take(48),
    authorKeyDigest: reader.take(48),
    reportId: reader.take(32),
    reportIdMa: reader.take(32),
    reportedTcb: reader.take(8),
  };
  const named = reader.take(3);
  demand(version > 2 || isZero(named), "quote-malformed", "reserved bytes");
  reserved(reader, 21);
  const chipId = reader.take(64);
  const committedTcb = reader.take(8);
  const currentFirmware = readFirmware(reader);
  const committedFirmware = readFirmware(reader);
  const launchTcb = reader.take(8);
  const mitigations = { launch: reader.take(8), current: reader.take(8) };
  demand(
    version > 3 || (isZero(mitigations.launch) && isZero(mitigations.current)),
    "quote-malformed",
    "reserved bytes",
  );
  reserved(reader, 152);
  return {
    ...first,
    currentTcb,
    platformInfo,
    keyInfo,
    ...second,
    ...(version > 2 ? { cpuid: [named[0]!, named[1]!, named[2]!] as const } : {}),
    chipId,
    committedTcb,
    currentFirmware,
    committedFirmware,
    launchTcb,
    ...(version > 3 ? { mitigations } : {}),
  };
}

function readFirmware(reader: Reader): FirmwareVersion {
  const [build, minor, major, zero] = reader.take(4) as unknown as readonly [number, number, number, number];
  demand(zero === 0, "quote-malformed", "reserved byte of a firmware version");
  return { major, minor, build };
}

function reserved(reader: Reader, length: number): void {
  demand(isZero(reader.take(length)), "quote-malformed", "reserved bytes");
}

/** 72 bytes, little-endian, of which a scalar of P-384 needs 48. */
function readScalar(reader: Reader): Uint8Array {
  const scalar = reader.take(48);
  reserved(reader, 24);
  return new Uint8Array(scalar).reverse();
}
