/** Reads a world's reports as its moderator, one after the other, and says of each why it is not to be believed. */
import { bytesToHex, equalBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { isSignedBy, openReport, type OpenedReport, type Report } from "./report.ts";

/** Each in a sentence for the moderator. */
export const reportDoubts = {
  "report-unreadable": "It is not sealed to this key: it is another moderator's, or no report.",
  "report-repeated": "It is an earlier report once more: whoever keeps the reports put it there again.",
  "report-unsigned": "It is not signed: it is older than signatures are, or whoever keeps the reports made it up.",
  "report-unchecked": "Whether this world's enclave signed it was not looked at: nobody said which key it signs by.",
  "report-forged": "This world's enclave did not sign it: whoever keeps the reports made it up.",
  "report-foreign": "It comes from other rules than those in question. They report what they like.",
} as const;

export type ReportDoubt = keyof typeof reportDoubts;

export interface ReadReport {
  /** Null if there is nothing in it that anybody should read. */
  readonly report: Report | null;
  /** Null: the world's enclave made it, and this is the first time that it is read. */
  readonly doubt: ReportDoubt | null;
}

/** What a moderator knows; 32 bytes each. */
export interface ReaderTerms {
  readonly world: Uint8Array;
  /** Ed25519 seed. */
  readonly secret: Uint8Array;
  /** The world's report key, as evidence binds it: `RoomClaims.reportKey`. Undefined: signatures are not looked at. */
  readonly reportKey: Uint8Array | undefined;
  /** Of the rules in question; undefined: any. */
  readonly lineage?: Uint8Array | undefined;
}

export class ReportReader {
  readonly #terms: ReaderTerms;
  /** Seals of all that were read. */
  readonly #seen = new Set<string>();

  constructor(terms: ReaderTerms) {
    this.#terms = terms;
  }

  /** What it has not read it cannot know again: whoever leaves out the oldest does not notice these a second time. */
  read(sealed: Uint8Array): ReadReport {
    const opened = this.#open(sealed);
    if (opened === undefined) return { report: null, doubt: "report-unreadable" };
    const seal = bytesToHex(opened.seal);
    if (this.#seen.has(seal)) return { report: null, doubt: "report-repeated" };
    this.#seen.add(seal);
    const doubt = this.#doubt(opened);
    return { report: doubt === "report-forged" ? null : opened.report, doubt };
  }

  #doubt(opened: OpenedReport): ReportDoubt | null {
    const { world, reportKey, lineage } = this.#terms;
    if (opened.signed === null) return "report-unsigned";
    if (reportKey === undefined) return "report-unchecked";
    if (!isSignedBy(opened, world, reportKey)) return "report-forged";
    const other = lineage !== undefined && !equalBytes(opened.report.lineage!, lineage);
    return other ? "report-foreign" : null;
  }

  #open(sealed: Uint8Array): OpenedReport | undefined {
    try {
      return openReport(sealed, this.#terms.secret);
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }
}
