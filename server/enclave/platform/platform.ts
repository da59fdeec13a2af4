/** One kind of TEE behind one interface. No network, no clock, no signing in it: quotes and keys only. */

export interface PlatformInfo {
  /** `dstack`, `software`, `unavailable`. */
  readonly name: string;
  /** Whether hardware protects anything. */
  readonly hardware: boolean;
  /** One sentence for terminal and page; says plainly what is not protected. */
  readonly label: string;
  /** SHA-256 of the development root, 64 hex digits, for a person to compare. Hardware platforms have none. */
  readonly fingerprint?: string;
}

export interface Platform {
  info(): Promise<PlatformInfo>;
  /**
   * Evidence over exactly 64 bytes, in the encoding of `#attestation/evidence.ts`.
   *
   * @throws PlatformError "report-data-length", "platform-unavailable".
   */
  quote(reportData: Uint8Array): Promise<Uint8Array>;
  /**
   * 32 bytes. The path carries purpose, version and algorithm; same path and identity, same key.
   *
   * @throws PlatformError "platform-unavailable".
   */
  deriveKey(path: string): Promise<Uint8Array>;
}

export type PlatformErrorCode = "report-data-length" | "platform-unavailable";

export class PlatformError extends Error {
  readonly code: PlatformErrorCode;

  constructor(code: PlatformErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = "PlatformError";
    this.code = code;
  }
}
