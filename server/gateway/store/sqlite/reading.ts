/** Looking at chains: what writing and reading have in common, and a reader beside a gateway that writes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { listMax, recordsMax, StoreError, type ChainId, type ChainState, type StoredRecord } from "#protocol/store.ts";
import type { StoreReader } from "../open.ts";
import { blob, damaged, SqliteFile } from "./file.ts";
import { describe } from "./errors.ts";

interface ChainRow {
  readonly chain: ChainId;
  readonly length: number;
  readonly first: number;
  readonly changed_at: number;
  readonly head: Uint8Array;
}

export function stateIn(file: SqliteFile, chain: ChainId): ChainState | undefined {
  const row = file.sql("select * from chains where chain = ?").get(chain);
  return row === undefined ? undefined : stateOf(row as unknown as ChainRow);
}

export function recordsIn(file: SqliteFile, chain: ChainId, from: number, bytesMax: number): StoredRecord[] {
  const rows = file
    .sql(
      `select number, head, record from records
       where chain = ? and number >= ? and record is not null order by number`,
    )
    .iterate(chain, from);
  const found: StoredRecord[] = [];
  let bytes = 0;
  for (const row of rows) {
    const record = blob(row["record"]);
    bytes += record.length;
    if (found.length > 0 && (bytes > bytesMax || found.length === recordsMax)) break;
    found.push({ index: Number(row["number"]), head: blob(row["head"]), record });
  }
  return found;
}

export function listIn(file: SqliteFile, prefix: string, after: string, count: number): ChainState[] {
  const rows = file
    .sql("select * from chains where chain > ?1 and substr(chain, 1, length(?2)) = ?2 order by chain limit ?3")
    .all(after, prefix, Math.min(count, listMax));
  return rows.map((row) => stateOf(row as unknown as ChainRow));
}

const stateOf = ({ chain, length, first, changed_at, head }: ChainRow): ChainState => ({
  chain,
  length,
  first,
  head,
  changedAt: changed_at,
});

/** A gateway may have it open meanwhile. Nothing is written or made. @throws StoreError "store-failed" or "store-damaged". */
export function openSqliteReader(directory: string): StoreReader {
  const path = join(directory, "store.sqlite");
  if (!existsSync(path)) throw new StoreError("store-failed", `there is no ${path}`);
  const file = told(() => {
    const database = new DatabaseSync(path, { readOnly: true });
    const version = Number(database.prepare("pragma user_version").get()?.["user_version"]);
    // Chains and records are the same in both.
    if (version !== 1 && version !== 2) throw damaged(`layout ${version} of another version`);
    return new SqliteFile(database);
  });
  return {
    list: async (prefix, after, count) => told(() => listIn(file, prefix, after, count)),
    records: async (chain, from, bytesMax) => told(() => recordsIn(file, chain, from, bytesMax)),
    close: async () => file.close(),
  };
}

function told<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof StoreError ? error : describe(error);
  }
}
