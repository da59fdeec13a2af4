/** What is measured on a chain, the same for each: by @polkadot/api, in the process in which the chain runs. */
import { ApiPromise, Keyring } from "@polkadot/api";
import type { ApiOptions } from "@polkadot/api/types";

export interface Amounts {
  readonly emptyBlocks: number;
  /** Transactions with one remark each, all in one block. */
  readonly transactions: number;
  /** Transactions with a hundred remarks each, all in one block. */
  readonly batches: number;
}

export interface Measured {
  /** From the start of the process until the chain answers. */
  readonly bootMs: number;
  readonly emptyBlockMs: readonly number[];
  readonly transactionsPerS: number;
  readonly remarksPerS: number;
}

export const batchSize = 100;
/** As long as an RMRK interaction. */
const remark = `RMRK::MINT::2.0.0::${"x".repeat(200)}`;

/** @param newBlock makes one of what waits. */
export async function measure(
  provider: unknown,
  newBlock: () => unknown,
  bootMs: number,
  { emptyBlocks, transactions, batches }: Amounts,
): Promise<Measured> {
  const api = await ApiPromise.create({ provider, noInitWarn: true } as ApiOptions);
  const alice = new Keyring({ type: "sr25519" }).addFromUri("//Alice");
  const emptyBlockMs: number[] = [];
  for (let i = 0; i < emptyBlocks; i++) {
    const start = performance.now();
    await newBlock();
    emptyBlockMs.push(performance.now() - start);
  }

  let nonce = 0;
  /** Signed before, so that only the chain is timed: from the first submission until all are in a block. */
  const perSecond = async (count: number, make: () => ReturnType<typeof one>): Promise<number> => {
    const signed: string[] = [];
    for (let i = 0; i < count; i++) signed.push((await make().signAsync(alice, { nonce: nonce++, era: 0 })).toHex());
    const start = performance.now();
    for (const transaction of signed) await api.rpc.author.submitExtrinsic(transaction);
    await newBlock();
    const seconds = (performance.now() - start) / 1000;
    const next = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const waiting = (await api.rpc.author.pendingExtrinsics()).length;
    if (next !== nonce || waiting > 0) throw new Error(`${waiting} transactions did not get into the block`);
    return count / seconds;
  };
  const one = () => api.tx["system"]!["remark"]!(remark);
  const batch = () => api.tx["utility"]!["batchAll"]!(Array.from({ length: batchSize }, one));
  const transactionsPerS = await perSecond(transactions, one);
  const remarksPerS = (await perSecond(batches, batch)) * batchSize;
  await api.disconnect();
  return { bootMs, emptyBlockMs, transactionsPerS, remarksPerS };
}
