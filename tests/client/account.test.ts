import { expect, test } from "vitest";
import { guestAccount } from "#client/account.ts";
import { ClientError } from "#client/errors.ts";
import { type KeyStore, memoryKeyStore, type StoredKey } from "#client/key-store.ts";
import { checkAccount } from "#enclave/channel/account.ts";
import type { RoomId } from "#protocol/identity.ts";

const hash = new Uint8Array(32).fill(1);
const world = new Uint8Array(32).fill(2);
const room = "ab".repeat(10) as RoomId;

/** A browser's store: it can hold keys that no script can read. */
function nativeStore(): KeyStore & { kept: StoredKey[] } {
  return {
    keepsNative: true,
    kept: [],
    load() {
      return Promise.resolve(this.kept[0]);
    },
    keep(key) {
      if (this.kept.length === 0) this.kept.push(key);
      return Promise.resolve(this.kept[0]!);
    },
  };
}

const rest = { type: "auth", entropy: new Uint8Array(32), want: "play", name: "" } as const;

test.for<[string, () => KeyStore]>([
  ["in memory", () => memoryKeyStore()],
  ["that no script can read", nativeStore],
])("a guest's key %s signs for this channel, world and room, and for no other", async ([, store]) => {
  const account = await guestAccount(store());
  const credentials = await account.authenticate(hash, world, room);
  expect(credentials.account).toEqual(account.key);
  expect(() => checkAccount({ ...rest, ...credentials }, hash, world, room)).not.toThrow();
  const refused = expect.objectContaining({ code: "account-refused" });
  expect(() => checkAccount({ ...rest, ...credentials }, world, world, room)).toThrow(refused);
  expect(() => checkAccount({ ...rest, ...credentials }, hash, hash, room)).toThrow(refused);
  expect(() => checkAccount({ ...rest, ...credentials }, hash, world, "cd".repeat(10) as RoomId)).toThrow(refused);
});

test("a key that the browser holds cannot be read out", async () => {
  const store = nativeStore();
  await guestAccount(store);
  const [key] = store.kept;
  if (key?.kind !== "native") throw new Error("Node has Ed25519");
  expect(key.privateKey.extractable).toBe(false);
});

test("the same store is the same player", async () => {
  for (const store of [memoryKeyStore(), nativeStore()]) {
    expect((await guestAccount(store)).key).toEqual((await guestAccount(store)).key);
  }
});

test("two windows that make a key at the same moment end up with one", async () => {
  for (const store of [memoryKeyStore(), nativeStore()]) {
    const [one, two] = await Promise.all([guestAccount(store), guestAccount(store)]);
    expect(one.key).toEqual(two.key);
  }
});

test("different devices are different players", async () => {
  const [one, two] = await Promise.all([guestAccount(memoryKeyStore()), guestAccount(memoryKeyStore())]);
  expect(one.key).not.toEqual(two.key);
});

test("a store that cannot keep anything is an error of its own", async () => {
  const broken = () => Promise.reject(new ClientError("keys-unavailable"));
  const account = guestAccount({ keepsNative: false, load: broken, keep: broken });
  await expect(account).rejects.toMatchObject({ code: "keys-unavailable" });
});
