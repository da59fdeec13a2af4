/** Reports out of a store: sealed by workers, opened by the moderator's key on the moderator's own machine. */
import { info } from "#client/lobby.ts";
import { readReports as readReportsAt } from "#client/moderation.ts";
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
  store: Pick<Store, "list" | "records">,
  secret: Uint8Array,
  world: string | undefined,
  after: number,
): AsyncGenerator<Found> {
  checkAfter(after);
  const chains = (await store.list(prefix, "", listMax)).filter(
    ({ chain }) => world === undefined || chain === `${prefix}${world}`,
  );
  if (chains.length === 0) throw new ReportsError("No reports are kept there.");
  for (const chain of chains) yield* readChain(store, chain, secret, after);
}

/**
 * The same from a place that runs, which is asked by the moderator's key.
 *
 * @param world of a place whose worker is away; default: what its worker says.
 * @throws ReportsError for what is no address or no world; ClientError.
 */
export async function* askForReports(
  url: string,
  secret: Uint8Array,
  world: string | undefined,
  after: number,
): AsyncGenerator<Found> {
  checkAfter(after);
  if (!URL.canParse(url)) throw new ReportsError(`${url} is no address`);
  const asked = world ?? (await info(url)).ready?.world;
  if (asked === undefined) throw new ReportsError("This place has no worker at the moment: name its --world.");
  if (!/^[0-9a-f]{64}$/.test(asked)) throw new ReportsError("A world is 64 hex digits.");
  for await (const found of readReportsAt(url, { world: asked, secret, after })) yield { world: asked, ...found };
}

function checkAfter(after: number): void {
  if (!Number.isSafeInteger(after) || after < 0) throw new ReportsError("--after counts reports: 0 or more.");
}

async function* readChain(
  store: Pick<Store, "list" | "records">,
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
