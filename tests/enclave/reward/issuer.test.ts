/** Each award becomes one item: by the fence, by transactions that die, and by reading what is final before signing. */
import { describe, expect, test } from "vitest";
import { nextBatch, withinBatch } from "#enclave/reward/batch.ts";
import { isDear } from "#enclave/reward/fees.ts";
import { encodeEra, lastBlock } from "#enclave/ledger/runtime/era.ts";
import { decodeEntry, encodeEntry } from "#enclave/reward/journal.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { ChainError } from "#enclave/ledger/follow/linked-chain.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { decodeRemark, encodeRemark } from "#rmrk/codec/interaction.ts";
import type { Mint } from "#rmrk/codec/nft.ts";
import { apply } from "#rmrk/consolidator.ts";
import { collectionIdOf, serialOf } from "#rmrk/ids.ts";
import { mintOf as mintedBy } from "../../rmrk/support/making.ts";
import { bob, eve } from "../../rmrk/support/people.ts";
import { Chaos } from "./chaos.ts";
import { collection, issuer, ModelFollower, ModelLedger, prefix, remarksIn } from "./model-ledger.ts";
import { blocks, isFence, lineage, mintsIn, opened, period, settle, voucherOf, worker } from "./tried-worker.ts";

describe("an award", () => {
  test("is written down before it is signed, and signed before it is sent", async () => {
    const ledger = new ModelLedger();
    const order: string[] = [];
    const tried = worker(ledger, "a", {
      journal: { append: (entry) => Promise.resolve(void order.push(decodeEntry(entry).kind)) },
      submit: () => Promise.resolve(void order.push("sent")),
    });
    await tried.issuer.award(voucherOf("winner"));
    await tried.turn();
    expect(order).toEqual(["voucher", "intent", "sent"]);
  });

  test("is not sent if it could not be written down", async () => {
    const ledger = new ModelLedger();
    const tried = worker(ledger, "a", { journal: { append: () => Promise.reject(new Error("the disk is full")) } });
    await expect(tried.turn()).rejects.toThrow("the disk is full");
    expect(tried.sent).toEqual([]);
  });

  test("goes from earned by submitted to final", async () => {
    const ledger = new ModelLedger();
    const tried = await opened(ledger, "a");
    const { id } = voucherOf("winner");
    expect(tried.issuer.stageOf(id)).toBeUndefined();
    await tried.issuer.award(voucherOf("winner"));
    expect(tried.issuer.stageOf(id)).toEqual({ stage: "earned" });
    blocks(ledger, 1);
    await tried.turn();
    expect(tried.issuer.stageOf(id)).toEqual({ stage: "submitted" });
    await settle(ledger, tried);
    expect(tried.issuer.stageOf(id)).toEqual({ stage: "final" });
    expect(tried.issuer.open).toBe(0);
  });

  test("given twice is one, and given to another is refused", async () => {
    const tried = worker(new ModelLedger(), "a");
    await tried.issuer.award(voucherOf("winner"));
    await tried.issuer.award(voucherOf("winner"));
    expect(tried.journal).toHaveLength(1);
    await expect(tried.issuer.award(voucherOf("winner", { recipient: bob }))).rejects.toMatchObject({
      code: "voucher-contradicted",
    });
  });

  test("that the chain has seen is final, whoever put it there", async () => {
    const ledger = new ModelLedger();
    const first = await opened(ledger, "a");
    await first.issuer.award(voucherOf("winner"));
    await settle(ledger, first, 2);
    const second = worker(ledger, "b");
    await second.issuer.award(voucherOf("winner", { recipient: bob }));
    await second.turn();
    expect(second.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "final" });
  });

  test.for([
    ["collection-unknown", collectionIdOf(issuer, "SHIELDS")],
    ["collection-unknown", collectionIdOf(eve, "SWORDS")],
  ] as const)("waits: %s", async ([reason, elsewhere]) => {
    const ledger = new ModelLedger();
    const tried = await opened(ledger, "a");
    await tried.issuer.award(voucherOf("winner", { collection: elsewhere }));
    await settle(ledger, tried, 2);
    expect(tried.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "waiting", reason });
    expect(mintsIn(ledger)).toBe(0);
  });

  test("takes part in batches of a hundred, each item under a number of its own", async () => {
    const ledger = new ModelLedger();
    const tried = await opened(ledger, "a");
    for (let i = 0; i < 250; i++) await tried.issuer.award(voucherOf(`${i}`));
    await settle(ledger, tried, 8);
    expect(tried.issuer.open).toBe(0);
    const follower = new ModelFollower(ledger);
    const { view } = follower.follow(ledger.finalized.number)!;
    expect(Array.from(view.items.nfts.keys(), serialOf).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 250 }, (_, i) => i + 1),
    );
    const sizes = ledger
      .finalChain(ledger.finalized.number)
      .flatMap(({ transactions }) => transactions.map((transaction) => remarksIn(transaction).length));
    expect(Math.max(...sizes)).toBe(100);
  });

  test("has a number that no item had before it, whoever gave those", () => {
    const { view } = new ModelFollower(new ModelLedger()).follow(1)!;
    for (const serial of [2, 3]) {
      const bytes = encodeRemark(mintedBy(collection, serial), prefix);
      apply(view.items, { block: 2, extrinsic: serial, caller: issuer, bytes, transfers: [] });
    }
    const { remarks } = nextBatch(
      view.items,
      issuer,
      ["a", "b", "c"].map((award) => voucherOf(award)),
    );
    const serials = remarks.map((bytes) => (decodeRemark(bytes, prefix) as Mint).serial);
    expect(serials).toEqual(["00000004", "00000005", "00000006"]);
  });

  test("waits when its collection is full or locked", () => {
    const { view } = new ModelFollower(new ModelLedger()).follow(1)!;
    const swords = view.items.collections.get(collection)!;
    const reasons = (change: object) => {
      const collections = new Map([[collection, { ...swords, ...change }]]);
      const { waiting } = nextBatch({ ...view.items, collections }, issuer, [voucherOf("a"), voucherOf("b")]);
      return Array.from(waiting.values());
    };
    expect(reasons({ max: 1 })).toEqual(["collection-full"]);
    expect(reasons({ locked: true })).toEqual(["collection-locked", "collection-locked"]);
    expect(reasons({ issuer: eve })).toEqual(["not-issuer", "not-issuer"]);
    expect(reasons({ destroyed: true })).toEqual(["collection-unknown", "collection-unknown"]);
  });

  const wrong: readonly (readonly [string, Partial<Record<keyof Voucher, unknown>>])[] = [
    ["an address instead of an account", { recipient: "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F" }],
    ["a collection of no issuer", { collection: "SWORDS" }],
    ["a symbol with a separator", { symbol: "a::b" }],
    ["an id in upper case", { id: "AB".repeat(32) }],
    ["metadata of kilobytes", { metadata: `ipfs://${"x".repeat(2000)}` }],
    ["a transferability of its own", { transferable: 5 }],
  ];
  test.for(wrong)("with %s is none", async ([, change]) => {
    const tried = worker(new ModelLedger(), "a");
    const voucher = { ...voucherOf("winner"), ...change } as Voucher;
    await expect(tried.issuer.award(voucher)).rejects.toMatchObject({ code: "voucher-malformed" });
    expect(tried.journal).toEqual([]);
  });
});

test("an id is of a lineage, a room and a key, and of nothing else", () => {
  const id = voucherId(lineage, "room", "winner");
  expect(id).toBe("eb0d5a7294b3d6d2e729a60a335ef9f7a5a1c967b14bb44c4c164dfa4b6f8bc3");
  expect(voucherId(lineage, "room", "winner2")).not.toBe(id);
  expect(voucherId(lineage, "roomw", "inner")).not.toBe(id);
  expect(voucherId(new Uint8Array(32), "room", "winner")).not.toBe(id);
  for (const award of ["", "x".repeat(193)]) {
    expect(() => voucherId(lineage, "room", award)).toThrow(expect.objectContaining({ code: "voucher-malformed" }));
  }
});

describe("a journal", () => {
  test("is read as it was written", () => {
    const intent = {
      nonce: 3,
      birth: { number: 7, hash: "ab".repeat(32) as BlockHash },
      period,
      transaction: utf8ToBytes("signed"),
      vouchers: [voucherOf("a").id],
    };
    for (const entry of [
      { kind: "intent", intent } as const,
      { kind: "voucher", voucher: voucherOf("a", { metadata: "ipfs://a" }) } as const,
    ]) {
      expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
    }
  });

  test.for([
    ["nothing", ""],
    ["another thing", "{}"],
    ["half an entry", '{"id":"'],
    ["an intent without a nonce", '{"transaction":"ab","birth":{},"vouchers":[]}'],
  ])("with %s is refused", ([, text]) => {
    expect(() => decodeEntry(utf8ToBytes(text!))).toThrow(expect.objectContaining({ code: "journal-malformed" }));
  });

  test("lets a worker that starts again send what may still arrive, and nothing else before it", async () => {
    const ledger = new ModelLedger();
    const before = await opened(ledger, "a");
    await before.issuer.award(voucherOf("winner"));
    blocks(ledger, 1);
    await before.turn();
    const after = worker(ledger, "b", { entries: before.journal });
    expect(after.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "submitted" });
    await after.turn();
    expect(after.sent).toEqual(before.sent.slice(-1));
    await settle(ledger, after, 1);
    expect(after.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "final" });
    expect(after.sent.map(isFence)).toEqual([true]);
  });

  test("of a chain that was begun anew keeps nobody from what they have earned until that one is as long as the old one", async () => {
    const old = new ModelLedger();
    const before = await opened(old, "a");
    blocks(old, 5000);
    await before.turn();
    await before.issuer.award(voucherOf("winner"));
    blocks(old, 1);
    await before.turn();
    const ledger = new ModelLedger();
    const after = worker(ledger, "b", { entries: before.journal });
    expect(after.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "submitted" });
    for (let left = 4 * period; left > 0; left--) await settle(ledger, after, 1);
    expect(after.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "final" });
  });
});

describe("a node that takes nothing", () => {
  const winner = voucherOf("winner");
  /** Its account has something left, and too little. */
  async function poor() {
    const ledger = new ModelLedger();
    const follower = new ModelFollower(ledger);
    let refuses = true;
    const made = worker(ledger, "a", {
      submit: (transaction) => {
        if (refuses) return Promise.reject(new ChainError("chain-refused"));
        ledger.submit(transaction);
        return Promise.resolve();
      },
    });
    await made.issuer.award(winner);
    const pass = async (count: number, funds: bigint): Promise<void> => {
      for (let left = count; left > 0; left--) {
        blocks(ledger, 1);
        const { view, words } = follower.follow(ledger.finalized.number)!;
        await made.issuer.turn({ ...view, funds }, words);
      }
    };
    const intents = () => made.journal.filter((entry) => decodeEntry(entry).kind === "intent").length;
    return { made, pass, intents, takes: () => (refuses = false) };
  }

  test("is said to be one that was not paid, and the journal does not fill with what it does not take", async () => {
    const { made, pass, intents } = await poor();
    await pass(period + 1, 5n);
    expect(made.issuer.stageOf(winner.id)).toEqual({ stage: "waiting", reason: "issuer-unfunded" });
    await pass(100 * period, 5n);
    expect(made.issuer.stageOf(winner.id)).toEqual({ stage: "waiting", reason: "issuer-unfunded" });
    expect(intents()).toBeGreaterThan(4);
    expect(intents()).toBeLessThan(15);
  });

  test("is asked at once when the account has more than it had, and later in any case", async () => {
    for (const funds of [6n, 5n]) {
      const { made, pass, intents, takes } = await poor();
      await pass(10 * period, 5n);
      const before = intents();
      takes();
      await pass(2, funds);
      expect(intents()).toBe(funds > 5n ? before + 1 : before);
      await pass(20 * period, funds);
      expect(made.issuer.stageOf(winner.id)).toEqual({ stage: "final" });
    }
  });
});

test("an era names its first block by its place in the period", () => {
  const birth = { number: 1234, hash: "" as BlockHash };
  // 64 is 2^6 and stands as 5; 1234 % 64 is 18, above it.
  expect(encodeEra({ birth, period: 64 })).toEqual(Uint8Array.of(0x25, 0x01));
  expect(lastBlock({ birth, period: 64 })).toBe(1297);
  for (const bad of [2, 12, 8192]) expect(() => encodeEra({ birth, period: bad })).toThrow(RangeError);
});

test("a simulation in which transactions outlive what the fence waits for finds two of one award", async () => {
  const outcome = await new Chaos(duplicating, { nonces: false, lifetime: 64 }).run();
  expect(outcome.most).toBe(2);
});

/** A seed that showed it. */
const duplicating = 1;

test("one that does not sign writes down what is earned, and hears from the chain what became of it", async () => {
  const ledger = new ModelLedger();
  const quiet = worker(ledger, "q", { signs: false });
  const signing = worker(ledger, "s");
  await quiet.issuer.award(voucherOf("a"));
  expect(quiet.journal.map(decodeEntry).map(({ kind }) => kind)).toEqual(["voucher"]);
  signing.issuer.heard(voucherOf("a"));
  for (let i = 0; i < 4 * period && quiet.issuer.open > 0; i++) {
    await signing.turn();
    for (const transaction of signing.sent.splice(0)) ledger.submit(transaction);
    blocks(ledger, 1);
    await quiet.turn();
  }
  expect(quiet.issuer.stageOf(voucherOf("a").id)).toEqual({ stage: "final" });
  expect(quiet.sent).toEqual([]);
  expect(quiet.issuer.stopped).toBe(false);
});

describe("a fee is bounded", () => {
  const one = 10n ** 18n;

  test.for<readonly [string, bigint, number | undefined, boolean]>([
    ["as it usually is", one, undefined, false],
    ["ten times that", 10n * one, undefined, false],
    ["more than ten times that", 10n * one + 1n, undefined, true],
    ["more than a world's own bound", one / 2n + 1n, 0.5, true],
    ["at a world's own bound", one / 2n, 0.5, false],
    ["as much as can be", 2n ** 128n - 1n, 1_000_000, true],
  ])("by the multiplier that the state has: %s", ([, multiplier, max, dear]) => {
    expect(isDear(multiplier, max)).toBe(dear);
  });

  test("by the length of a batch: what is beyond is said in the next one, and what is longer by itself alone", () => {
    const remarks = [1, 60_000, 60_000, 60_000, 1].map((length) => new Uint8Array(length));
    expect(withinBatch(remarks)).toEqual(remarks.slice(0, 3));
    expect(withinBatch(remarks.slice(0, 3))).toHaveLength(3);
    const long = new Uint8Array(140_000);
    expect(withinBatch([long, long])).toEqual([long]);
    expect(withinBatch([])).toEqual([]);
  });
});
