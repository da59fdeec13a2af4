/**
 * Blocks on the disk, or in memory, by SQLite: all headers and bodies; the whole state of one finalized block, the base;
 * what each later block changed; and of earlier ones proofs of what those who follow the chain ask of them. A block is written with what it does to the heads in one transaction, so that a
 * process that is killed leaves the chain as it was after one of its blocks.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { DevnetError } from "../errors.ts";
import { keyBytes, keyOf, toHex, type StorageKey } from "../hex.ts";
import { codeKey } from "../runtime/runtime.ts";
import { prefixed, ScaleReader, vector } from "../scale.ts";
import type { StateVersion } from "../trie/node.ts";
import type { ProofPart } from "../trie/proof.ts";
import type { BlockHash } from "./header.ts";

const schemaVersion = 1;
const schema = `
create table blocks (
  hash text primary key,
  number integer not null,
  header blob not null,
  body blob not null,
  inherents integer not null,
  version integer not null,
  changes blob
) strict;
create index blocks_by_number on blocks (number);
create table state (key blob primary key, value blob not null, version integer not null) without rowid, strict;
create table facts (name text primary key, value text not null) without rowid, strict;
pragma user_version = ${schemaVersion};
`;

/** Databases that were begun before there were any lack it. */
const proofsSchema = `
create table if not exists proofs (hash text primary key, nodes blob not null) without rowid, strict;
create table if not exists pauses (hash text primary key, parts blob not null) without rowid, strict;
`;

/** By the blocks' hashes. */
export interface Proofs {
  /** Of what happened in a block. */
  readonly telling: ReadonlyMap<BlockHash, readonly Uint8Array[]>;
  /** Of what those ask who pause there on their way along the chain. */
  readonly pausing: ReadonlyMap<BlockHash, readonly ProofPart[]>;
}

/** What a killed process wrote is in the system's hands: only a machine that loses power could lose the last blocks. */
const settings = `
pragma locking_mode = exclusive;
pragma journal_mode = wal;
pragma synchronous = normal;
`;

export type HeadName = "genesis" | "base" | "best" | "finalized";
export type StateChanges = ReadonlyMap<StorageKey, Uint8Array | null>;

export interface StoredBlock {
  readonly hash: BlockHash;
  readonly number: number;
  readonly header: Uint8Array;
  /** Extrinsics at the beginning of the body that are the author's. */
  readonly inherents: number;
  /** Under which values that it wrote stand in the trie. */
  readonly version: StateVersion;
}

export interface NewBlock extends StoredBlock {
  readonly body: readonly Uint8Array[];
  readonly changes: StateChanges;
}

export interface StateEntry {
  readonly key: StorageKey;
  readonly value: Uint8Array;
  readonly version: StateVersion;
}

export class BlockStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * @param file undefined: in memory.
   * @throws DevnetError "database-in-use", "database-damaged", "database-unreachable", "database-of-another-chain".
   */
  static open(file: string | undefined, genesis: NewBlock): BlockStore {
    try {
      const database = new DatabaseSync(file ?? ":memory:");
      database.exec(settings);
      const version = database.prepare("pragma user_version").get()?.["user_version"];
      if (version !== 0 && version !== schemaVersion) throw new DevnetError("database-damaged", "another version's");
      const store = new BlockStore(database);
      if (version === 0) store.#begin(genesis);
      else if (store.head("genesis") !== genesis.hash) throw new DevnetError("database-of-another-chain");
      database.exec(proofsSchema);
      return store;
    } catch (error) {
      throw failureOf(error);
    }
  }

  #begin(genesis: NewBlock): void {
    this.transaction(() => {
      this.#database.exec(schema);
      this.insert(genesis);
      for (const name of ["genesis", "base", "best", "finalized"] as const) this.setHead(name, genesis.hash);
      this.#apply(genesis.hash);
    });
  }

  head(name: HeadName): BlockHash {
    const row = this.#sql("select value from facts where name = ?").get(name);
    if (typeof row?.["value"] !== "string") throw new DevnetError("database-damaged", `no ${name} block`);
    return row["value"];
  }

  setHead(name: HeadName, hash: BlockHash): void {
    this.#sql("insert or replace into facts (name, value) values (?, ?)").run(name, hash);
  }

  insert({ hash, number, header, body, inherents, version, changes }: NewBlock): void {
    this.#sql(
      "insert into blocks (hash, number, header, body, inherents, version, changes) values (?, ?, ?, ?, ?, ?, ?)",
    ).run(hash, number, header, vector(body.map(prefixed)), inherents, version, encodeChanges(changes));
  }

  find(hash: BlockHash): StoredBlock | undefined {
    return storedOf(this.#sql("select hash, number, header, inherents, version from blocks where hash = ?").get(hash));
  }

  /** At or below the base there is one block of each number. */
  at(number: number): StoredBlock | undefined {
    return storedOf(
      this.#sql("select hash, number, header, inherents, version from blocks where number = ?").get(number),
    );
  }

  /** The chain that ends with a block, oldest first. */
  upTo(hash: BlockHash): StoredBlock[] {
    const chain: StoredBlock[] = [];
    let next: BlockHash | undefined = hash;
    while (next !== undefined) {
      const block = this.find(next);
      if (block === undefined) break;
      chain.push(block);
      next = block.number === 0 ? undefined : toHex(block.header.subarray(0, 32));
    }
    return chain.reverse();
  }

  body(hash: BlockHash): Uint8Array[] {
    const row = this.#sql("select body from blocks where hash = ?").get(hash);
    const reader = new ScaleReader(bytesIn(row, "body"));
    return reader.vector(() => reader.prefixed().slice());
  }

  /** Above the base, parents before children. */
  *above(number: number): Generator<StoredBlock & { readonly changes: StateChanges }> {
    const rows = this.#sql(
      "select hash, number, header, inherents, version, changes from blocks where number > ? order by number",
    ).all(number);
    for (const row of rows) yield { ...storedOf(row)!, changes: decodeChanges(bytesIn(row, "changes")) };
  }

  /** Of the base. */
  *state(): Generator<StateEntry> {
    for (const row of this.#sql("select key, value, version from state").iterate()) {
      yield { key: keyOf(bytesIn(row, "key")), value: bytesIn(row, "value"), version: row["version"] === 1 ? 1 : 0 };
    }
  }

  /**
   * @param path from the old base's child to the new base.
   * @param dropped forks that end with this.
   * @param proofs of blocks whose states end with this.
   */
  moveBase(path: readonly BlockHash[], dropped: readonly BlockHash[], { telling, pausing }: Proofs): void {
    this.transaction(() => {
      for (const [hash, nodes] of telling) {
        this.#sql("insert or replace into proofs (hash, nodes) values (?, ?)").run(hash, vector(nodes.map(prefixed)));
      }
      for (const [hash, parts] of pausing) {
        this.#sql("insert or replace into pauses (hash, parts) values (?, ?)").run(hash, vector(parts.map(encodePart)));
      }
      for (const hash of path) this.#apply(hash);
      for (const hash of dropped) this.#sql("delete from blocks where hash = ?").run(hash);
      this.setHead("base", path.at(-1)!);
    });
  }

  /** Of what happened in a block whose state is gone. */
  proof(hash: BlockHash): readonly Uint8Array[] | undefined {
    const row = this.#sql("select nodes from proofs where hash = ?").get(hash);
    if (row === undefined) return undefined;
    const reader = new ScaleReader(bytesIn(row, "nodes"));
    return reader.vector(() => reader.prefixed().slice());
  }

  /** Of a block whose state is gone, and at which those who follow pause. */
  pause(hash: BlockHash): readonly ProofPart[] | undefined {
    const row = this.#sql("select parts from pauses where hash = ?").get(hash);
    if (row === undefined) return undefined;
    const reader = new ScaleReader(bytesIn(row, "parts"));
    return reader.vector(() => ({
      lead: reader.text(),
      value: reader.u8() === 1,
      node: reader.prefixed().slice(),
    }));
  }

  /** From which block on the runtime has been the base's; 0 unless it was ever replaced. */
  codeSince(): number {
    return Number(this.#sql("select value from facts where name = 'code'").get()?.["value"] ?? 0);
  }

  #apply(hash: BlockHash): void {
    const row = this.#sql("select number, version, changes from blocks where hash = ?").get(hash);
    const changes = decodeChanges(bytesIn(row, "changes"));
    if (changes.has(codeKey))
      this.#sql("insert or replace into facts (name, value) values ('code', ?)").run(String(row!["number"]));
    for (const [key, value] of changes) {
      if (value === null) this.#sql("delete from state where key = ?").run(keyBytes(key));
      else {
        const put = this.#sql("insert or replace into state (key, value, version) values (?, ?, ?)");
        put.run(keyBytes(key), value, row!["version"]!);
      }
    }
    this.#sql("update blocks set changes = null where hash = ?").run(hash);
  }

  transaction<T>(work: () => T): T {
    this.#database.exec("begin immediate");
    try {
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

const busy = 5;
const notADatabase = 26;
const cannotOpen = 14;

function failureOf(error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  if (error.errcode === busy) return new DevnetError("database-in-use");
  if (error.errcode === notADatabase) return new DevnetError("database-damaged", error.message);
  if (error.errcode === cannotOpen) return new DevnetError("database-unreachable", error.message);
  return error;
}

const encodePart = ({ lead, value, node }: ProofPart): Uint8Array =>
  concatBytes(prefixed(utf8ToBytes(lead)), Uint8Array.of(value ? 1 : 0), prefixed(node));

const encodeChanges = (changes: StateChanges): Uint8Array =>
  vector(
    [...changes].map(([key, value]) =>
      concatBytes(
        prefixed(keyBytes(key)),
        value === null ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), prefixed(value)),
      ),
    ),
  );

function decodeChanges(bytes: Uint8Array): StateChanges {
  const reader = new ScaleReader(bytes);
  return new Map(
    reader.vector(() => [keyOf(reader.prefixed()), reader.u8() === 0 ? null : reader.prefixed().slice()] as const),
  );
}

type Row = Record<string, unknown> | undefined;

function storedOf(row: Row): StoredBlock | undefined {
  if (row === undefined) return undefined;
  const { hash, number, inherents, version } = row as unknown as StoredBlock;
  return { hash, number, inherents, version, header: bytesIn(row, "header") };
}

function bytesIn(row: Row, column: string): Uint8Array {
  const value = row?.[column];
  if (value instanceof Uint8Array) return value;
  throw new DevnetError("database-damaged", `no ${column}`);
}
