/** A player links a wallet inside the channel, whichever room that is; and extensions, which say what they like. */
import { describe, expect, test } from "vitest";
import { openExtension, walletExtensions } from "#client/extension.ts";
import { memoryWitnessStore } from "#client/witness-store.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { walletStatement, wrapped, type WalletKind } from "#protocol/wallet.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { walletOf, type TestWallet } from "../enclave/accounts/wallets.ts";
import { tally } from "../enclave/room/contracts.ts";
import { Place, world } from "./place.ts";

type Tally = typeof tally;
const [first, second] = [walletOf("sr25519"), walletOf("ecdsa", "//Bob")];

test("a guest links a wallet, and whoever issues items learns of it; the room learns nothing", async () => {
  const place = new Place(tally);
  const room = await place.join<Tally>(place.newRoom(), 1);
  expect(await place.time.until(room.wallet())).toBeNull();
  expect(await place.time.until(room.linkWallet(first))).toEqual(first.account);
  expect(place.wallets.recipientOf(room.player as PlayerId)).toEqual(first.account);
  const elsewhere = await place.join<Tally>(place.newRoom(), 1);
  expect(await place.time.until(elsewhere.wallet())).toEqual(first.account);
  const another = await place.join<Tally>(place.newRoom(), 2);
  expect(await place.time.until(another.wallet())).toBeNull();
  expect(room.view).toEqual({ total: 0, seen: ["join 0"] });
  expect(place.bugs).toEqual([]);
});

test("another wallet takes its place only if both sign", async () => {
  const place = new Place(tally);
  const room = await place.join<Tally>(place.newRoom(), 1);
  await place.time.until(room.linkWallet(first));
  await expect(place.time.until(room.linkWallet(second))).rejects.toMatchObject({
    code: "wallet-linked",
    source: "room",
  });
  await expect(place.time.until(room.linkWallet(second, second))).rejects.toMatchObject({ code: "wallet-linked" });
  expect(await place.time.until(room.linkWallet(second, first))).toEqual(second.account);
  expect(await place.time.until(room.wallet())).toEqual(second.account);
});

test("a wallet that signs something else is refused, and the room goes on", async () => {
  const place = new Place(tally);
  const room = await place.join<Tally>(place.newRoom(), 1);
  const liar = { ...first, sign: (text: string) => Promise.resolve(first.signBytes(wrapped(`${text}!`))) };
  await expect(place.time.until(room.linkWallet(liar))).rejects.toMatchObject({ code: "wallet-refused" });
  expect(room.connection).toBe("joined");
  expect(await place.time.until(room.linkWallet(first))).toEqual(first.account);
});

test("what a wallet signed for one channel is of no use on the next one", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  let signature: Uint8Array | undefined;
  const kept: TestWallet = {
    ...first,
    sign: async (text) => (signature = await first.sign(text)),
  };
  await place.time.until((await place.join<Tally>(id, 1)).linkWallet(kept));
  const thief = await place.join<Tally>(place.newRoom(), 2);
  const replayed = { ...first, sign: () => Promise.resolve(signature!) };
  await expect(place.time.until(thief.linkWallet(replayed))).rejects.toMatchObject({ code: "wallet-refused" });
});

test("a device brings the proof of its link to a worker that knows nothing of it", async () => {
  const witnesses = memoryWitnessStore();
  const [place, rebuilt] = [new Place(tally), new Place(tally)];
  const room = await place.join<Tally>(place.newRoom(), 1, place.carrier(), { witnesses });
  await place.time.until(room.linkWallet(first));
  const again = await rebuilt.join<Tally>(rebuilt.newRoom(), 1, rebuilt.carrier(), { witnesses });
  expect(await rebuilt.time.until(again.wallet())).toEqual(first.account);
  const bare = new Place(tally);
  const forgotten = await bare.join<Tally>(bare.newRoom(), 1);
  expect(await bare.time.until(forgotten.wallet())).toBeNull();
});

test("a proof that a device kept of another world is forgotten there, and asked without", async () => {
  const witnesses = memoryWitnessStore();
  const account = walletOf("ed25519");
  const place = new Place(tally);
  const room = await place.join<Tally>(place.newRoom(), 1, place.carrier(), { witnesses });
  const key = bytesToHex((await place.options(place.newRoom(), place.carrier(), 1)).account.key);
  await witnesses.keep([bytesToHex(world), "wallet", key].join("/"), new Uint8Array(68).fill(1));
  expect(await place.time.until(room.wallet())).toBeNull();
  expect(await place.time.until(room.linkWallet(account))).toEqual(account.account);
});

test("nobody asks about wallets for ever on one channel", async () => {
  const place = new Place(tally);
  const room = await place.join<Tally>(place.newRoom(), 1);
  for (let i = 0; i < 32; i++) await place.time.until(room.wallet());
  await expect(place.time.until(room.wallet())).rejects.toMatchObject({ code: "unreachable" });
});

describe("extensions", () => {
  /** As polkadot.js is inside a page: signs between marks, and not when its owner says no. */
  const extensionOf = (wallets: readonly (TestWallet & { readonly name?: string })[], change: object = {}) => ({
    version: "0.62.1",
    enable: () =>
      Promise.resolve({
        accounts: {
          get: () => Promise.resolve(wallets.map(({ address, kind, name }) => ({ address, type: kind, name }))),
        },
        signer: {
          signRaw: ({ address, data }: { address: string; data: string }) => {
            const text = new TextDecoder().decode(hexToBytes(data.slice(2)));
            const wallet = wallets.find((one) => one.address === address)!;
            return wallet.sign(text).then((bytes) => ({ id: 1, signature: `0x${bytesToHex(bytes)}` }));
          },
          ...change,
        },
      }),
  });

  test.for<WalletKind>(["sr25519", "ed25519", "ecdsa"])("an account with %s links itself", async (kind) => {
    const place = new Place(tally);
    const room = await place.join<Tally>(place.newRoom(), 1);
    const injected = { talisman: extensionOf([walletOf(kind, "//Carol")]) };
    expect(walletExtensions(injected)).toEqual(["talisman"]);
    const [wallet] = await openExtension(injected, "talisman", "phatroom");
    expect(await place.time.until(room.linkWallet(wallet!))).toEqual(walletOf(kind, "//Carol").account);
  });

  test("a signature with its kind before it is the same signature", async () => {
    const text = walletStatement({ world, player: "a", channel: world, wallet: first.account, before: null });
    const kindByte = Uint8Array.of(1, ...(await first.sign(text)));
    const change = { signRaw: () => Promise.resolve({ signature: `0x${bytesToHex(kindByte)}` }) };
    const [wallet] = await openExtension({ x: extensionOf([first], change) }, "x", "phatroom");
    expect(await wallet!.sign(text)).toEqual(kindByte.subarray(1));
  });

  test("accounts that hold nothing on such chains, and nonsense, are left out", async () => {
    const accounts = [
      { address: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", type: "ethereum" },
      { address: first.address, type: "ethereum" },
      { address: `${first.address.slice(0, -1)}x`, type: "sr25519" },
      { address: 7 },
      null,
      "x",
      { address: first.address, name: "Main" },
    ];
    const injected = {
      "polkadot-js": {
        enable: () => Promise.resolve({ accounts: { get: () => Promise.resolve(accounts) }, signer: {} }),
      },
    };
    const wallets = await openExtension(injected, "polkadot-js", "phatroom");
    expect(wallets.map(({ name, kind }) => [name, kind])).toEqual([["Main", "sr25519"]]);
    await expect(wallets[0]!.sign("x")).rejects.toMatchObject({ code: "wallet-missing" });
  });

  const no = { signRaw: () => Promise.reject(new Error("Cancelled")) };
  test.for<readonly [string, object, string]>([
    ["that its owner refuses", { x: extensionOf([first], no) }, "wallet-declined"],
    [
      "that answers no signature",
      { x: extensionOf([first], { signRaw: () => Promise.resolve({}) }) },
      "wallet-declined",
    ],
    ["that signs no text", { x: extensionOf([first], { signRaw: undefined }) }, "wallet-missing"],
  ])("an extension %s links nothing", async ([, injected, code]) => {
    const [wallet] = await openExtension(injected, "x", "phatroom");
    await expect(wallet!.sign("x")).rejects.toMatchObject({ code });
  });

  test.for<readonly [string, unknown, string]>([
    ["is not there", undefined, "wallet-missing"],
    ["is something else", { x: 7 }, "wallet-missing"],
    ["is every object's", {}, "wallet-missing"],
    ["does not open", { x: { enable: () => Promise.reject(new Error("no")) } }, "wallet-declined"],
    ["has no accounts", { x: { enable: () => Promise.resolve({}) } }, "wallet-declined"],
  ])("an extension that %s", async ([, injected, code]) => {
    await expect(openExtension(injected, "x", "phatroom")).rejects.toMatchObject({ code });
    await expect(openExtension(injected, "constructor", "phatroom")).rejects.toMatchObject({ code: "wallet-missing" });
  });
});
