/** A worker that issues on a model of a chain, whose transactions wait until a test hands them on. */
import type { Era } from "#enclave/ledger/runtime/era.ts";
import { Issuer, type IssuerOptions, type IssuingView } from "#enclave/reward/issuer.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { alice } from "../../rmrk/support/people.ts";
import { collection, issuer, ModelFollower, type ModelLedger, remarksIn, signModel } from "./model-ledger.ts";

export const lineage = new Uint8Array(32).fill(5);
export const period = 8;
export const boot = (name: string): Uint8Array => new Uint8Array(32).fill(name.charCodeAt(0));

export const voucherOf = (award: string, more: Partial<Voucher> = {}): Voucher => ({
  id: voucherId(lineage, "room", award),
  recipient: alice,
  collection,
  symbol: "sword",
  transferable: 1,
  metadata: undefined,
  ...more,
});

export interface Tried {
  readonly issuer: Issuer;
  readonly sent: Uint8Array[];
  readonly journal: Uint8Array[];
  /** Follows to a final block, or to the newest. */
  turn(to?: number): Promise<void>;
}

/** A worker whose transactions are held back until the test hands them on. */
export function worker(ledger: ModelLedger, name: string, more: Partial<IssuerOptions<IssuingView>> = {}): Tried {
  const sent: Uint8Array[] = [];
  const journal: Uint8Array[] = [];
  const follower = new ModelFollower(ledger);
  const made = new Issuer({
    account: issuer,
    boot: boot(name),
    period,
    entries: [],
    journal: { append: (entry) => Promise.resolve(void journal.push(entry)) },
    sign: (remarks: readonly Uint8Array[], nonce: number, era: Era) => signModel(remarks, nonce, era),
    submit: (transaction) => Promise.resolve(void sent.push(transaction)),
    ...more,
  });
  return {
    issuer: made,
    sent,
    journal,
    async turn(to = ledger.finalized.number) {
      const step = follower.follow(to);
      if (step !== undefined) await made.turn(step.view, step.words);
    },
  };
}

export function blocks(ledger: ModelLedger, count: number): void {
  for (let left = count; left > 0; left--) {
    ledger.newBlock();
    ledger.finalize(0);
  }
}

/** Whether a transaction is a fence. */
export const isFence = (transaction: Uint8Array): boolean =>
  remarksIn(Buffer.from(transaction).toString()).some((bytes) => Buffer.from(bytes).includes("PHATROOM::FENCE"));

/** Hands on what was sent, and lets the worker see it. */
export async function settle(ledger: ModelLedger, tried: Tried, count = 1): Promise<void> {
  for (let left = count; left > 0; left--) {
    for (const transaction of tried.sent.splice(0)) ledger.submit(transaction);
    blocks(ledger, 1);
    await tried.turn();
  }
}

export async function opened(ledger: ModelLedger, name: string): Promise<Tried> {
  const tried = worker(ledger, name);
  await tried.turn();
  await settle(ledger, tried, period + 3);
  return tried;
}

export const mintsIn = (ledger: ModelLedger): number =>
  ledger
    .finalChain(ledger.finalized.number)
    .flatMap(({ transactions }) => transactions.flatMap((transaction) => remarksIn(transaction)))
    .filter((bytes) => Buffer.from(bytes).toString().startsWith("RMRK::MINT")).length;
