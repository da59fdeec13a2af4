/** The book of a lineage's awards costs no more for each as there become many, and little memory. */
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { AwardBook, type SharedJournal } from "#enclave/reward/award-book.ts";
import { awardOf, type Award } from "#enclave/reward/award.ts";
import { encodeEntry } from "#enclave/reward/journal.ts";
import { MemoryJournal } from "#enclave/reward/memory-journal.ts";
import type { LedgerView } from "#enclave/reward/voucher-issuer.ts";
import type { VoucherId } from "#enclave/reward/voucher.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { AccountId } from "#rmrk/account.ts";

const issuer = "11".repeat(32) as AccountId;
const lineage = new Uint8Array(32).fill(5);

/** Of players without an account, and without a chain. */
const openBook = (
  journal: SharedJournal,
  looked: VoucherId[] = [],
  told: PlayerId[] = [],
): Promise<AwardBook<LedgerView>> =>
  AwardBook.open({
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
    journal,
    recipients: {
      findRecipient: () => Promise.resolve(undefined),
      listen: () => () => false,
    },
    issuing: false,
    told: (player) => void told.push(player),
  });

const playerOf = (i: number): PlayerId => String(i).padStart(32, "0") as PlayerId;

/** As it comes from a room. */
const awardFor = (i: number): Award =>
  awardOf(
    {
      room: "0123456789abcdef0123" as RoomId,
      player: playerOf(i),
      once: `spirit/${playerOf(i)}`,
      item: { collection: "SPIRITS", symbol: "spirit" },
    },
    { lineage, issuer },
    { SPIRITS: { max: 100, metadata: "ipfs://bafkreihiygddifrjegsvftppjcwenag34g4g2mcv4app6punjycfm6owiq" } },
  )!;

test("of awards whose players have no account none is looked at when somebody else earns one", async () => {
  const looked: VoucherId[] = [];
  const told: PlayerId[] = [];
  const book = await openBook(new MemoryJournal(), looked, told);
  const earn = async (i: number): Promise<VoucherId> => {
    const award = awardFor(i);
    await book.earn(award);
    return award.id;
  };
  for (let i = 1; i <= 50; i++) await earn(i);
  looked.length = 0;
  told.length = 0;
  const last = await earn(51);
  expect(new Set(looked)).toEqual(new Set([last]));
  expect(told).toEqual([playerOf(51)]);
  looked.length = 0;
  await book.look();
  expect(looked).toEqual([]);
  await book.linked(playerOf(51));
  expect(new Set(looked)).toEqual(new Set([last]));
});

/** Bytes of the heap that are used, once nothing is left to collect. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

test("an award takes some half a kilobyte of memory, whether it was just earned or read", async () => {
  // Nearly as many as a Map of the next smaller size takes: it is not half empty.
  const count = 30_000;
  const perAward = 560;
  const before = heapUsed();
  const earned = await openBook({
    append: () => Promise.resolve(),
    appendNext: () => Promise.resolve(true),
    read: () => Promise.resolve([]),
  });
  for (let i = 0; i < count; i++) await earned.earn(awardFor(i));
  const between = heapUsed();
  expect((between - before) / count).toBeLessThan(perAward);
  const entries = (): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => encodeEntry({ kind: "award", award: awardFor(count + i) }));
  let left = 1;
  const read = await openBook({
    append: () => Promise.resolve(),
    appendNext: () => Promise.resolve(true),
    read: () => Promise.resolve(left-- > 0 ? entries() : []),
  });
  expect((heapUsed() - between) / count).toBeLessThan(perAward);
  expect([earned.standing(playerOf(1)), read.standing(playerOf(count))]).toMatchObject([
    [{ once: awardFor(1).once, collection: awardFor(1).collection, stage: "earned" }],
    [{ once: awardFor(count).once, metadata: awardFor(count).metadata, stage: "earned" }],
  ]);
});
