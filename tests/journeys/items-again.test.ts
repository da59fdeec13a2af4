/**
 * Ada wins three cups, each while something dies: the worker between award and submission, the worker between submission and
 * inclusion, and the block that had the item. Her page shows each of them once, and the chain has each of them once.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDevnet, type Devnet } from "#chain/devnet/start.ts";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { developmentKey } from "#cli/items/key.ts";
import { guestAccount, info, join as joinRoom, memoryKeyStore, quickMatch } from "#client/index.ts";
import { developmentPolicy } from "#attestation/policy.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { worldId } from "#protocol/manifest.ts";
import type { dot4, View } from "../../contracts/dot4/dot4.ts";
import { mintedOn, mintWaitsOn } from "../place/said-on-chain.ts";
import { changed } from "../adversary/play-out.ts";
import type { Dot4Room } from "../adversary/stage.ts";
import { Dot4Window, expectNoComplaints } from "./dot4-window.ts";
import { ItemsWorld, world as manifest } from "./items-world.ts";
import { openWindow } from "./world.ts";

let net: Devnet;
let world: ItemsWorld;
let ada: Dot4Window;
/** Of the worker that runs. */
let pid = 0;

beforeAll(async () => {
  world = await ItemsWorld.open({
    async chain() {
      net = await startDevnet({ clock: Date.now, sealing: "manual", finality: "manual" });
      return { url: net.url, terms: developmentChainTerms(net.chain), close: () => net.close() };
    },
    // As short as it may be: blocks are made by hand.
    terms: { period: 4 },
    during: whileBlocksCome,
    output: (told) => {
      if (told["msg"] === "worker-started") pid = Number(told["pid"]);
    },
  });
  ada = new Dot4Window(await openWindow(world.browser));
  await world.putWallet(ada.window.page, "Bob");
});

afterAll(() => world?.[Symbol.asyncDispose]());

const breath = (): Promise<void> => sleep(60);

/** Blocks, all of them final, until it holds, with time for everybody in between. */
async function blocksUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 600; left > 0; left--) {
    if (await holds()) return;
    net.chain.finalize(net.chain.newBlock().hash);
    await breath();
  }
  throw new Error("it did not happen in 600 blocks");
}

async function whileBlocksCome<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const over = work.finally(() => (done = true));
  await blocksUntil(() => done);
  return over;
}

async function killWorker(): Promise<void> {
  const before = pid;
  process.kill(before, "SIGKILL");
  await expect.poll(() => pid).not.toBe(before);
}

/** Somebody without a browser sits down at the table where Ada waits, and loses. */
async function loseToAda(): Promise<void> {
  const { url } = world.place;
  const { ready } = await info(url);
  const room = await joinRoom<typeof dot4>(url, {
    room: await quickMatch(url, { contract: "dot4" }),
    world: worldId(manifest),
    contract: hexToBytes(ready!.contracts[0]!.hash),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
  });
  const lines = [5, 8, 5, 8];
  await comes(room, ({ phase }) => phase === "placing");
  await room.move({
    kind: "place",
    bombs: [
      [3, 0],
      [4, 0],
      [5, 0],
    ],
  });
  for (;;) {
    const { phase } = await comes(room, (view) => view.phase === "ended" || view.turn === room.seat);
    if (phase === "ended") return room.close();
    if (phase === "playing") await room.move({ kind: "drop", side: "left", line: lines.shift()! });
    else await changed(room);
  }
}

async function comes(room: Dot4Room, is: (view: View) => boolean): Promise<View> {
  while (room.view === null || !is(room.view)) await changed(room);
  return room.view;
}

/** Ada's stones slide along one row until four are beside each other. */
async function win(): Promise<void> {
  await ada.arrive(world.place.url, "Ada");
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  const losing = loseToAda();
  await ada.hideBombs(["0,0", "1,0", "2,0"]);
  await ada.until('[data-phase="playing"]');
  const own = await ada.attribute("data-seat");
  for (let left = 4; left > 0; left--) {
    await ada.until(`[data-turn="${own}"]`);
    await ada.drop("left-2");
    await ada.until(`:not([data-turn="${own}"])`);
  }
  await ada.until('[data-phase="ended"]');
  await losing;
}

async function openItems(): Promise<void> {
  await ada.window.page.goto(`${world.place.url}/items/`);
  await ada.window.page.locator("[data-caught-up]").waitFor();
}

/** What rooms have told this device of what was earned on it. */
const told = (): Promise<readonly string[]> =>
  ada.window.page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("phatroom:vouchers:"));
    const kept = JSON.parse(localStorage.getItem(key ?? "") ?? "[]") as { readonly stage: string }[];
    return kept.map(({ stage }) => stage);
  });

const prefix = (): number => world.chain.terms.prefix;

/** Blocks, until so many vouchers have an item; then the page shows so many items, and all of them final. */
async function expectCups(count: number): Promise<void> {
  await blocksUntil(() => mintedOn(net.chain, prefix()).size === count);
  const { page } = ada.window;
  await page.locator(`[data-items='${count}']`).waitFor();
  await expect.poll(() => page.locator('[data-voucher][data-stage="final"]').count()).toBe(count);
  expect(await page.locator("[data-voucher]").count()).toBe(count);
}

test("a worker that is killed before it submits, one that is killed before a block has it, a block that is given up: each cup is there once", async () => {
  const { page } = ada.window;
  // Between award and submission.
  await win();
  await openItems();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator('[data-action="link"]').click();
  await page.locator('[data-link-says]:has-text("Linked")').waitFor();
  expect([mintWaitsOn(net.chain), mintedOn(net.chain, prefix()).size]).toEqual([false, 0]);
  await killWorker();
  await expectCups(1);

  // Between submission and inclusion.
  await win();
  await openItems();
  await blocksUntil(() => mintWaitsOn(net.chain));
  await killWorker();
  expect(mintWaitsOn(net.chain)).toBe(true);
  await expectCups(2);

  // A reorganisation takes the block away.
  await win();
  await blocksUntil(() => mintWaitsOn(net.chain));
  const parent = net.chain.best.hash;
  net.chain.newBlock();
  await expect.poll(told).toContain("in-block");
  const fork = net.chain.newBlock({ parent, transactions: [], best: false });
  net.chain.setBest(net.chain.newBlock({ parent: fork.hash, transactions: [] }).hash);
  expect(mintedOn(net.chain, prefix()).size).toBe(2);
  await openItems();
  await expectCups(3);

  // And however long the chain goes on, there are no more.
  const { number } = net.chain.best;
  await blocksUntil(() => net.chain.best.number > number + 8);
  await page.locator(`[data-caught-up] summary:has-text("block ${net.chain.finalized.number}")`).waitFor();
  expect(await page.locator("[data-items]").getAttribute("data-items")).toBe("3");
  const { account } = developmentKey("Bob");
  expect([...mintedOn(net.chain, prefix()).values()]).toEqual([[account], [account], [account]]);
  await ada.window.shot("journey-items-again");
  expectNoComplaints(ada);
});
