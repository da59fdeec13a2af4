/** What can be wrong with sealed bytes. */

/**
 * - `not-ours`: the seal does not fit: other room, lineage, number, head before it, or changed bytes.
 * - `damaged`: authentic, and still not what this version writes.
 */
export type VaultErrorCode = "not-ours" | "damaged";

export class VaultError extends Error {
  readonly code: VaultErrorCode;
  readonly detail: string;

  constructor(code: VaultErrorCode, detail: string) {
    super(code);
    this.name = "VaultError";
    this.code = code;
    this.detail = detail;
  }
}
