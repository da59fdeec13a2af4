/**
 * A local chain with the same runtime, ours beside chopsticks: how soon it answers, how long a block takes, how many
 * remarks fit into a second. Ours computes state roots and has the runtime check each block; chopsticks does neither.
 */
import type { Measured as MeasuredBench } from "./benches.ts";
import { batchSize, type Amounts, type Measured } from "./chain/measured.ts";
import type { Usage } from "./processes/child.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import { ratiosTo, type Row } from "./report.ts";
import { percentile } from "./statistics.ts";

const chains = [
  { name: "phatroom", file: "chain/ours.ts" },
  { name: "chopsticks-core 1.5.1", file: "chain/chopsticks.ts" },
] as const;

const amounts: Amounts = { emptyBlocks: 50, transactions: 200, batches: 20 };
const amountsQuick: Amounts = { emptyBlocks: 5, transactions: 5, batches: 2 };

export async function measureChain({ quick }: Options): Promise<MeasuredBench> {
  const rows: Row[] = [];
  for (const { name, file } of chains) {
    progress(`chain: ${name}`);
    const child = new Process(name, file);
    try {
      const measured = await child.ask<Measured>("measure", quick ? amountsQuick : amounts);
      rows.push(rowOf(name, measured, await child.ask<Usage>("usage")));
    } finally {
      await child.stop();
    }
  }
  const keys = ["boot_ms", "empty_block_p50_ms", "remark_transactions_per_s", "batched_remarks_per_s", "rss_mib"];
  return {
    rows,
    ratios: Object.assign({}, ...keys.map((key) => ratiosTo(rows, "phatroom", key))) as Record<string, number>,
  };
}

const rowOf = (
  name: string,
  { bootMs, emptyBlockMs, transactionsPerS, remarksPerS }: Measured,
  { rss }: Usage,
): Row => ({
  name,
  boot_ms: bootMs,
  empty_blocks: emptyBlockMs.length,
  empty_block_p50_ms: percentile(emptyBlockMs, 50),
  empty_block_p95_ms: percentile(emptyBlockMs, 95),
  remark_transactions_per_s: transactionsPerS,
  remarks_in_a_batch: batchSize,
  batched_remarks_per_s: remarksPerS,
  rss_mib: rss / 2 ** 20,
});
