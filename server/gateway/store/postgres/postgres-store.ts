/**
 * The store of several machines: PostgreSQL.
 *
 * One transaction is under way at a time; appends that come meanwhile become the next one together. Rows of chains are
 * locked in the order of their names, so that gateways that write at once wait for each other and never in a circle.
 */
import { Pool, type PoolClient } from "pg";
import {
  checkAppends,
  checkChain,
  checkSnapshot,
  headsMax,
  listMax,
  noHead,
  recordsMax,
  snapshotsKept,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type Store,
  type StoredRecord,
} from "#protocol/store.ts";
import { GroupCommit } from "./group-commit.ts";
import { schema } from "./schema.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. Never logged. */
  readonly url: string;
  /** Connections at once: one writes, the others read. */
  readonly connections?: number;
  /** After so many ms without an answer the database counts as gone. */
  readonly timeoutMs?: number;
}

/** @throws StoreError "store-failed" if there is no database, or no right to make tables in it. */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { url, connections = 4, timeoutMs = 10_000 } = options;
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // A connection that breaks while nobody uses it: the next question opens another one, or fails by itself.
  pool.on("error", () => undefined);
  try {
    await pool.query(schema);
  } catch (error) {
    await pool.end();
    throw describe(error);
  }
  return new PostgresStore(pool, timeoutMs);
}

interface ChainRow {
  readonly chain: ChainId;
  /** Columns of 64 bits come as text. */
  readonly length: string;
  readonly first: string;
  readonly head: Buffer;
  readonly changed_at: Date;
}

interface Progress {
  length: number;
  head: Uint8Array;
}

class PostgresStore implements Store {
  readonly #pool: Pool;
  readonly #begin: string;
  readonly #commits: GroupCommit<Append, Appended>;
  #closed = false;

  constructor(pool: Pool, timeoutMs: number) {
    this.#pool = pool;
    // The database ends what we have given up, and what a machine left open that lost its power or its network: rooms that
    // go on with another gateway would wait for its locks as long as TCP does. Local, for poolers of connections.
    this.#begin = `begin; set local statement_timeout = ${timeoutMs}; set local idle_in_transaction_session_timeout = ${timeoutMs}`;
    this.#commits = new GroupCommit((batch) => this.#transaction((client) => appendAll(client, batch)));
  }

  async append(batch: readonly Append[]): Promise<readonly Appended[]> {
    checkAppends(batch);
    this.#checkOpen();
    return batch.length === 0 ? [] : this.#commits.add(batch);
  }

  async save(snapshot: Snapshot): Promise<"stored" | "conflict"> {
    checkSnapshot(snapshot);
    this.#checkOpen();
    const { chain, index, head, bytes } = snapshot;
    return this.#transaction(async (client) => {
      const there = await client.query("select 1 from phatroom_records where chain = $1 and index = $2 and head = $3", [
        chain,
        index - 1,
        asBuffer(head),
      ]);
      if (there.rowCount === 0) return "conflict";
      await client.query(
        `insert into phatroom_snapshots (chain, index, head, bytes) values ($1, $2, $3, $4)
         on conflict (chain, index) do update set head = excluded.head, bytes = excluded.bytes`,
        [chain, index, asBuffer(head), asBuffer(bytes)],
      );
      await client.query(
        `delete from phatroom_snapshots where chain = $1 and index not in
         (select index from phatroom_snapshots where chain = $1 order by index desc limit $2)`,
        [chain, snapshotsKept],
      );
      return "stored";
    });
  }

  async state(chain: ChainId): Promise<ChainState | undefined> {
    checkChain(chain);
    const [row] = await this.#rows<ChainRow>("select * from phatroom_chains where chain = $1", [chain]);
    return row === undefined ? undefined : stateOf(row);
  }

  async snapshot(chain: ChainId, below = Number.MAX_SAFE_INTEGER): Promise<Snapshot | undefined> {
    checkChain(chain);
    const [row] = await this.#rows<{ readonly index: string; readonly head: Buffer; readonly bytes: Buffer }>(
      "select index, head, bytes from phatroom_snapshots where chain = $1 and index < $2 order by index desc limit 1",
      [chain, below],
    );
    if (row === undefined) return undefined;
    return { chain, index: Number(row.index), head: asBytes(row.head), bytes: asBytes(row.bytes) };
  }

  async records(chain: ChainId, from: number, bytesMax: number): Promise<readonly StoredRecord[]> {
    checkChain(chain);
    // Lengths are added up where the records lie, so that no more is read than fits.
    const rows = await this.#rows<{ readonly index: string; readonly head: Buffer; readonly record: Buffer }>(
      `select index, head, record from
         (select index, head, record, sum(length(record)) over (order by index) as bytes
          from phatroom_records where chain = $1 and index >= $2::bigint and record is not null
          order by index limit $4) as candidates
       where bytes <= $3::numeric or index = $2::bigint order by index`,
      [chain, from, bytesMax, recordsMax],
    );
    return rows.map(({ index, head, record }) => ({
      index: Number(index),
      head: asBytes(head),
      record: asBytes(record),
    }));
  }

  async heads(chain: ChainId, from: number, count: number): Promise<Uint8Array> {
    checkChain(chain);
    const rows = await this.#rows<{ readonly head: Buffer }>(
      "select head from phatroom_records where chain = $1 and index >= $2 and index < $3 order by index",
      [chain, from, from + Math.min(count, headsMax)],
    );
    return asBytes(Buffer.concat(rows.map(({ head }) => head)));
  }

  async compact(chain: ChainId, below: number): Promise<"compacted" | "conflict"> {
    checkChain(chain);
    this.#checkOpen();
    return this.#transaction(async (client) => {
      const { rows } = await client.query<{ readonly oldest: string | null }>(
        "select min(index) as oldest from phatroom_snapshots where chain = $1",
        [chain],
      );
      const oldest = rows[0]?.oldest ?? null;
      if (oldest === null || below > Number(oldest)) return "conflict";
      await client.query("update phatroom_records set record = null where chain = $1 and index < $2", [chain, below]);
      await client.query("update phatroom_chains set first = greatest(first, $2) where chain = $1", [chain, below]);
      return "compacted";
    });
  }

  async list(prefix: string, after: string, count: number): Promise<readonly ChainState[]> {
    const rows = await this.#rows<ChainRow>(
      "select * from phatroom_chains where starts_with(chain, $1) and chain > $2 order by chain limit $3",
      [prefix, after, Math.min(count, listMax)],
    );
    return rows.map(stateOf);
  }

  async remove(chain: ChainId): Promise<void> {
    checkChain(chain);
    this.#checkOpen();
    await this.#transaction(async (client) => {
      for (const table of ["phatroom_chains", "phatroom_records", "phatroom_snapshots"]) {
        await client.query(`delete from ${table} where chain = $1`, [chain]);
      }
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#commits.settled();
    await this.#pool.end();
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError("store-closed", "the pool has ended");
  }

  async #rows<Row extends object>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    this.#checkOpen();
    try {
      return (await this.#pool.query<Row>(text, [...values])).rows;
    } catch (error) {
      throw describe(error);
    }
  }

  /** Commits what `work` did, or nothing of it. */
  async #transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw describe(error);
    }
    try {
      await client.query(this.#begin);
      const result = await work(client);
      await client.query("commit");
      client.release();
      return result;
    } catch (error) {
      // Whatever state it is in: the connection is thrown away, and the database undoes what was not committed.
      client.release(true);
      throw describe(error);
    }
  }
}

async function appendAll(client: PoolClient, batch: readonly Append[]): Promise<Appended[]> {
  const chains = [...new Set(batch.map(({ chain }) => chain))].sort();
  // New chains get a row first, so that there is one to lock.
  await client.query(
    `insert into phatroom_chains (chain, length, first, head)
     select chain, 0, 0, $2 from unnest($1::text[]) as chain order by chain on conflict do nothing`,
    [chains, asBuffer(noHead)],
  );
  const { rows } = await client.query<ChainRow>(
    "select * from phatroom_chains where chain = any($1) order by chain for update",
    [chains],
  );
  const progress = new Map<ChainId, Progress>(
    rows.map(({ chain, length, head }) => [chain, { length: Number(length), head: asBytes(head) }]),
  );
  const written: { readonly append: Append; readonly index: number }[] = [];
  const answers = batch.map((append): Appended => {
    const state = progress.get(append.chain)!;
    const { length } = state;
    if (!sameBytes(state.head, append.expected)) {
      // An append whose answer was lost is made again; a head names its record and all before it.
      if (length > 0 && sameBytes(state.head, append.head)) return { answer: "stored", index: length - 1 };
      return { answer: "conflict" };
    }
    written.push({ append, index: length });
    state.length += 1;
    state.head = append.head;
    return { answer: "stored", index: length };
  });
  await client.query(
    `insert into phatroom_records (chain, index, head, record)
     select * from unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[])`,
    [
      written.map(({ append }) => append.chain),
      written.map(({ index }) => index),
      written.map(({ append }) => asBuffer(append.head)),
      written.map(({ append }) => asBuffer(append.record)),
    ],
  );
  await client.query(
    `update phatroom_chains as c set length = n.length, head = n.head, changed_at = now()
     from unnest($1::text[], $2::bigint[], $3::bytea[]) as n (chain, length, head) where c.chain = n.chain`,
    [
      chains,
      chains.map((chain) => progress.get(chain)!.length),
      chains.map((chain) => asBuffer(progress.get(chain)!.head)),
    ],
  );
  await client.query("delete from phatroom_chains where chain = any($1) and length = 0", [chains]);
  return answers;
}

const stateOf = ({ chain, length, first, head, changed_at }: ChainRow): ChainState => ({
  chain,
  length: Number(length),
  first: Number(first),
  head: asBytes(head),
  changedAt: changed_at.getTime(),
});

/** PostgreSQL's errors, in our words. Their text may name hosts and tables, never what is stored. */
function describe(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const detail = `${code ?? "no code"}: ${message ?? String(error)}`;
  if (code === "53100") return new StoreError("store-full", detail);
  if (code === "XX001" || code === "XX002") return new StoreError("store-damaged", detail);
  return new StoreError("store-failed", detail);
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const asBytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
