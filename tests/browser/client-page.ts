/** What the client's tests do inside a page. */
import { guestAccount } from "#client/account.ts";
import { indexedDbKeyStore, memoryKeyStore, type KeyStore, type StoredKey } from "#client/key-store.ts";
import { indexedDbWitnessStore, type WitnessStore } from "#client/witness-store.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";

/** As on the first visit. */
export function forget(): Promise<void> {
  return new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase("phatroom");
    deleting.addEventListener("success", () => resolve());
    deleting.addEventListener("error", () => reject(new Error("not deleted")));
  });
}

/** The account that this page's database keeps, and a signature of it, in hex. */
export async function visit(
  hash: string,
  world: string,
  room: string,
): Promise<{ account: string; signature: string }> {
  const account = await guestAccount(indexedDbKeyStore());
  const { signature } = await account.authenticate(hexToBytes(hash), hexToBytes(world), room as RoomId);
  return { account: bytesToHex(account.key), signature: bytesToHex(signature) };
}

/** How many accounts so many windows end up with when all of them start at once. */
export async function visitAtOnce(windows: number): Promise<number> {
  const accounts = await Promise.all(Array.from({ length: windows }, () => guestAccount(indexedDbKeyStore())));
  return new Set(accounts.map(({ key }) => bytesToHex(key))).size;
}

/** What is kept, and whether a script could take it away. */
export async function kept(): Promise<"nothing" | "seed" | "extractable" | "not extractable"> {
  const key = await indexedDbKeyStore().load();
  if (key === undefined) return "nothing";
  if (key.kind === "seed") return "seed";
  return key.privateKey.extractable ? "extractable" : "not extractable";
}

/** The kind that is kept where keys that no script can read cannot be written to disk. */
export async function keptWithoutClones(): Promise<string> {
  const store = indexedDbKeyStore();
  const stubborn: KeyStore = {
    ...store,
    // What structured cloning does with a key it cannot clone.
    keep: (key) => store.keep(key.kind === "native" ? ({ ...key, privateKey: () => 0 } as unknown as StoredKey) : key),
  };
  const first = await guestAccount(stubborn);
  const again = await guestAccount(stubborn);
  if (bytesToHex(first.key) !== bytesToHex(again.key)) return "two accounts";
  return (await store.load())?.kind ?? "nothing";
}

/** Witnesses kept under two keys, replaced, forgotten and outlived, each as the next visit reads it: first bytes. */
export async function witnesses(): Promise<(number | undefined)[]> {
  const day = 24 * 3_600_000;
  let now = 0;
  const visits = (): WitnessStore => indexedDbWitnessStore(indexedDB, () => now);
  const read = async (key: string): Promise<number | undefined> => (await visits().load(key))?.[0];
  const found = [await read("a")];
  await visits().keep("a", new Uint8Array(76).fill(1));
  await visits().keep("b", new Uint8Array(76).fill(2));
  found.push(await read("a"), await read("b"));
  now = 89 * day;
  await visits().keep("a", new Uint8Array(76).fill(3));
  now = 91 * day;
  await visits().keep("c", new Uint8Array(76).fill(4));
  found.push(await read("a"), await read("b"), await read("c"));
  await visits().keep("a", undefined);
  found.push(await read("a"));
  return found;
}

/** A database as the version before this one left it, with the key that it kept. Returns whether that is the account now. */
export async function afterUpgrade(): Promise<boolean> {
  const seed = new Uint8Array(32).fill(7);
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open("phatroom", 1);
    opening.addEventListener("upgradeneeded", () => {
      opening.result.createObjectStore("keys").add({ kind: "seed", seed } satisfies StoredKey, "device");
    });
    opening.addEventListener("error", () => reject(new Error("not opened")));
    opening.addEventListener("success", () => {
      opening.result.close();
      resolve();
    });
  });
  await indexedDbWitnessStore().keep("a", new Uint8Array(76));
  const [before, now] = await Promise.all([guestAccount(memoryKeyStore(seed)), guestAccount(indexedDbKeyStore())]);
  return bytesToHex(before.key) === bytesToHex(now.key);
}

/** The code that a database which does not open is reported with. */
export async function withoutDatabase(): Promise<string> {
  const broken = { open: () => indexedDB.open("phatroom", -1) } as unknown as IDBFactory;
  return guestAccount(indexedDbKeyStore(broken)).then(
    () => "an account",
    (error: { code?: string }) => error.code ?? "no code",
  );
}
