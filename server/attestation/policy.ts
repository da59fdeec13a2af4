/**
 * What a relying party accepts. A policy is data, built into a page or kept in a file, and `check-policy.ts` is how it
 * is read. `docs/policy.md` explains every member, and how one is made.
 */
import { type Evidence, rootOf } from "./evidence.ts";
import { intelRoot, intelRootFingerprint } from "./intel-root.ts";
import { isDevelopmentRoot } from "./development-root.ts";
import { parseIsoTime } from "./time.ts";
import type { KeyProvider, TcbStatus } from "./verified.ts";

/** Makers of hardware whose roots are constants of this zone. */
export type Vendor = "intel";

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
  /** Contract hashes, 64 hex digits each. Missing: the one that a page asks for, whichever that is. */
  readonly contracts?: readonly string[];
  /** Lineages, 64 hex digits each. Missing: the one that a page asks for. */
  readonly lineages?: readonly string[];
  /** Known machines: PPIDs, 32 hex digits each. Missing: any machine. */
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
  const vendors = policy.vendors.map(() => intelRoot);
  if (policy.development === "refused") return vendors;
  const root = rootOf(evidence);
  return isDevelopmentRoot(root) ? [...vendors, root] : vendors;
}

/** Whether a policy has ended. @param now Unix seconds. */
export const hasExpired = ({ expires }: Policy, now: number): boolean =>
  expires !== undefined && now >= (parseIsoTime(expires) ?? 0);

/** The maker whose pinned root has this fingerprint. */
export const vendorOf = (fingerprint: string): Vendor | undefined =>
  fingerprint === intelRootFingerprint ? "intel" : undefined;
