/** What every ledger's issuer must hold of items that rooms have used up: it says so on the chain, once. */
import { describe, expect, test } from "vitest";
import { UsedItems } from "#enclave/reward/used-items.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { alice, bob } from "../rmrk/support/people.ts";
import { enough, settle, voucherOf, type IssuingLedger } from "./issuer.ts";

/** @param open a ledger on which nothing was issued yet. */
export function usesConformance(open: () => IssuingLedger): void {
  describe("that a room has used up an item", () => {
    async function withUse(recipient: typeof alice) {
      const ledger = open();
      const journal: Uint8Array[] = [];
      const voucher = voucherOf(ledger, "winner", { recipient });
      const before = ledger.start({ journal });
      await before.issuer.award(voucher);
      await settle(ledger, [before]);
      const item = ledger.itemOf(voucher);
      const player = "aa".repeat(16) as PlayerId;
      const room = "1".repeat(20) as RoomId;
      /** What a worker has read in its book. */
      const read = (): UsedItems => {
        const used = new UsedItems();
        used.add({ item, player, room, n: 1, voucher: voucher.id });
        return used;
      };
      return { ledger, journal, item, read };
    }

    test.for([
      ["of a player who can pay", "all of its journal", alice, true],
      ["of one who cannot", "no journal", bob, false],
    ] as const)("%s is said on the chain once, also by a worker that begins again with %s", async (row) => {
      const { ledger, journal, item, read } = await withUse(row[2]);
      const first = ledger.start({ journal, used: read() });
      await settle(ledger, [first], 12);
      const second = ledger.start({ journal: row[3] ? journal : [], used: read() });
      await settle(ledger, [second]);
      expect(ledger.saidUsed()).toEqual([item]);
    });

    test("is said once by two workers who know nothing of each other, over lost submissions and other blocks", async () => {
      const { ledger, item, read } = await withUse(bob);
      let sends = 0;
      const lost = (): boolean => sends++ % 3 === 0;
      const workers = [1, 2].map(() => ledger.start({ journal: [], used: read(), lost }));
      for (let left = enough; left > 0; left--) {
        for (const worker of workers) await worker.turn();
        ledger.exchange(2);
        ledger.advance(1);
      }
      expect(ledger.saidUsed()).toEqual([item]);
    });

    test("is said by nobody who sends nothing, who could not write it down before, or who would have to pay too much", async () => {
      const { ledger, read } = await withUse(bob);
      await settle(ledger, [ledger.start({ journal: [], used: read(), signs: false })]);
      const broken = ledger.start({ journal: [], used: read(), broken: () => true });
      for (let left = enough; left > 0; left--) {
        await broken.turn().catch(() => undefined);
        ledger.advance(1);
      }
      ledger.set("fee-too-high");
      const worker = ledger.start({ journal: [], used: read() });
      await settle(ledger, [worker]);
      expect(ledger.saidUsed()).toEqual([]);
      ledger.set(undefined);
      await settle(ledger, [worker]);
      expect(ledger.saidUsed()).toHaveLength(1);
    });
  });
}
