/** Which store a gateway keeps, and how it is opened. */
import type { Store } from "#protocol/store.ts";

export type StoreConfig =
  | { readonly kind: "sqlite"; readonly directory: string }
  /** `postgres://user:password@host:port/database`. Never logged. */
  | { readonly kind: "postgres"; readonly url: string };

/** Loads only what is used. @throws StoreError */
export async function openStore(config: StoreConfig): Promise<Store> {
  if (config.kind === "sqlite") {
    const { openSqliteStore } = await import("./sqlite/sqlite-store.ts");
    return openSqliteStore({ directory: config.directory });
  }
  const { openPostgresStore } = await import("./postgres/postgres-store.ts");
  return openPostgresStore({ url: config.url });
}
