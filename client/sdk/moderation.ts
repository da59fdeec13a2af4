/** For a world's moderator: what players have reported, read from a gateway and opened here, by the moderator's key. */
import type { ReadReport, ReportReader } from "#protocol/report-reader.ts";
import { askReports } from "#protocol/report-reading.ts";
import { ClientError } from "./errors.ts";
import { askPlace, httpAddress, type Asking } from "./lobby.ts";

export interface FiledReport extends ReadReport {
  /** From 1 on, oldest first. */
  readonly number: number;
}

export interface ReportWish {
  /** World id, 64 hex digits. */
  readonly world: string;
  /** Ed25519 seed of the moderator, 32 bytes. It stays here: the gateway is shown a signature. */
  readonly secret: Uint8Array;
  /** Judges them; the key it needs is in the shield of any room of that world: `room.shield.claims.reportKey`. */
  readonly reader: ReportReader;
  /** Leaves out so many of the oldest: those that the reader has read before. Default none. */
  readonly after?: number;
}

/**
 * All of them, oldest first.
 *
 * @throws ClientError of source "gateway": "reports-refused" for who is not the moderator, or where none are kept;
 *   "reports-elsewhere" if the place is not known by this address; "unreachable", "malformed".
 */
export async function* readReports(
  url: string,
  { world, secret, reader, after = 0 }: ReportWish,
  asking?: Asking,
): AsyncGenerator<FiledReport> {
  const place = new URL(httpAddress(url)).origin;
  for (let from = after; ;) {
    const question = askReports(secret, { place, world, after: from, at: Date.now() });
    const reports = filed(await askPlace(url, "reports", asking, question));
    if (reports.length === 0) return;
    for (const { number, sealed } of reports) {
      if (number !== from + 1) throw malformed();
      from = number;
      yield { number, ...reader.read(sealed) };
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

const malformed = (): ClientError => new ClientError("malformed", { source: "gateway", detail: "reports" });
