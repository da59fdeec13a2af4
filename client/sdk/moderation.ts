/** For a world's moderator: what players have reported, read from a gateway and opened here, by the moderator's key. */
import { ProtocolError } from "#protocol/errors.ts";
import { askReports } from "#protocol/report-reading.ts";
import { openReport, type Report } from "#protocol/report.ts";
import { ClientError } from "./errors.ts";
import { askPlace, type Asking } from "./lobby.ts";

export interface FiledReport {
  /** From 1 on, oldest first. */
  readonly number: number;
  /** Undefined if it is not sealed to this key: another moderator's, or no report. */
  readonly report: Report | undefined;
}

export interface ReportWish {
  /** World id, 64 hex digits. */
  readonly world: string;
  /** Ed25519 seed of the moderator, 32 bytes. It stays here: the gateway is shown a signature. */
  readonly secret: Uint8Array;
  /** Leaves out so many of the oldest; default none. */
  readonly after?: number;
}

/**
 * All of them, oldest first.
 *
 * @throws ClientError of source "gateway": "reports-refused" for who is not the moderator, or where none are kept;
 *   "unreachable", "malformed".
 */
export async function* readReports(
  url: string,
  { world, secret, after = 0 }: ReportWish,
  asking?: Asking,
): AsyncGenerator<FiledReport> {
  for (let from = after; ;) {
    const answer = await askPlace(url, "reports", asking, { ...askReports(secret, world, from, Date.now()) });
    const reports = filed(answer);
    if (reports.length === 0) return;
    for (const { number, sealed } of reports) {
      if (number !== from + 1) throw malformed();
      from = number;
      yield { number, report: opened(sealed, secret) };
    }
  }
}

function filed(answer: unknown): readonly { readonly number: number; readonly sealed: Uint8Array }[] {
  const { reports } = answer as { readonly reports?: unknown };
  if (!Array.isArray(reports)) throw malformed();
  return reports.map((entry: unknown) => {
    const { number, sealed } = entry as { readonly number?: unknown; readonly sealed?: unknown };
    if (typeof number !== "number" || typeof sealed !== "string") throw malformed();
    try {
      return { number, sealed: Uint8Array.from(atob(sealed), (unit) => unit.charCodeAt(0)) };
    } catch {
      throw malformed();
    }
  });
}

function opened(sealed: Uint8Array, secret: Uint8Array): Report | undefined {
  try {
    return openReport(sealed, secret);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const malformed = (): ClientError => new ClientError("malformed", { source: "gateway", detail: "reports" });
