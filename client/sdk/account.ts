/**
 * Who plays. A guest is an Ed25519 key that this device made and keeps; the account key is the device key. The seat
 * belongs to the account, so the same key on the same device gets its seat back.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { authStatement, type RoomId } from "#protocol/identity.ts";
import { ClientError } from "./errors.ts";
import { type KeyStore, nativeEd25519, type StoredKey } from "./key-store.ts";

/** What the worker is shown; the fields of `AuthMessage`. */
export interface Credentials {
  /** Public key of the account, 32 bytes. */
  readonly account: Uint8Array;
  /** Public key of the device that signed, 32 bytes. */
  readonly device: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Signs for one channel at a time and nothing else: no caller can get a signature over bytes of its choice. */
export interface Account {
  /** Public key, 32 bytes. */
  readonly key: Uint8Array;
  /** Proves to the other end of this very channel that the account is ours. */
  authenticate(handshakeHash: Uint8Array, world: Uint8Array, room: RoomId): Promise<Credentials>;
}

/**
 * The guest account of this store, made on first use.
 *
 * @throws ClientError "keys-unavailable" if the store cannot keep a key.
 */
export async function guestAccount(store: KeyStore): Promise<Account> {
  const stored = (await store.load()) ?? (await store.keep(await newKey(store)));
  const key = stored.kind === "native" ? stored.publicKey : ed25519.getPublicKey(stored.seed);
  return {
    key,
    async authenticate(handshakeHash, world, room) {
      const statement = authStatement(handshakeHash, world, room, key);
      return { account: key, device: key, signature: await sign(stored, statement) };
    },
  };
}

async function newKey(store: KeyStore): Promise<StoredKey> {
  // A key that no script can read out is better than one that any script on the page could.
  if (store.keepsNative) {
    const native = await nativeEd25519();
    if (native !== undefined) return native;
  }
  return { kind: "seed", seed: crypto.getRandomValues(new Uint8Array(32)) };
}

async function sign(stored: StoredKey, statement: Uint8Array): Promise<Uint8Array> {
  if (stored.kind === "seed") return ed25519.sign(statement, stored.seed);
  try {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", stored.privateKey, new Uint8Array(statement)));
  } catch (cause) {
    throw new ClientError("keys-unavailable", { cause });
  }
}
