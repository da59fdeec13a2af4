/** What every ledger's issuer must hold: one suite, run on each. */
import { describe, expect, test } from "vitest";
import type { UsedItems, Use } from "#enclave/reward/used-items.ts";
import { voucherId, type Voucher, type VoucherId } from "#enclave/reward/voucher.ts";
import type { Stage } from "#enclave/reward/voucher-issuer.ts";
import type { CollectionId } from "#rmrk/ids.ts";
import { alice, bob } from "../rmrk/support/people.ts";

export interface IssuingWorker {
  readonly issuer: {
    readonly open: number;
    award(voucher: Voucher): Promise<void>;
    stageOf(id: VoucherId): Stage | undefined;
  };
  /** Reads what is final, and does what is to be done. */
  turn(): Promise<void>;
}

export interface WorkerOptions {
  /** It begins with what is in it, and writes there. */
  readonly journal: Uint8Array[];
  /** Whether what it sends is lost. */
  readonly lost?: () => boolean;
  /** False: it sends nothing. */
  readonly signs?: boolean;
  /** Writing into the journal fails. */
  readonly broken?: () => boolean;
  /** What rooms have used up. */
  readonly used?: UsedItems;
}

/** Why something waits, and how the world around brings that about. */
export type Obstacle = "collection-unknown" | "not-issuer" | "issuer-unfunded" | "fee-too-high" | "collection-full";

export interface IssuingLedger {
  readonly collection: CollectionId;
  start(options: WorkerOptions): IssuingWorker;
  /** Blocks in which players redeem what they can; all of them are final. */
  advance(blocks: number): void;
  /** Blocks of which the newest so many are exchanged for others. */
  exchange(blocks: number): void;
  set(obstacle: Obstacle | undefined): void;
  /** How many items of each voucher were ever minted on the final chain. */
  minted(): ReadonlyMap<string, number>;
  /** Which was minted for a voucher, as rooms name it. */
  itemOf(voucher: Voucher): Use["item"];
  /** Items of which the issuer says in final blocks that they are used up, as often as it says so. */
  saidUsed(): readonly string[];
}

/** Blocks after which whatever was signed before is dead, a fence is open, and what waited was issued. */
export const enough = 60;

const mintedOf = (ledger: IssuingLedger, { id }: Voucher): number => ledger.minted().get(id) ?? 0;

const order: readonly Stage["stage"][] = ["earned", "waiting", "redeemable", "submitted", "in-block", "final"];

export const voucherOf = (ledger: IssuingLedger, award: string, more: Partial<Voucher> = {}): Voucher => ({
  id: voucherId(new Uint8Array(32).fill(5), "room", award),
  recipient: alice,
  collection: ledger.collection,
  symbol: "sword",
  transferable: 1,
  metadata: "ipfs://sword",
  ...more,
});

/** Blocks in which everybody takes part. */
export async function settle(ledger: IssuingLedger, workers: readonly IssuingWorker[], blocks = enough): Promise<void> {
  for (let left = blocks; left > 0; left--) {
    for (const worker of workers) await worker.turn();
    ledger.advance(1);
  }
  for (const worker of workers) await worker.turn();
}

/** @param open a ledger on which nothing was issued yet. @param obstacles that it knows. */
export function issuerConformance(open: () => IssuingLedger, obstacles: readonly Obstacle[]): void {
  test.for([
    ["that can pay", alice],
    ["that cannot", bob],
  ] as const)("what a player earned who has an account %s becomes one item, stage by stage", async ([, recipient]) => {
    const ledger = open();
    const worker = ledger.start({ journal: [] });
    const voucher = voucherOf(ledger, "winner", { recipient });
    expect(worker.issuer.stageOf(voucher.id)).toBeUndefined();
    await worker.issuer.award(voucher);
    const stages: Stage["stage"][] = [];
    for (let left = enough; left > 0; left--) {
      await worker.turn();
      stages.push(worker.issuer.stageOf(voucher.id)!.stage);
      ledger.advance(1);
    }
    expect(stages).toEqual(stages.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(stages.at(-1)).toBe("final");
    expect([worker.issuer.open, mintedOf(ledger, voucher)]).toEqual([0, 1]);
  });

  test("the same award again changes nothing, before and after it is final; another one under its id is refused", async () => {
    const ledger = open();
    const journal: Uint8Array[] = [];
    const worker = ledger.start({ journal });
    const voucher = voucherOf(ledger, "winner");
    await worker.issuer.award(voucher);
    const written = journal.length;
    await worker.issuer.award(voucher);
    expect(journal).toHaveLength(written);
    await expect(worker.issuer.award({ ...voucher, recipient: bob })).rejects.toMatchObject({
      code: "voucher-contradicted",
    });
    await expect(worker.issuer.award({ ...voucher, id: "winner" as VoucherId })).rejects.toMatchObject({
      code: "voucher-malformed",
    });
    await settle(ledger, [worker]);
    await worker.issuer.award({ ...voucher, recipient: bob });
    await settle(ledger, [worker]);
    expect([worker.issuer.open, mintedOf(ledger, voucher)]).toEqual([0, 1]);
  });

  test.for([
    ["all of its journal", 1],
    ["half of its journal", 0.5],
    ["no journal", 0],
  ] as const)("a worker that begins again with %s issues nothing twice, and leaves nothing out", async ([, kept]) => {
    const ledger = open();
    const journal: Uint8Array[] = [];
    const awards = Array.from({ length: 6 }, (_, i) =>
      voucherOf(ledger, `award ${i}`, { recipient: i % 2 === 0 ? alice : bob }),
    );
    const first = ledger.start({ journal });
    for (const voucher of awards.slice(0, 3)) await first.issuer.award(voucher);
    // Long enough that something is on its way.
    await settle(ledger, [first], 11);
    for (const voucher of awards.slice(3)) await first.issuer.award(voucher);
    await first.turn();
    const second = ledger.start({ journal: journal.slice(0, Math.floor(journal.length * kept)) });
    for (const voucher of awards) await second.issuer.award(voucher);
    await settle(ledger, [second]);
    expect(awards.map((voucher) => mintedOf(ledger, voucher))).toEqual([1, 1, 1, 1, 1, 1]);
    expect(second.issuer.open).toBe(0);
  });

  test("two workers on one key, which know nothing of each other, issue each award once", async () => {
    const ledger = open();
    const [first, second] = [ledger.start({ journal: [] }), ledger.start({ journal: [] })];
    const awards = [alice, bob, alice].map((recipient, i) => voucherOf(ledger, `award ${i}`, { recipient }));
    for (const voucher of awards) for (const worker of [first, second]) await worker.issuer.award(voucher);
    await settle(ledger, [first, second]);
    expect(awards.map((voucher) => mintedOf(ledger, voucher))).toEqual([1, 1, 1]);
    expect(Math.min(first.issuer.open, second.issuer.open)).toBe(0);
  });

  test("what was lost on its way is sent again", async () => {
    const ledger = open();
    let sends = 0;
    const worker = ledger.start({ journal: [], lost: () => sends++ % 3 < 2 });
    const voucher = voucherOf(ledger, "winner", { recipient: bob });
    await worker.issuer.award(voucher);
    await settle(ledger, [worker]);
    expect(sends).toBeGreaterThan(1);
    expect([worker.issuer.open, mintedOf(ledger, voucher)]).toEqual([0, 1]);
  });

  test("blocks that are exchanged for others take nothing away and add nothing", async () => {
    const ledger = open();
    const worker = ledger.start({ journal: [] });
    const awards = [alice, bob].map((recipient, i) => voucherOf(ledger, `award ${i}`, { recipient }));
    for (const voucher of awards) await worker.issuer.award(voucher);
    for (let left = enough; left > 0; left--) {
      await worker.turn();
      ledger.exchange(3);
      ledger.advance(1);
    }
    await worker.turn();
    expect(awards.map((voucher) => mintedOf(ledger, voucher))).toEqual([1, 1]);
    expect(worker.issuer.open).toBe(0);
  });

  test("far more than goes into one transaction, or into one turn, becomes items all the same", async () => {
    const ledger = open();
    const worker = ledger.start({ journal: [] });
    const awards = Array.from({ length: 150 }, (_, i) =>
      voucherOf(ledger, `award ${i}`, { recipient: i % 2 === 0 ? alice : bob }),
    );
    for (const voucher of awards) await worker.issuer.award(voucher);
    await settle(ledger, [worker]);
    const minted = ledger.minted();
    expect(awards.filter(({ id }) => minted.get(id) !== 1)).toEqual([]);
    expect(worker.issuer.open).toBe(0);
  });

  test("a worker that sends nothing hears what another one has issued", async () => {
    const ledger = open();
    const journal: Uint8Array[] = [];
    const voucher = voucherOf(ledger, "winner", { recipient: bob });
    const sending = ledger.start({ journal });
    await sending.issuer.award(voucher);
    const listening = ledger.start({ journal, signs: false });
    await settle(ledger, [listening], 20);
    expect(mintedOf(ledger, voucher)).toBe(0);
    await settle(ledger, [sending, listening]);
    expect(listening.issuer.stageOf(voucher.id)).toEqual({ stage: "final" });
  });

  test("nothing is sent that could not be written down before", async () => {
    const ledger = open();
    let broken = false;
    const worker = ledger.start({
      journal: [],
      broken: () => broken,
    });
    const voucher = voucherOf(ledger, "winner", { recipient: bob });
    await worker.issuer.award(voucher);
    broken = true;
    for (let left = enough; left > 0; left--) {
      await worker.turn().catch(() => undefined);
      ledger.advance(1);
    }
    expect(mintedOf(ledger, voucher)).toBe(0);
    broken = false;
    await settle(ledger, [worker]);
    expect([worker.issuer.open, mintedOf(ledger, voucher)]).toEqual([0, 1]);
  });

  describe("what cannot be issued waits, says why, and goes on by itself", () => {
    test.for(obstacles)("%s", async (obstacle) => {
      const ledger = open();
      const worker = ledger.start({ journal: [] });
      const voucher = voucherOf(ledger, "winner", { recipient: bob });
      ledger.set(obstacle);
      await worker.issuer.award(voucher);
      await settle(ledger, [worker]);
      expect(worker.issuer.stageOf(voucher.id)).toEqual({ stage: "waiting", reason: obstacle });
      expect(mintedOf(ledger, voucher)).toBe(0);
      ledger.set(undefined);
      await settle(ledger, [worker]);
      expect([worker.issuer.open, mintedOf(ledger, voucher)]).toEqual([0, 1]);
    });
  });
}
