/** Which store a gateway keeps, and how it is opened. */
import type { Store } from "#protocol/store.ts";

export type StoreConfig =
  | { readonly kind: "sqlite"; readonly directory: string }
  /** `postgres://user:password@host:port/database`. Never logged. */
  | { readonly kind: "postgres"; readonly url: string };

/** What looks at a store from outside of a place. */
export type StoreReader = Pick<Store, "list" | "records" | "close">;

/** Beside a gateway that has it open. @throws StoreError */
export async function openStoreForReading(config: StoreConfig): Promise<StoreReader> {
  if (config.kind === "postgres") return openStore(config);
  const { openSqliteReader } = await import("./sqlite/reading.ts");
  return openSqliteReader(config.directory);
}

/** Loads only what is used. @throws StoreError */
export async function openStore(config: StoreConfig): Promise<Store> {
  if (config.kind === "sqlite") {
    const { openSqliteStore } = await import("./sqlite/sqlite-store.ts");
    return openSqliteStore({ directory: config.directory });
  }
  const { openPostgresStore } = await import("./postgres/postgres-store.ts");
  return openPostgresStore({ url: config.url });
}
