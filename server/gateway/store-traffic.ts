/** What the store was asked, in numbers: for the operator. */
import { Histogram } from "prom-client";
import type { StoreQuestion } from "#protocol/store-link.ts";
import type { StoreErrorCode } from "#protocol/store.ts";

export class StoreTraffic {
  /** Records, the calls they came in, and bytes of records and snapshots. */
  appends = 0;
  batches = 0;
  bytes = 0;
  readonly failures = new Map<StoreErrorCode, number>();
  /** From the question to the answer of an append: what a player's acknowledgement waits for. */
  readonly appendSeconds = new Histogram({
    name: "phatroom_gateway_store_append_seconds",
    help: "How long appends take until they are durable",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers: [],
  });

  answered(question: StoreQuestion, ms: number): void {
    if (question.name === "save") this.bytes += question.given.bytes.length;
    if (question.name !== "append") return;
    this.batches += 1;
    this.appends += question.given.length;
    for (const { record } of question.given) this.bytes += record.length;
    this.appendSeconds.observe(ms / 1000);
  }

  failed(code: StoreErrorCode): void {
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
  }
}
