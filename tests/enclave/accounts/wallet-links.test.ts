/** A player's wallet is whichever signed for this player, here, now; another one comes only with the consent of both. */
import { describe, expect, test } from "vitest";
import { WalletLinks } from "#enclave/accounts/wallet-links.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { walletStatement, wrapped, type WalletMessage } from "#protocol/wallet.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import type { Store } from "#protocol/store.ts";
import { Disk, MemoryStore } from "../../support/memory-store.ts";
import { asksToLink, walletOf } from "./wallets.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const world = fill(1);
const channel = fill(2);
const player = "11".repeat(16) as PlayerId;
const other = "22".repeat(16) as PlayerId;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const which: WalletMessage = { type: "wallet", ask: "which" };

const linksOn = (store: Store | undefined, of = world): WalletLinks =>
  new WalletLinks({ world: of, worldKey: fill(7), store: () => store, random });

const [first, second] = [walletOf("sr25519"), walletOf("ed25519", "//Bob")];
const terms = { world, player, channel, before: null };
const link = asksToLink(first, terms);

test("a wallet that signed is linked, is told to whoever issues, and is found by the next worker", async () => {
  const disk = new Disk();
  const links = linksOn(new MemoryStore(disk));
  const heard: PlayerId[] = [];
  links.listen((of) => heard.push(of));
  expect(links.recipientOf(player)).toBeUndefined();
  expect(await links.answer(player, channel, which)).toEqual({
    type: "linked",
    wallet: null,
    proof: null,
    refused: null,
  });
  expect(await links.answer(player, channel, link)).toMatchObject({ wallet: first.account, refused: null });
  expect(links.recipientOf(player)).toEqual(first.account);
  expect(heard).toEqual([player]);
  const next = linksOn(new MemoryStore(disk));
  expect(next.recipientOf(player)).toBeUndefined();
  expect(await next.findRecipient(player)).toEqual(first.account);
  expect(await next.findRecipient(other)).toBeUndefined();
});

test("of players who were asked about longest ago nothing is remembered: it is read again, or brought by their device", async () => {
  const store = new MemoryStore();
  const links = new WalletLinks({ world, worldKey: fill(7), store: () => store, random }, 2);
  const { proof } = await links.answer(player, channel, link);
  const strangers = ["33", "44"].map((byte) => byte.repeat(16) as PlayerId);
  for (const stranger of strangers) await links.findRecipient(stranger);
  expect(links.recipientOf(player)).toBeUndefined();
  expect(await links.findRecipient(player)).toEqual(first.account);
  await links.findRecipient(other);
  expect(links.recipientOf(player)).toEqual(first.account);
  const unkept = new WalletLinks({ world, worldKey: fill(7), store: () => undefined, random }, 2);
  await unkept.answer(player, channel, link);
  for (const stranger of strangers) await unkept.findRecipient(stranger);
  expect(await unkept.findRecipient(player)).toBeUndefined();
  expect(await unkept.answer(player, channel, { ...which, proof: proof! } as WalletMessage)).toMatchObject({
    wallet: first.account,
  });
});

describe("what is refused", () => {
  const linkOf = (change: object, sign = (text: string) => wrapped(text)): WalletMessage => {
    const text = walletStatement({ ...terms, wallet: first.account, ...change });
    const { kind, account } = first;
    return { type: "wallet", ask: "link", wallet: account, signed: { kind, signature: first.signBytes(sign(text)) } };
  };

  test.for<readonly [string, WalletMessage]>([
    ["a link from another channel", linkOf({ channel: fill(3) })],
    ["a link for another world", linkOf({ world: fill(4) })],
    ["a link for another player", linkOf({ player: other })],
    ["a link of another wallet", linkOf({ wallet: second.account })],
    ["a link instead of a wallet that is none", linkOf({ before: second.account })],
    ["a text without wrapping", linkOf({}, utf8ToBytes)],
    ["a text wrapped twice", linkOf({}, (text) => wrapped(`<Bytes>${text}</Bytes>`))],
    ["a text with a line end behind it", linkOf({}, (text) => wrapped(`${text}\n`))],
    ["a wrapping in other letters", linkOf({}, (text) => utf8ToBytes(`<bytes>${text}</bytes>`))],
    ["a signature of somebody else", { ...link, wallet: second.account } as WalletMessage],
  ])("%s", async ([, message]) => {
    const links = linksOn(undefined);
    expect(await links.answer(player, channel, message)).toMatchObject({ wallet: null, refused: "wallet-refused" });
    expect(links.recipientOf(player)).toBeUndefined();
  });

  test("another wallet without the consent of the one that is linked", async () => {
    const links = linksOn(new MemoryStore());
    await links.answer(player, channel, link);
    const now = { ...terms, before: first.account };
    for (const message of [
      asksToLink(second, now),
      asksToLink(second, now, second),
      // Said for another change.
      { ...asksToLink(second, now), consent: { kind: first.kind, signature: first.signBytes(wrapped("yes")) } },
    ]) {
      const answer = await links.answer(player, channel, message as WalletMessage);
      expect(answer).toMatchObject({ wallet: first.account, refused: "wallet-linked" });
    }
    expect(await links.answer(player, channel, asksToLink(second, now, first))).toMatchObject({ refused: null });
    expect(links.recipientOf(player)).toEqual(second.account);
    // What was signed before does not bring the first one back.
    expect(await links.answer(player, channel, link)).toMatchObject({ refused: "wallet-refused" });
  });
});

describe("a host that keeps badly", () => {
  test("an older state is mended by what the device kept, and does not give items to the older wallet after that", async () => {
    const disk = new Disk();
    const links = linksOn(new MemoryStore(disk));
    await links.answer(player, channel, link);
    const old = disk.copy();
    const { proof } = await links.answer(
      player,
      channel,
      asksToLink(second, { ...terms, before: first.account }, first),
    );
    const rolledBack = linksOn(new MemoryStore(old));
    expect(await rolledBack.findRecipient(player)).toEqual(first.account);
    expect(await rolledBack.answer(player, channel, { ...which, proof: proof! } as WalletMessage)).toMatchObject({
      wallet: second.account,
    });
    expect(await linksOn(new MemoryStore(old)).findRecipient(player)).toEqual(second.account);
  });

  test("a proof of another player, of another world, or changed, proves nothing", async () => {
    const links = linksOn(undefined);
    const { proof } = await links.answer(player, channel, link);
    const shown = { type: "wallet", ask: "which", proof: proof! } as const;
    const changed = proof!.slice();
    changed[0]! += 1;
    const nothing = { wallet: null, refused: "wallet-refused" };
    expect(await linksOn(undefined).answer(other, channel, shown)).toMatchObject(nothing);
    expect(await linksOn(undefined, fill(9)).answer(player, channel, shown)).toMatchObject(nothing);
    expect(await linksOn(undefined).answer(player, channel, { ...shown, proof: changed })).toMatchObject(nothing);
    expect(await linksOn(undefined).answer(player, channel, shown)).toMatchObject({ wallet: first.account });
  });

  test("a record of another player is none of this one's, and names tell nothing", async () => {
    const disk = new Disk();
    await linksOn(new MemoryStore(disk)).answer(player, channel, link);
    const [name] = [...disk.chains.keys()];
    expect(name).not.toContain(player);
    const mixed = new Disk();
    await linksOn(new MemoryStore(mixed)).answer(other, channel, asksToLink(second, { ...terms, player: other }));
    const [theirs] = [...mixed.chains.keys()];
    mixed.chains.set(theirs!, disk.copy().chains.get(name!)!);
    const links = linksOn(new MemoryStore(mixed));
    expect(await links.answer(other, channel, which)).toMatchObject({ wallet: null, refused: "store-damaged" });
  });

  test("a store that fails keeps nothing, says so, and the wallet can be linked again", async () => {
    const store = new MemoryStore();
    const links = linksOn(store);
    await links.answer(player, channel, which);
    store.fails = "after";
    expect(await links.answer(player, channel, link)).toMatchObject({ wallet: null, refused: "store-unavailable" });
    store.fails = "not";
    // The record was stored, and its answer lost: another worker, it seems.
    expect(await links.answer(player, channel, link)).toMatchObject({ refused: "store-unavailable" });
    expect(await links.answer(player, channel, link)).toMatchObject({ wallet: first.account, refused: null });
  });

  test("two workers that link at once keep one of both", async () => {
    const store = new MemoryStore();
    const workers = [linksOn(store), linksOn(store)];
    for (const links of workers) await links.answer(player, channel, which);
    const asked = [link, asksToLink(second, terms)];
    const answers = await Promise.all(workers.map((links, i) => links.answer(player, channel, asked[i]!)));
    expect(new Set(answers.map(({ refused }) => refused))).toEqual(new Set(["store-unavailable", null]));
    expect(await workers[0]!.findRecipient(player)).toEqual(await workers[1]!.findRecipient(player));
  });
});

describe("a worker that has read a link", () => {
  const changed = asksToLink(second, { ...terms, before: first.account }, first);

  /** Two workers on one disk, of which the second has read that the first wallet is linked. */
  async function both() {
    const disk = new Disk();
    let now = 0;
    const worker = (store: Store): WalletLinks =>
      new WalletLinks({ world, worldKey: fill(7), store: () => store, random, now: () => now });
    const [one, other] = [worker(new MemoryStore(disk)), worker(new MemoryStore(disk))];
    await one.answer(player, channel, link);
    expect(await other.findRecipient(player)).toEqual(first.account);
    return { disk, worker, one, other, pass: (ms: number) => (now += ms) };
  }

  test("learns within half a minute that another one has replaced it, and says so", async () => {
    const { one, other, pass } = await both();
    const heard: PlayerId[] = [];
    other.listen((of) => heard.push(of));
    expect(await one.answer(player, channel, changed)).toMatchObject({ refused: null });
    pass(30_000);
    expect(await other.findRecipient(player)).toEqual(second.account);
    expect(heard).toEqual([player]);
    expect(await other.findRecipient(player)).toEqual(second.account);
    expect(heard).toHaveLength(1);
  });

  test("is shown no older one, nor none, and keeps what it knows where that is gone", async () => {
    const { disk, worker, one, pass } = await both();
    const older = disk.copy();
    await one.answer(player, channel, changed);
    disk.chains.clear();
    for (const [chain, records] of older.chains) disk.chains.set(chain, records);
    pass(30_000);
    expect(await one.findRecipient(player)).toEqual(second.account);
    expect(await worker(new MemoryStore(disk)).findRecipient(player)).toEqual(second.account);
    disk.chains.clear();
    pass(30_000);
    expect(await one.findRecipient(player)).toEqual(second.account);
    expect(await worker(new MemoryStore(disk)).findRecipient(player)).toEqual(second.account);
  });

  test.for<readonly [string, (disk: Disk, store: MemoryStore) => void]>([
    ["while the store is away", (_, store) => (store.fails = "before")],
    [
      "where it is shown what no worker sealed",
      (disk) => {
        const [records] = disk.chains.values();
        records!.records.splice(0, 1, { head: fill(8), record: new Uint8Array(200) });
      },
    ],
  ])("goes on by it %s", async ([, spoil]) => {
    const { disk, worker, pass } = await both();
    const store = new MemoryStore(disk);
    const third = worker(store);
    await third.findRecipient(player);
    spoil(disk, store);
    pass(30_000);
    expect(await third.findRecipient(player)).toEqual(first.account);
    expect(await third.answer(player, channel, which)).toMatchObject({ wallet: first.account, refused: null });
  });
});

test("a wallet that was linked while nobody kept anything is kept once somebody does", async () => {
  const store = new MemoryStore();
  let offered = false;
  const links = new WalletLinks({ world, worldKey: fill(7), store: () => (offered ? store : undefined), random });
  await links.answer(player, channel, link);
  offered = true;
  expect(await links.findRecipient(player)).toEqual(first.account);
  expect(await linksOn(new MemoryStore(store.disk)).findRecipient(player)).toEqual(first.account);
});
