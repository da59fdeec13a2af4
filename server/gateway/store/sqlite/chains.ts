/** Chains in SQLite, synchronously: what the store's thread does for each question. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  headsMax,
  listMax,
  noHead,
  recordsMax,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type StoredRecord,
} from "#protocol/store.ts";
import { blob, damaged, sameBytes, SqliteFile } from "./file.ts";
import { SqliteSnapshots } from "./snapshots.ts";
import { fromVersion1, schema, schemaVersion, settings } from "./schema.ts";

/** States of chains that are kept in mind: of more rooms than a machine has awake. */
const statesKept = 65_536;

interface ChainRow {
  readonly chain: ChainId;
  readonly length: number;
  readonly first: number;
  readonly changed_at: number;
  readonly head: Uint8Array;
}

export class SqliteChains {
  readonly #file: SqliteFile;
  readonly #snapshots: SqliteSnapshots;
  /** As they are on the disk: this is the only writer. */
  readonly #states = new Map<ChainId, ChainState>();

  private constructor(file: SqliteFile) {
    this.#file = file;
    this.#snapshots = new SqliteSnapshots(file);
  }

  /** @throws StoreError "store-damaged" if the file is something else; errors of SQLite. */
  static open(directory: string): SqliteChains {
    const database = new DatabaseSync(join(directory, "store.sqlite"));
    database.exec(settings);
    const version = database.prepare("pragma user_version").get()?.["user_version"];
    if (version === 0) database.exec(`begin immediate; ${schema} commit;`);
    else if (version === 1) database.exec(`begin immediate; ${fromVersion1} commit;`);
    else if (version !== schemaVersion) throw damaged(`layout ${String(version)} of another version`);
    return new SqliteChains(new SqliteFile(database));
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
    const row = this.#file.sql("select * from chains where chain = ?").get(chain);
    if (row === undefined) return undefined;
    const state = stateOf(row as unknown as ChainRow);
    this.#remember(chain, state);
    return state;
  }

  snapshot(chain: ChainId, below: number): Snapshot | undefined {
    return this.#snapshots.newest(chain, below);
  }

  records(chain: ChainId, from: number, bytesMax: number): StoredRecord[] {
    const rows = this.#file
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
    const rows = this.#file
      .sql("select * from chains where chain > ?1 and substr(chain, 1, length(?2)) = ?2 order by chain limit ?3")
      .all(after, prefix, Math.min(count, listMax));
    return rows.map((row) => stateOf(row as unknown as ChainRow));
  }

  /** At each `yield` others may be answered. */
  *remove(chain: ChainId): Generator<void, void> {
    this.#states.delete(chain);
    yield* this.#snapshots.remove(chain, () => {
      for (const table of ["chains", "records"]) this.#file.sql(`delete from ${table} where chain = ?`).run(chain);
    });
  }

  close(): void {
    this.#file.close();
  }

  #remember(chain: ChainId, state: ChainState): void {
    this.#states.delete(chain);
    this.#states.set(chain, state);
    if (this.#states.size <= statesKept) return;
    const [oldest] = this.#states.keys();
    this.#states.delete(oldest!);
  }
}

const stateOf = ({ chain, length, first, changed_at, head }: ChainRow): ChainState => ({
  chain,
  length,
  first,
  head,
  changedAt: changed_at,
});
