/**
 * How a guest was started, and how its host set up the processor. AMD publication 56860, tables GUEST_POLICY and
 * PLATFORM_INFO. Bits that we do not know must be zero: later firmware may give them a meaning that weakens the guest.
 */
import { demand } from "../errors.ts";
import type { SnpReport } from "./report.ts";

/** What the guest's owner allows, and asks for. */
export interface GuestPolicy {
  /** Lowest version of the firmware's interface: "1.55". */
  readonly abi: string;
  /** Two threads may share a core. */
  readonly smt: boolean;
  readonly singleSocket: boolean;
  /** Memory may be behind CXL. */
  readonly cxl: boolean;
  /** Only AES-256-XTS will do. */
  readonly memAes256Xts: boolean;
  /** Power cannot be measured in a way that leaks. */
  readonly raplDisabled: boolean;
  readonly ciphertextHiding: boolean;
  readonly pageSwapDisabled: boolean;
}

/** What the processor says about its host's settings. */
export interface PlatformFeatures {
  readonly smt: boolean;
  readonly tsme: boolean;
  readonly ecc: boolean;
  readonly raplDisabled: boolean;
  readonly ciphertextHiding: boolean;
  /** No two addresses lead to the same memory: modules that lie about their size were looked for. */
  readonly aliasCheck: boolean;
  readonly iommuWriteSafe: boolean;
  readonly tio: boolean;
}

const debug = 1n << 19n;
const migrateMa = 1n << 18n;
/** Always one. */
const one = 1n << 17n;
const policyKnown = (1n << 26n) - 1n;
const platformKnown = 0xffn;

/** @throws AttestationError "debug-enclave", "guest-policy". */
export function readGuestPolicy(report: SnpReport): GuestPolicy {
  const { policy } = report;
  demand((policy & debug) === 0n, "debug-enclave");
  demand((policy & migrateMa) === 0n, "guest-policy", "a migration agent may move it");
  demand(
    report.reportIdMa.every((byte) => byte === 0xff),
    "guest-policy",
    "bound to a migration agent",
  );
  demand((policy & one) !== 0n, "guest-policy", "bit 17 is zero");
  demand((policy & ~policyKnown) === 0n, "guest-policy", "unknown bits");
  const has = (bit: bigint): boolean => (policy & (1n << bit)) !== 0n;
  return {
    abi: `${(policy >> 8n) & 0xffn}.${policy & 0xffn}`,
    smt: has(16n),
    singleSocket: has(20n),
    cxl: has(21n),
    memAes256Xts: has(22n),
    raplDisabled: has(23n),
    ciphertextHiding: has(24n),
    pageSwapDisabled: has(25n),
  };
}

/**
 * The host's settings, which are for a policy to judge; firmware starts no guest whose own policy they do not meet.
 *
 * @throws AttestationError "guest-policy" for what that firmware would not have started, and for unknown bits.
 */
export function readPlatform({ platformInfo }: SnpReport, guest: GuestPolicy): PlatformFeatures {
  demand((platformInfo & ~platformKnown) === 0n, "guest-policy", "unknown bits about the platform");
  const has = (bit: bigint): boolean => (platformInfo & (1n << bit)) !== 0n;
  const platform = {
    smt: has(0n),
    tsme: has(1n),
    ecc: has(2n),
    raplDisabled: has(3n),
    ciphertextHiding: has(4n),
    aliasCheck: has(5n),
    iommuWriteSafe: has(6n),
    tio: has(7n),
  };
  demand(guest.smt || !platform.smt, "guest-policy", "SMT is on against the guest's policy");
  demand(platform.raplDisabled || !guest.raplDisabled, "guest-policy", "RAPL is on against the guest's policy");
  const hidden = platform.ciphertextHiding || !guest.ciphertextHiding;
  demand(hidden, "guest-policy", "ciphertext is not hidden against the guest's policy");
  return platform;
}
