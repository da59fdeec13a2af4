/** Reports out of a store: sealed by workers, opened by the moderator's key on the moderator's own machine. */
import { ProtocolError } from "#protocol/errors.ts";
import { openReport, type Report } from "#protocol/report.ts";
import { listMax, type ChainState, type Store } from "#protocol/store.ts";

/** What was asked makes no sense; the message is for the moderator. */
export class ReportsError extends Error {
  override readonly name = "ReportsError";
}

export interface Found {
  /** World id, 64 hex digits. */
  readonly world: string;
  /** From 1 on, oldest first. */
  readonly number: number;
  /** Undefined if it is not sealed to this key: another moderator's, or no report. */
  readonly report: Report | undefined;
}

const prefix = "reports-";
const bytesMax = 1024 * 1024;

/**
 * Oldest first, world by world.
 *
 * @param secret Ed25519 seed of the moderator, 32 bytes.
 * @throws ReportsError if this store has none of that world; StoreError.
 */
export async function* readReports(
  store: Store,
  secret: Uint8Array,
  world: string | undefined,
  after: number,
): AsyncGenerator<Found> {
  if (!Number.isSafeInteger(after) || after < 0) throw new ReportsError("--after counts reports: 0 or more.");
  const chains = (await store.list(prefix, "", listMax)).filter(
    ({ chain }) => world === undefined || chain === `${prefix}${world}`,
  );
  if (chains.length === 0) throw new ReportsError("No reports are kept there.");
  for (const chain of chains) yield* readChain(store, chain, secret, after);
}

async function* readChain(
  store: Store,
  { chain, length }: ChainState,
  secret: Uint8Array,
  after: number,
): AsyncGenerator<Found> {
  for (let from = after; from < length;) {
    const records = await store.records(chain, from, bytesMax);
    if (records.length === 0) return;
    for (const { index, record } of records) {
      yield { world: chain.slice(prefix.length), number: index + 1, report: opened(record, secret) };
    }
    from += records.length;
  }
}

function opened(record: Uint8Array, secret: Uint8Array): Report | undefined {
  try {
    return openReport(record, secret);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
