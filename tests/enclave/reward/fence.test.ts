/** The fence: of all workers that an issuer has, the newest alone signs. */
import { describe, expect, test } from "vitest";
import { Fence, fenceRemark } from "#enclave/reward/fence.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { eve } from "../../rmrk/support/people.ts";
import { issuer, ModelLedger } from "./model-ledger.ts";
import { blocks, boot, isFence, mintsIn, opened, period, settle, voucherOf, worker } from "./tried-worker.ts";

describe("the fence", () => {
  test("is the first thing that a worker signs, and nothing follows until it is final and a period has passed", async () => {
    const ledger = new ModelLedger();
    const tried = worker(ledger, "a");
    await tried.issuer.award(voucherOf("winner"));
    await tried.turn();
    expect(tried.sent.map(isFence)).toEqual([true]);
    ledger.submit(tried.sent.pop()!);
    blocks(ledger, 1);
    const fenced = ledger.finalized.number;
    for (;;) {
      await tried.turn();
      if (tried.sent.length > 0) break;
      blocks(ledger, 1);
    }
    expect(ledger.finalized.number).toBe(fenced + period + 1);
    expect(tried.sent.map(isFence)).toEqual([false]);
    await settle(ledger, tried, 1);
    expect(tried.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "final" });
  });

  test("that died is signed again", async () => {
    const ledger = new ModelLedger();
    const tried = worker(ledger, "a");
    await tried.turn();
    const [first] = tried.sent.splice(0);
    blocks(ledger, period);
    await tried.turn();
    expect(tried.sent).toHaveLength(1);
    expect(tried.sent[0]).not.toEqual(first);
  });

  test("of another worker behind its own stops a worker for good", async () => {
    const ledger = new ModelLedger(false);
    const first = await opened(ledger, "a");
    const second = worker(ledger, "b");
    await second.turn();
    await first.issuer.award(voucherOf("winner"));
    blocks(ledger, 1);
    await first.turn();
    // It has just sent something, and does not even send that again.
    expect(first.sent.splice(0)).toHaveLength(1);
    await settle(ledger, second, 1);
    await first.turn();
    expect(first.issuer.stopped).toBe(true);
    blocks(ledger, 50);
    await first.turn();
    expect(first.sent).toEqual([]);
    expect(second.issuer.stopped).toBe(false);
  });

  test("of the same account before its own does not, nor what a stranger says", () => {
    const fence = new Fence(issuer, boot("a"), period);
    const word = (name: string, block: number, caller = issuer) => ({
      block,
      extrinsic: 0,
      caller,
      bytes: fenceRemark(boot(name)),
    });
    fence.read([word("z", 4), word("a", 5), word("b", 6, eve)]);
    fence.read([{ ...word("a", 7), bytes: utf8ToBytes("PHATROOM::SOMETHING ELSE") }, word("a", 8)]);
    expect([fence.stands, fence.stopped]).toEqual([true, false]);
    expect([fence.open(5 + period), fence.open(5 + period + 1)]).toEqual([false, true]);
    fence.read([word("b", 9)]);
    expect([fence.stopped, fence.open(999)]).toEqual([true, false]);
  });

  test("keeps two workers from one award, even where nonces do not and a host hides blocks from the first", async () => {
    const ledger = new ModelLedger(false);
    const first = await opened(ledger, "a");
    await first.issuer.award(voucherOf("winner"));
    const hidden = ledger.finalized.number;
    blocks(ledger, 1);
    await first.turn(hidden + 1);
    const [late] = first.sent.splice(0);
    const second = worker(ledger, "b");
    await second.issuer.award(voucherOf("winner"));
    await second.turn();
    await settle(ledger, second, 2);
    // The host lets go of it at the last moment.
    ledger.submit(late!);
    await settle(ledger, second, period + 12);
    expect(second.issuer.stageOf(voucherOf("winner").id)).toEqual({ stage: "final" });
    // It was in time here: had the second one signed as soon as its fence was final, there would be two.
    expect(mintsIn(ledger)).toBe(1);
  });
});
