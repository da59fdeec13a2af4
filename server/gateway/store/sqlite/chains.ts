/** Chains in SQLite, synchronously: what the store's thread does for each question. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  headsMax,
  noHead,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type StoredRecord,
} from "#protocol/store.ts";
import { Checkpoints } from "./checkpoints.ts";
import { describe } from "./errors.ts";
import { blob, damaged, sameBytes, SqliteFile } from "./file.ts";
import { listIn, recordsIn, stateIn } from "./reading.ts";
import { SqliteSnapshots } from "./snapshots.ts";
import { fromVersion1, lock, schema, schemaVersion, settings } from "./schema.ts";

/** States of chains that are kept in mind: of more rooms than a machine has awake. */
const statesKept = 65_536;

/** What one record changes in the file at least. */
const pageLength = 4096;

export class SqliteChains {
  readonly #lock: DatabaseSync;
  readonly #file: SqliteFile;
  readonly #checkpoints: Checkpoints;
  readonly #snapshots: SqliteSnapshots;
  /** As they are on the disk: this is the only writer. */
  readonly #states = new Map<ChainId, ChainState>();

  private constructor(lock: DatabaseSync, file: SqliteFile, checkpoints: Checkpoints) {
    this.#lock = lock;
    this.#file = file;
    this.#checkpoints = checkpoints;
    this.#snapshots = new SqliteSnapshots(file, checkpoints);
  }

  /** @throws StoreError "store-damaged" if the file is something else, "store-in-use"; errors of SQLite. */
  static open(directory: string): SqliteChains {
    const locked = lockOf(directory);
    const path = join(directory, "store.sqlite");
    const file = naming(path, () => openFile(path));
    return new SqliteChains(locked, file, new Checkpoints(path, file));
  }

  /** One transaction, one sync. */
  append(batch: readonly Append[]): Appended[] {
    const changed = new Map<ChainId, ChainState>();
    const answers = this.#file.transaction(() => {
      const all = batch.map((append) => this.#appendOne(append, changed));
      for (const state of changed.values()) this.#writeState(state);
      return all;
    });
    for (const [chain, state] of changed) this.#remember(chain, state);
    this.#checkpoints.wrote(batch.reduce((sum, { record }) => sum + record.length, pageLength * batch.length));
    return answers;
  }

  #appendOne({ chain, expected, head, record }: Append, changed: Map<ChainId, ChainState>): Appended {
    const state = changed.get(chain) ?? this.state(chain);
    const length = state?.length ?? 0;
    const newest = state?.head ?? noHead;
    if (!sameBytes(newest, expected)) {
      // An append whose answer was lost is made again; a head names its record and all before it.
      if (length > 0 && sameBytes(newest, head)) return { answer: "stored", index: length - 1 };
      return { answer: "conflict" };
    }
    this.#file
      .sql("insert into records (chain, number, head, record) values (?, ?, ?, ?)")
      .run(chain, length, head, record);
    // A copy: what came over the link is a view of all that came with it, and a state is kept for long.
    const kept = head.slice();
    changed.set(chain, { chain, length: length + 1, head: kept, first: state?.first ?? 0, changedAt: Date.now() });
    return { answer: "stored", index: length };
  }

  #writeState({ chain, length, first, changedAt, head }: ChainState): void {
    this.#file
      .sql("insert or replace into chains (chain, length, first, changed_at, head) values (?, ?, ?, ?, ?)")
      .run(chain, length, first, changedAt, head);
  }

  /** At each `yield` others may be answered. */
  save(snapshot: Snapshot): Generator<void, "stored" | "conflict"> {
    return this.#snapshots.save(snapshot);
  }

  state(chain: ChainId): ChainState | undefined {
    const known = this.#states.get(chain);
    if (known !== undefined) return known;
    const state = stateIn(this.#file, chain);
    if (state === undefined) return undefined;
    this.#remember(chain, state);
    return state;
  }

  snapshot(chain: ChainId, below: number): Snapshot | undefined {
    return this.#snapshots.newest(chain, below);
  }

  records(chain: ChainId, from: number, bytesMax: number): StoredRecord[] {
    return recordsIn(this.#file, chain, from, bytesMax);
  }

  heads(chain: ChainId, from: number, count: number): Uint8Array {
    const rows = this.#file
      .sql("select head from records where chain = ? and number >= ? order by number limit ?")
      .all(chain, from, Math.min(count, headsMax));
    return new Uint8Array(Buffer.concat(rows.map((row) => blob(row["head"]))));
  }

  compact(chain: ChainId, below: number): "compacted" | "conflict" {
    const state = this.state(chain);
    const row = this.#file.sql("select min(number) as oldest from snapshots where chain = ?").get(chain);
    const oldest = row?.["oldest"] ?? null;
    if (state === undefined || oldest === null || below > Number(oldest)) return "conflict";
    const compacted = { ...state, first: Math.max(state.first, below) };
    this.#file.transaction(() => {
      this.#file
        .sql("update records set record = null where chain = ? and number >= ? and number < ?")
        .run(chain, state.first, below);
      this.#writeState(compacted);
    });
    this.#remember(chain, compacted);
    return "compacted";
  }

  list(prefix: string, after: string, count: number): ChainState[] {
    return listIn(this.#file, prefix, after, count);
  }

  /** At each `yield` others may be answered. */
  *remove(chain: ChainId): Generator<void, void> {
    this.#states.delete(chain);
    yield* this.#snapshots.remove(chain, () => {
      for (const table of ["chains", "records"]) this.#file.sql(`delete from ${table} where chain = ?`).run(chain);
    });
  }

  /** @param closed is called when another process may have it. */
  close(closed: () => void): void {
    this.#checkpoints.close(() => {
      this.#file.close();
      this.#lock.close();
      closed();
    });
  }

  #remember(chain: ChainId, state: ChainState): void {
    this.#states.delete(chain);
    this.#states.set(chain, state);
    if (this.#states.size <= statesKept) return;
    const [oldest] = this.#states.keys();
    this.#states.delete(oldest!);
  }
}

function openFile(path: string): SqliteFile {
  const database = new DatabaseSync(path);
  database.exec(settings);
  const version = database.prepare("pragma user_version").get()?.["user_version"];
  if (version === 0) database.exec(`begin immediate; ${schema} commit;`);
  else if (version === 1) database.exec(`begin immediate; ${fromVersion1} commit;`);
  else if (version !== schemaVersion) throw damaged(`layout ${String(version)} of another version`);
  return new SqliteFile(database);
}

/** @throws StoreError "store-in-use". */
function lockOf(directory: string): DatabaseSync {
  const path = join(directory, "lock.sqlite");
  const database = naming(path, () => new DatabaseSync(path));
  try {
    database.exec(lock);
    return database;
  } catch (error) {
    database.close();
    const { errcode } = error as { readonly errcode?: number };
    if (errcode === sqliteBusy) throw new StoreError("store-in-use", directory);
    if (errcode === sqliteNotADatabase) throw new StoreError("store-failed", `${path} holds nothing: delete it`);
    throw inFile(path, error);
  }
}

/** sqlite.org/rescode.html */
const sqliteBusy = 5;
const sqliteNotADatabase = 26;

/** SQLite's own words do not say which file it means. */
function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inFile(path, error);
  }
}

function inFile(path: string, error: unknown): StoreError {
  const { code, detail } = error instanceof StoreError ? error : describe(error);
  return new StoreError(code, `${path}: ${detail}`);
}
