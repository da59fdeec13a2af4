/** One database file: its statements, prepared once, and transactions. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreError } from "#protocol/store.ts";

export class SqliteFile {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  transaction<T>(work: () => T): T {
    this.sql("begin immediate").run();
    try {
      const result = work();
      this.sql("commit").run();
      return result;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#database.isTransaction) this.sql("rollback").run();
      throw error;
    }
  }

  sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  close(): void {
    this.#database.close();
  }
}

export function blob(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw damaged("a column without bytes");
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export const damaged = (what: string): StoreError => new StoreError("store-damaged", what);
