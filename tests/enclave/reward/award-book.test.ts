/** The book of a lineage's awards costs no more for each as there become many. */
import { expect, test } from "vitest";
import { AwardBook } from "#enclave/reward/award-book.ts";
import { awardOf } from "#enclave/reward/award.ts";
import { MemoryJournal } from "#enclave/reward/memory-journal.ts";
import type { VoucherId } from "#enclave/reward/voucher.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { AccountId } from "#rmrk/account.ts";

test("of awards whose players have no account none is looked at when somebody else earns one", async () => {
  const issuer = "11".repeat(32) as AccountId;
  const lineage = new Uint8Array(32).fill(5);
  const looked: VoucherId[] = [];
  const told: PlayerId[] = [];
  const book = await AwardBook.open({
    account: issuer,
    issuer: () => ({
      stopped: false,
      open: 0,
      stageOf: (id) => void looked.push(id),
      award: () => Promise.resolve(),
      heard: () => undefined,
      look: () => Promise.resolve(),
      turn: () => Promise.resolve(),
    }),
    journal: new MemoryJournal(),
    recipients: {
      findRecipient: () => Promise.resolve(undefined),
      listen: () => () => false,
    },
    issuing: false,
    told: (player) => void told.push(player),
  });
  const earn = async (i: number): Promise<VoucherId> => {
    const player = String(i).padStart(32, "0") as PlayerId;
    const item = { collection: "CUPS", symbol: "cup" };
    const award = awardOf(
      { room: "0123456789abcdef0123" as RoomId, player, once: `cup ${i}`, item },
      { lineage, issuer },
      { CUPS: { max: 100, metadata: "ipfs://cups" } },
    )!;
    await book.earn(award);
    return award.id;
  };
  for (let i = 1; i <= 50; i++) await earn(i);
  looked.length = 0;
  told.length = 0;
  const last = await earn(51);
  expect(new Set(looked)).toEqual(new Set([last]));
  expect(told).toEqual([String(51).padStart(32, "0")]);
  looked.length = 0;
  await book.look();
  expect(looked).toEqual([]);
  await book.linked(String(51).padStart(32, "0") as PlayerId);
  expect(new Set(looked)).toEqual(new Set([last]));
});
