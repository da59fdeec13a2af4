/** Reports out of a store or from a place: sealed and signed by workers, opened and judged on the moderator's own machine. */
import type { Policy } from "#attestation/policy.ts";
import { info } from "#client/lobby.ts";
import { readReports as readReportsAt } from "#client/moderation.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { ReportReader, type ReadReport } from "#protocol/report-reader.ts";
import { listMax, type ChainState, type Store } from "#protocol/store.ts";
import { inspectPlace } from "./verify-place.ts";

/** What was asked makes no sense; the message is for the moderator. */
export class ReportsError extends Error {
  override readonly name = "ReportsError";
}

export interface Found extends ReadReport {
  /** World id, 64 hex digits. */
  readonly world: string;
  /** From 1 on, oldest first. */
  readonly number: number;
}

export interface Wanted {
  /** Ed25519 seed of the moderator, 32 bytes. */
  readonly secret: Uint8Array;
  /** 64 hex digits; undefined: of all worlds that there are, or the one that the place names. */
  readonly world: string | undefined;
  /** Leaves out so many of the oldest. They are read, so that it is noticed if one of them comes again. */
  readonly after: number;
  /** By which the world's enclave signs, 64 hex digits; undefined: nobody looks. */
  readonly signedBy: string | undefined;
  /** Of the rules in question, 64 hex digits; undefined: any. */
  readonly lineage: string | undefined;
}

const prefix = "reports-";
const bytesMax = 1024 * 1024;

/**
 * Oldest first, world by world.
 *
 * @throws ReportsError if this store has none of that world; StoreError.
 */
export async function* readReports(store: Pick<Store, "list" | "records">, wanted: Wanted): AsyncGenerator<Found> {
  const { world } = check(wanted);
  const chains = (await store.list(prefix, "", listMax)).filter(
    ({ chain }) => world === undefined || chain === `${prefix}${world}`,
  );
  if (chains.length === 0)
    throw new ReportsError(
      "No reports are kept there: nobody has reported anything yet, or it is the store of another place.",
    );
  for (const chain of chains) yield* readChain(store, chain, wanted);
}

/**
 * The same from a place that runs, which is asked by the moderator's key.
 *
 * @throws ReportsError for what is no address or no world; ClientError.
 */
export async function* askForReports(url: string, wanted: Wanted): AsyncGenerator<Found> {
  const { secret, after } = check(wanted);
  if (!URL.canParse(url)) throw new ReportsError(`${url} is no address of a place, such as http://localhost:2567.`);
  const world = wanted.world ?? (await info(url)).ready?.world;
  if (world === undefined) throw new ReportsError("This place has no worker at the moment: name its --world.");
  for await (const found of readReportsAt(url, { world, secret, reader: readerOf(world, wanted) })) {
    if (found.number > after) yield { world, ...found };
  }
}

/** What a place's enclave says of its reports; 64 hex digits each. */
export interface Attested {
  readonly world: string;
  readonly lineage: string;
  readonly signedBy: string;
}

/**
 * Asks the enclave of a place by which key it signs reports, and judges it as somebody who joins would.
 *
 * @param wanted what is missing of world and rules is what the place says.
 * @throws QuestionError; ClientError if the enclave is not believed.
 */
export async function attestedAt(
  url: string,
  policy: Policy,
  wanted: { readonly world: string | undefined; readonly contract: string; readonly lineage: string | undefined },
): Promise<Attested> {
  const { shield, refusal } = await inspectPlace({ url, policy, ...wanted });
  if (refusal !== null) throw refusal;
  const { world, lineage, reportKey } = shield.claims;
  return { world: bytesToHex(world), lineage: bytesToHex(lineage), signedBy: bytesToHex(reportKey) };
}

function check(wanted: Wanted): Wanted {
  const { world, after, signedBy, lineage } = wanted;
  if (!Number.isSafeInteger(after) || after < 0) throw new ReportsError("--after counts reports: 0 or more.");
  const hashes = { "--world": world, "--signed-by": signedBy, "--lineage": lineage };
  for (const [name, value] of Object.entries(hashes)) {
    if (value !== undefined && !/^[0-9a-f]{64}$/.test(value)) throw new ReportsError(`${name} has 64 hex digits.`);
  }
  return wanted;
}

const bytesOf = (hex: string | undefined): Uint8Array | undefined => (hex === undefined ? undefined : hexToBytes(hex));

const readerOf = (world: string, { secret, signedBy, lineage }: Wanted): ReportReader =>
  new ReportReader({ world: hexToBytes(world), secret, reportKey: bytesOf(signedBy), lineage: bytesOf(lineage) });

async function* readChain(
  store: Pick<Store, "list" | "records">,
  { chain, length }: ChainState,
  wanted: Wanted,
): AsyncGenerator<Found> {
  const world = chain.slice(prefix.length);
  const reader = readerOf(world, wanted);
  for (let from = 0; from < length;) {
    const records = await store.records(chain, from, bytesMax);
    if (records.length === 0) return;
    for (const { index, record } of records) {
      const read = reader.read(record);
      if (index >= wanted.after) yield { world, number: index + 1, ...read };
    }
    from += records.length;
  }
}
