/** Where a device keeps its key between visits. */
import { transact } from "./database.ts";

/** `native`: a key that the browser holds and no script can read. `seed`: 32 bytes, where the browser has no such keys. */
export type StoredKey =
  | { readonly kind: "native"; readonly privateKey: CryptoKey; readonly publicKey: Uint8Array }
  | { readonly kind: "seed"; readonly seed: Uint8Array };

export interface KeyStore {
  /** Whether this store can hold `native` keys. */
  readonly keepsNative: boolean;
  /** @throws ClientError "keys-unavailable". */
  load(): Promise<StoredKey | undefined>;
  /**
   * Keeps the key, unless there is one by now: two windows that start together end up with the same. Returns the one
   * that is kept.
   *
   * @throws ClientError "keys-unavailable".
   */
  keep(key: StoredKey): Promise<StoredKey>;
}

/** Forgets everything with the page: for tests, bots and private windows. */
export function memoryKeyStore(seed?: Uint8Array): KeyStore {
  let stored: StoredKey | undefined = seed === undefined ? undefined : { kind: "seed", seed };
  return {
    keepsNative: false,
    load: () => Promise.resolve(stored),
    keep: (key) => Promise.resolve((stored ??= key)),
  };
}

/**
 * The browser's database for this origin.
 *
 * @param keyName tells apart several players of one device.
 */
export function indexedDbKeyStore(factory: IDBFactory = indexedDB, keyName = "device"): KeyStore {
  return {
    keepsNative: true,
    load: () => transact(factory, "keys", "readonly", (keys) => keys.get(keyName)),
    async keep(key) {
      try {
        return await transact(factory, "keys", "readwrite", (keys) => keepFirst(keys, keyName, key));
      } catch (error) {
        // Some browsers have keys that no script can read but cannot write them to disk.
        if (key.kind === "seed") throw error;
        const seed: StoredKey = { kind: "seed", seed: crypto.getRandomValues(new Uint8Array(32)) };
        return transact(factory, "keys", "readwrite", (keys) => keepFirst(keys, keyName, seed));
      }
    },
  };
}

/** Adds the key if there is none, in one transaction, and asks for the one that is there then. */
function keepFirst(keys: IDBObjectStore, keyName: string, key: StoredKey): IDBRequest<StoredKey> {
  const adding = keys.add(key, keyName);
  adding.addEventListener("error", (event) => {
    // Another window was first. Without this the whole transaction would be undone.
    if (adding.error?.name !== "ConstraintError") return;
    event.preventDefault();
    event.stopPropagation();
  });
  return keys.get(keyName) as IDBRequest<StoredKey>;
}

/** An Ed25519 key that cannot leave the browser; undefined where WebCrypto has none, or the page is not secure. */
export async function nativeEd25519(): Promise<StoredKey | undefined> {
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return undefined;
  try {
    const pair = (await subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
    const publicKey = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    return { kind: "native", privateKey: pair.privateKey, publicKey };
  } catch {
    return undefined;
  }
}
