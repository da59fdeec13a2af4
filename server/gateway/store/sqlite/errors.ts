/** SQLite's and the system's errors, in our words. */
import { StoreError, type StoreErrorCode } from "#protocol/store.ts";

/** SQLite's primary result codes (sqlite.org/rescode.html) that mean something to an operator. */
const meanings: Readonly<Record<number, StoreErrorCode>> = {
  11: "store-damaged",
  13: "store-full",
  26: "store-damaged",
};

export function describe(error: unknown): StoreError {
  const { message, errcode } = error as { readonly message?: string; readonly errcode?: number };
  // The upper bits say more exactly what the lower eight say.
  const code = meanings[(errcode ?? 0) & 0xff] ?? "store-failed";
  return new StoreError(code, message ?? String(error));
}
