/** The browser's database for this origin: the device's keys, and what players remember of rooms. */
import { ClientError } from "./errors.ts";

const databaseName = "phatroom";
/** 1 had keys only. */
const version = 2;

/** Objects under names of ours, one store for each kind. `witnesses` can also be found by `keptAt`. */
export type Drawer = "keys" | "witnesses";

/**
 * One transaction, written to disk before this resolves.
 *
 * @throws ClientError "keys-unavailable": private windows of some browsers keep nothing.
 */
export async function transact<T>(
  factory: IDBFactory,
  drawer: Drawer,
  mode: IDBTransactionMode,
  work: (objects: IDBObjectStore) => Pick<IDBRequest<T>, "result">,
): Promise<T> {
  try {
    const database = await open(factory);
    try {
      const transaction = database.transaction(drawer, mode, { durability: "strict" });
      const request = work(transaction.objectStore(drawer));
      await new Promise<void>((resolve, reject) => {
        transaction.addEventListener("complete", () => resolve());
        transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("aborted")));
      });
      return request.result;
    } finally {
      database.close();
    }
  } catch (cause) {
    throw new ClientError("keys-unavailable", { cause });
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(databaseName, version);
    opening.addEventListener("upgradeneeded", ({ oldVersion }) => {
      const database = opening.result;
      if (oldVersion < 1) database.createObjectStore("keys" satisfies Drawer);
      database.createObjectStore("witnesses" satisfies Drawer).createIndex("keptAt", "keptAt");
    });
    opening.addEventListener("success", () => resolve(opening.result));
    opening.addEventListener("error", () => reject(opening.error ?? new Error("no database")));
  });
}
