/** A wallet's extension inside a real page: what it signs there, a worker takes, and takes once. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WalletLinks } from "#enclave/accounts/wallet-links.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { walletKinds, wrapped, type WalletKind, type WalletMessage } from "#protocol/wallet.ts";
import { walletOf } from "../enclave/accounts/wallets.ts";
import { launchChromium, openModule, type PageModule } from "./chromium.ts";
import type * as walletPage from "./wallet-page.ts";

const world = new Uint8Array(32).fill(9);
const player = "11".repeat(16) as PlayerId;
const channel = "02".repeat(32);

let browser: Browser;
let page: PageModule<typeof walletPage>;

/** Extensions put themselves into the page, and keep their keys outside of it. */
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<typeof walletPage>(browser, new URL("wallet-page.ts", import.meta.url));
  await page.page.exposeFunction("askOwner", (kind: WalletKind | "nobody", data: string) => {
    if (kind === "nobody") throw new Error("Cancelled");
    const text = new TextDecoder().decode(hexToBytes(data.slice(2)));
    // Already wrapped by whoever asks, or not: extensions wrap once.
    const bytes = text.startsWith("<Bytes>") ? new TextEncoder().encode(text) : wrapped(text);
    return `0x${bytesToHex(walletOf(kind).signBytes(bytes))}`;
  });
  const accounts = walletKinds.map((kind) => ({
    kind: kind as WalletKind | "nobody",
    address: walletOf(kind).address,
  }));
  await page.page.evaluate((all) => {
    const ask = (globalThis as unknown as { askOwner: (kind: string, data: string) => Promise<string> }).askOwner;
    const extensions = [...all, { kind: "nobody", address: all[0]!.address }].map(({ kind, address }) => [
      `wallet-${kind}`,
      {
        version: "1.0.0",
        enable: async () => ({
          accounts: { get: async () => [{ address, type: kind === "nobody" ? "sr25519" : kind, name: "Main" }] },
          signer: { signRaw: async ({ data }: { data: string }) => ({ id: 1, signature: await ask(kind, data) }) },
        }),
      },
    ]);
    (globalThis as { injectedWeb3?: unknown }).injectedWeb3 = Object.fromEntries(extensions);
  }, accounts);
});
afterAll(() => browser?.close());

test("extensions are found by their names", async () => {
  expect(await page.call("names")).toEqual([...walletKinds, "nobody"].map((kind) => `wallet-${kind}`));
});

test.for(walletKinds)("an account with %s links itself in a page, on one channel and on no other", async (kind) => {
  const linked = await page.call("link", `wallet-${kind}`, channel);
  if (typeof linked === "string") throw new Error(linked);
  const message: WalletMessage = {
    type: "wallet",
    ask: "link",
    wallet: hexToBytes(linked.account),
    signed: { kind: linked.kind, signature: hexToBytes(linked.signature) },
  };
  const answerOn = (hash: Uint8Array) =>
    new WalletLinks({
      world,
      worldKey: world,
      store: () => undefined,
      random: (length) => new Uint8Array(length),
    }).answer(player, hash, message);
  expect(await answerOn(hexToBytes(channel))).toMatchObject({ refused: null, wallet: walletOf(kind).account });
  expect(await answerOn(new Uint8Array(32))).toMatchObject({ refused: "wallet-refused", wallet: null });
});

test("an owner who says no, and an extension that is not there, are told apart", async () => {
  expect(await page.call("link", "wallet-nobody", channel)).toBe("wallet-declined");
  expect(await page.call("link", "wallet-elsewhere", channel)).toBe("wallet-missing");
});
