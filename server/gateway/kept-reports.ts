/**
 * Reports that workers have sealed to the world's moderator, for the moderator and nobody else. The gateway cannot read
 * them; that nobody else is told how many there are, and when they came, is its word.
 */
import { hexToBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { answerBytesMax, isAskedBy, type KeptReport, type ReportQuestion } from "#protocol/report-reading.ts";
import { reportsChain } from "#protocol/report.ts";
import type { Store } from "#protocol/store.ts";

export interface KeptReportsPorts {
  readonly store: Pick<Store, "state" | "records">;
  /** Ed25519 public key, 64 hex digits. */
  readonly moderator: string;
  /** Unix ms. */
  readonly now: () => number;
}

export class KeptReports {
  readonly #ports: KeptReportsPorts;

  constructor(ports: KeptReportsPorts) {
    this.#ports = ports;
  }

  /**
   * Oldest first, as many as one answer holds; none is the end.
   *
   * @param isOurs whether this gateway is known by an origin.
   * @throws ProtocolError "reports-refused" if somebody else asks, "reports-elsewhere" if another place was asked; StoreError.
   */
  async read(question: ReportQuestion, isOurs: (origin: string) => boolean): Promise<readonly KeptReport[]> {
    const { store, moderator, now } = this.#ports;
    if (!isAskedBy(hexToBytes(moderator), question, now())) throw new ProtocolError("reports-refused");
    // Without this, whoever runs the place that was asked could ask this one with the same question.
    if (!isOurs(question.place)) throw new ProtocolError("reports-elsewhere");
    const chain = reportsChain(hexToBytes(question.world));
    const state = await store.state(chain);
    if (state === undefined || state.length <= question.after) return [];
    const records = await store.records(chain, question.after, answerBytesMax);
    return records.map(({ index, record }) => ({ number: index + 1, sealed: record }));
  }
}
