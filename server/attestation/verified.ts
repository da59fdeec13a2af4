/** What genuine evidence says, once every signature in it was checked. Claims in the sense of RFC 9334. */

import type { GuestPolicy, PlatformFeatures } from "./sev-snp/guest.ts";
import type { Believed } from "./sev-snp/product.ts";
import type { SnpTcbs } from "./sev-snp/tcb.ts";

/** Intel's words (PCS API, "TCB info"), best first. */
export const tcbStatuses = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
] as const;

export type TcbStatus = (typeof tcbStatuses)[number];

/** How Intel names its security advisories: INTEL-SA-00615. */
export const isAdvisory = (value: unknown): value is string =>
  typeof value === "string" && /^INTEL-[A-Z]{2,8}-\d{4,8}$/.test(value);

/**
 * What was loaded into a TD: MRTD is its firmware, RTMR0 its virtual hardware, RTMR1 the kernel, RTMR2 command line and
 * initial file system, RTMR3 whatever the image measured afterwards.
 */
export const measurementNames = ["mrtd", "rtmr0", "rtmr1", "rtmr2", "rtmr3"] as const;

export type MeasurementName = (typeof measurementNames)[number];

/** Whoever said it, and for how long: the same for every vendor's evidence. */
export interface VerifiedByVendor {
  /** The worker's 64 bytes; what they mean is `#protocol/binding.ts`. */
  readonly reportData: Uint8Array;
  /** The certificate that everything hangs from. */
  readonly root: {
    /** SHA-256 of its DER, 64 hex digits. */
    readonly fingerprint: string;
    /** Its subject, for a person: "Intel SGX Root CA, Intel Corporation". */
    readonly name: string;
  };
  /** Unix seconds: when the oldest of the vendor's statements was issued. */
  readonly issued: number;
  /** Unix seconds: when the first piece of what it hangs from ends. */
  readonly expires: number;
}

/** How good the versions are: the same for every kind of Intel's evidence. */
export interface VerifiedByIntel extends VerifiedByVendor {
  readonly tcb: {
    /** The worst of platform, quoting enclave and, for TDX, module. */
    readonly status: TcbStatus;
    /** Names like INTEL-SA-00615, sorted. */
    readonly advisories: readonly string[];
    /** The lower of Intel's two tcbEvaluationDataNumbers: which round of judgement this is. */
    readonly evaluation: number;
  };
  /** Model of the machine: 12 hex digits. */
  readonly fmspc: string;
  /** The machine itself (Platform Provisioning ID): 32 hex digits. */
  readonly ppid: string;
}

export interface VerifiedTdx extends VerifiedByIntel {
  readonly kind: "tdx";
  readonly quoteVersion: 4 | 5;
  /** SHA-384 each, 96 hex digits. */
  readonly measurements: Readonly<Record<MeasurementName, string>>;
  /** What the host wrote down about the TD when it started it; the TD cannot change it. 96 hex digits each. */
  readonly configuration: {
    /** MRCONFIGID */
    readonly id: string;
    /** MROWNER */
    readonly owner: string;
    /** MROWNERCONFIG */
    readonly ownerConfiguration: string;
  };
  /** What an image of dstack says about the application it runs, confirmed by the runtime registers. */
  readonly dstack?: DstackClaims;
}

export interface DstackClaims {
  /** SHA-256 of the raw bytes of `app-compose.json`, 64 hex digits: which images run, and how. */
  readonly composeHash: string;
  /**
   * Which application this is to the key authority, 40 hex digits. It may be pinned at deployment, and all compose
   * hashes that the authority admits under it get the same keys: it says nothing about what runs.
   */
  readonly appId: string;
  /** This one machine's installation, 40 hex digits; empty if it was deployed without. */
  readonly instanceId: string;
  /** Who hands out the machine's keys. */
  readonly keyProvider: KeyProvider;
  /** SHA-256 of the image of the operating system, 64 hex digits. Older images do not measure it. */
  readonly osImageHash?: string;
}

export interface KeyProvider {
  /** `kms`, `local-sgx`, `none` … */
  readonly name: string;
  /** Identity in the provider's own terms: of a KMS its root key, in hexadecimal. */
  readonly id: string;
}

export interface VerifiedSgx extends VerifiedByIntel {
  readonly kind: "sgx";
  readonly quoteVersion: 3;
  readonly enclave: {
    /** What was loaded: SHA-256, 64 hex digits. */
    readonly mrenclave: string;
    /** Who signed it: SHA-256 of the signer's key, 64 hex digits. */
    readonly mrsigner: string;
    /** The signer's number for the product. */
    readonly isvProdId: number;
    /** The signer's version of the product. */
    readonly isvSvn: number;
    /** ATTRIBUTES, 32 hex digits. */
    readonly attributes: string;
    /** MISCSELECT, 8 hex digits. */
    readonly miscSelect: string;
    /** CONFIGID, 128 hex digits: zeros unless its host chose a configuration. */
    readonly configId: string;
    readonly configSvn: number;
  };
}

/** A guest of AMD SEV-SNP: a whole virtual machine. */
export interface VerifiedSevSnp extends VerifiedByVendor {
  readonly kind: "sev-snp";
  readonly reportVersion: 2 | 3 | 5;
  /** Which of AMD's roots vouches for the processor. */
  readonly generation: Believed;
  /** The processor's model as certified: "Genoa-B1". */
  readonly product: string;
  /** The processor itself: 128 hex digits, of which the last 112 are zero since Turin. */
  readonly chipId: string;
  /** What was loaded at the start: SHA-384, 96 hex digits. Nothing measures what is loaded afterwards. */
  readonly measurement: string;
  /** What the host wrote down when it started the guest, which cannot change it: 64 hex digits. */
  readonly hostData: string;
  /** SHA-384 of the key that signed the guest's identity block; zeros without one. 96 hex digits. */
  readonly idKeyDigest: string;
  /** SHA-384 of the key that signed that key; zeros without one. 96 hex digits. */
  readonly authorKeyDigest: string;
  /** Of the identity block, 32 hex digits each. */
  readonly familyId: string;
  readonly imageId: string;
  /** Of this run of the guest: 64 hex digits. */
  readonly reportId: string;
  /** Security version of the guest, from its identity block. */
  readonly guestSvn: number;
  /** Privilege level that asked for the report: 0 is the highest, 3 the lowest. */
  readonly vmpl: number;
  readonly guest: GuestPolicy;
  readonly platform: PlatformFeatures;
  readonly tcb: SnpTcbs;
  /** Of the secure processor: "1.55.39". */
  readonly firmware: { readonly current: string; readonly committed: string };
  /** Which weaknesses were mitigated at the start, and are now: AMD's bits, 16 hex digits each. Since version 5. */
  readonly mitigations?: { readonly launch: string; readonly current: string };
}

/** An enclave of AWS Nitro. That it is what it says, AWS says: there is no other maker of the hardware to ask. */
export interface VerifiedNitro extends VerifiedByVendor {
  readonly kind: "nitro";
  /** The enclave and its parent instance: "i-0827e799ec9232d44-enc019b55a68bd2ed4b". */
  readonly moduleId: string;
  /** Unix ms: when the document was made, by the clock of AWS. */
  readonly timestamp: number;
  /**
   * Registers by number, 96 hex digits each: PCR0 is the whole image, PCR1 kernel and boot, PCR2 the application, PCR3
   * the parent's role, PCR4 the parent itself, PCR8 who signed the image.
   */
  readonly pcrs: Readonly<Record<number, string>>;
  /** Hexadecimal. */
  readonly publicKey?: string;
  /** Hexadecimal. */
  readonly nonce?: string;
}

export type Verified = VerifiedTdx | VerifiedSgx | VerifiedSevSnp | VerifiedNitro;

export const isByIntel = (verified: Verified): verified is VerifiedTdx | VerifiedSgx =>
  verified.kind === "tdx" || verified.kind === "sgx";

/** The evidence as a person would call it. */
export function nameOf(verified: Verified): string {
  switch (verified.kind) {
    case "tdx":
    case "sgx":
      return `${verified.kind.toUpperCase()} quote, version ${verified.quoteVersion}`;
    case "sev-snp":
      return `SEV-SNP report, version ${verified.reportVersion}`;
    case "nitro":
      return "Nitro attestation document";
  }
}
