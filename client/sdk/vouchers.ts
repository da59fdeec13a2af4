/** How far what the player has earned has come: of each voucher what was said last. */
import type { VoucherEntry } from "#protocol/award.ts";

export class Vouchers {
  readonly #entries = new Map<string, VoucherEntry>();

  /** In the order in which they were first heard of. */
  all(): readonly VoucherEntry[] {
    return [...this.#entries.values()];
  }

  /** The newest of each stands; the place tells of all after each new handshake. @returns those that are news. */
  take(entries: readonly VoucherEntry[]): readonly VoucherEntry[] {
    return entries.filter((entry) => {
      const before = this.#entries.get(entry.voucher);
      if (before?.stage === entry.stage && before.reason === entry.reason) return false;
      this.#entries.set(entry.voucher, entry);
      return true;
    });
  }
}
