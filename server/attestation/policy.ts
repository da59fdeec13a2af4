/**
 * What a relying party accepts. A policy is data, built into a page or kept in a file, and `check-policy.ts` is how it
 * is read. `docs/policy.md` explains every member, and how one is made.
 */
import { type Evidence, rootOf } from "./evidence.ts";
import { amdRootFingerprints } from "./amd-roots.ts";
import { awsRootFingerprint } from "./aws-root.ts";
import { intelRoot, intelRootFingerprint } from "./intel-root.ts";
import { isDevelopmentRoot } from "./development-root.ts";
import type { PlatformFeatures } from "./sev-snp/guest.ts";
import type { Believed } from "./sev-snp/product.ts";
import type { SnpTcb } from "./sev-snp/tcb.ts";
import { parseIsoTime } from "./time.ts";
import type { KeyProvider, TcbStatus } from "./verified.ts";
import { fingerprintOf } from "./x509/pick-root.ts";

/** Makers of hardware whose roots are constants of this zone. */
export type Vendor = "intel" | "amd" | "aws";

/** Statuses a policy may accept. What is out of date or revoked has known holes; no policy can accept it. */
export type AcceptableStatus = Exclude<TcbStatus, "OutOfDate" | "OutOfDateConfigurationNeeded" | "Revoked">;

/**
 * Development roots are made by anybody, in a second, in software. `loopback` accepts one only from the machine the
 * page runs on; a list accepts the ones whose fingerprint a person compared and typed, 64 hex digits each.
 */
export type DevelopmentRule = "refused" | "loopback" | { readonly fingerprints: readonly string[] };

export interface Policy {
  readonly version: 2;
  /** Hardware makers that are believed. */
  readonly vendors: readonly Vendor[];
  /** Refused wherever a vendor is accepted: nobody should have to ask which of the two it was. */
  readonly development: DevelopmentRule;
  /** From this moment on nothing is accepted: "2027-01-01T00:00:00Z". Missing: never. */
  readonly expires?: string;
  /** How well a machine of Intel's must be kept. */
  readonly tcb: {
    readonly statuses: readonly AcceptableStatus[];
    /** Every advisory that applies to a machine must be named here, whatever its status: INTEL-SA-00615. */
    readonly advisories: readonly string[];
    /** Lowest tcbEvaluationDataNumber. A browser that has seen a higher one asks for that. */
    readonly evaluationMin: number;
  };
  /** Quotes need no limit: each is made for one join. */
  readonly freshness?: {
    /** Oldest statement of the vendor, in hours since it was issued. Missing: until it ends, 30 days. */
    readonly collateralHours: number;
  };
  /** Trust domains that are accepted. */
  readonly tdx?: TdxRule;
  /** Enclaves of SGX that are accepted. */
  readonly sgx?: SgxRule;
  /** Guests of AMD SEV-SNP that are accepted. */
  readonly sevSnp?: SevSnpRule;
  /** Enclaves of AWS Nitro that are accepted. */
  readonly nitro?: NitroRule;
  /** Contract hashes, 64 hex digits each. Missing: the one that a page asks for, whichever that is. */
  readonly contracts?: readonly string[];
  /** Lineages, 64 hex digits each. Missing: the one that a page asks for. */
  readonly lineages?: readonly string[];
  /**
   * Known machines: Intel's PPIDs (32 hex digits) and AMD's chip ids (128 hex digits). Missing: any machine. AWS names no
   * machine, and is in its list by its root.
   */
  readonly hardware?: readonly string[];
}

/** What a trust domain may have loaded: 96 hex digits for each register, and of the last two members exactly one. */
export interface TdxRule {
  readonly mrtd: readonly string[];
  readonly rtmr0: readonly string[];
  readonly rtmr1: readonly string[];
  readonly rtmr2: readonly string[];
  /** The application as one value, for images that are not dstack's. */
  readonly rtmr3?: readonly string[];
  /** The application by what dstack's log says about it. */
  readonly dstack?: DstackRule;
}

export interface DstackRule {
  /** SHA-256 of `app-compose.json`, 64 hex digits each. */
  readonly composeHashes: readonly string[];
  /** Who may hand out the machine's keys: whoever it is can read what is sealed under them. */
  readonly keyProviders: readonly KeyProvider[];
  /** Registered applications, 40 hex digits each. Missing: any, so that nothing is known about upgrades. */
  readonly appIds?: readonly string[];
  /** SHA-256 of images of the operating system, 64 hex digits each. Missing: the registers above say enough. */
  readonly osImages?: readonly string[];
  /**
   * Who may admit another worker under these application ids, as the policy's author found out. Missing: the operator
   * may.
   */
  readonly upgrades?: "disabled" | { readonly owner: string };
}

export interface SgxRule {
  /** 64 hex digits each. */
  readonly mrenclave: readonly string[];
}

export interface SevSnpRule {
  /** What was loaded at the start: 96 hex digits each. */
  readonly measurements: readonly string[];
  /** Lowest security versions for each generation of processors; one that is not named is refused. */
  readonly minimum: Readonly<Partial<Record<Believed, SnpTcb>>>;
  /** What the host wrote down at the start: 64 hex digits each. Missing: anything. */
  readonly hostData?: readonly string[];
  /** Privilege levels that may ask for a report, 0 to 3. Missing: only 0, the highest. */
  readonly vmpl?: readonly number[];
  /** Lowest security version of the guest's identity block. Missing: any. */
  readonly guestSvnMin?: number;
  /** What must be on. Missing: nothing. */
  readonly platform?: readonly (keyof PlatformFeatures)[];
}

/** 96 hex digits each. */
export interface NitroRule {
  readonly pcr0: readonly string[];
  readonly pcr1: readonly string[];
  readonly pcr2: readonly string[];
  /** Who signed the image. Missing: anybody, or nobody. */
  readonly pcr8?: readonly string[];
}

/** For development: machines of one's own, and nothing else. */
export const developmentPolicy: Policy = {
  version: 2,
  vendors: [],
  development: "loopback",
  tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 1 },
};

/**
 * The roots to verify this evidence against under this policy. A development root is offered only where the policy has
 * a rule for them, and never decides by itself: `appraise` applies the rule.
 */
export function rootsFor(policy: Policy, evidence: Evidence): readonly Uint8Array[] {
  const pinned = policy.vendors.includes("intel") ? [intelRoot] : [];
  // The others' roots come with the evidence, and are pinned by their fingerprints.
  if (policy.vendors.every((vendor) => vendor === "intel") && policy.development === "refused") return pinned;
  const root = rootOf(evidence);
  const vendor = vendorOf(fingerprintOf(root));
  const offered =
    vendor === undefined
      ? policy.development !== "refused" && isDevelopmentRoot(root)
      : vendor !== "intel" && policy.vendors.includes(vendor);
  return offered ? [...pinned, root] : pinned;
}

/** Whether a policy has ended. @param now Unix seconds. */
export const hasExpired = ({ expires }: Policy, now: number): boolean =>
  expires !== undefined && now >= (parseIsoTime(expires) ?? 0);

/** Whether a policy names software of any kind: everything of another kind is not the published software then. */
export const namesSoftware = ({ tdx, sgx, sevSnp, nitro }: Policy): boolean =>
  [tdx, sgx, sevSnp, nitro].some((rule) => rule !== undefined);

const vendors: ReadonlyMap<string, Vendor> = new Map([
  [intelRootFingerprint, "intel"],
  [awsRootFingerprint, "aws"],
  ...Object.values(amdRootFingerprints).map((fingerprint) => [fingerprint, "amd"] as const),
]);

/** The maker whose pinned root has this fingerprint. */
export const vendorOf = (fingerprint: string): Vendor | undefined => vendors.get(fingerprint);
