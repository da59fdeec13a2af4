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
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { mintedOn, mintWaitsOn } from "../place/said-on-chain.ts";
import { until } from "../adversary/play-out.ts";
import type { Dot4Room } from "../adversary/stage.ts";
import { Dot4Window, expectNoComplaints } from "./dot4-window.ts";
import { ItemsWorld, world as manifest } from "./items-world.ts";
import { openWindow } from "./world.ts";

let net: Devnet;
let world: ItemsWorld;
let ada: Dot4Window;
/** Of the worker that runs. */
let pid = 0;
/** How often a worker has come to be ready. */
let ready = 0;

beforeAll(async () => {
  world = await ItemsWorld.open({
    async chain() {
      net = await startDevnet({ clock: Date.now, sealing: "manual", finality: "manual" });
      return { url: net.url, terms: developmentChainTerms(net.chain), close: () => net.close() };
    },
    // Blocks are made by hand, and may be quicker than the worker on a machine that has much to do.
    terms: { period: 16 },
    during: whileBlocksCome,
    output: (told) => {
      if (told["msg"] === "worker-started") pid = Number(told["pid"]);
      if (told["msg"] === "worker-ready") ready += 1;
    },
  });
  ada = new Dot4Window(await openWindow(world.browser));
  await world.putWallet(ada.window.page, "Bob");
});

afterAll(() => world?.[Symbol.asyncDispose]());

const breath = (): Promise<void> => sleep(150);

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

/** @returns once another one has taken its place. */
async function killWorker(): Promise<void> {
  const before = ready;
  process.kill(pid, "SIGKILL");
  await expect.poll(() => ready, { timeout: 60_000 }).toBe(before + 1);
}

/** Somebody without a browser sits down at the table where Ada waits, and hides bombs. */
async function sitDownWithAda(): Promise<Dot4Room> {
  const { url } = world.place;
  const place = await info(url);
  const grace = await joinRoom<typeof dot4>(url, {
    room: await quickMatch(url, { contract: "dot4" }),
    world: worldId(manifest),
    contract: hexToBytes(place.ready!.contracts[0]!.hash),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
  });
  await until(grace, ({ view }) => view?.phase === "placing");
  await grace.move({
    kind: "place",
    bombs: [
      [3, 0],
      [4, 0],
      [5, 0],
    ],
  });
  return grace;
}

/** Ada's stones slide along one row until four are beside each other, and Grace's lie far away; and she is told of her cup. @param count of cups so far. */
async function win(count: number): Promise<void> {
  await ada.arrive(world.place.url, "Ada");
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  const grace = await sitDownWithAda();
  await ada.hideBombs(["0,0", "1,0", "2,0"]);
  await ada.until('[data-phase="playing"]');
  const own = await ada.attribute("data-seat");
  for (let left = 4; left > 0;) {
    const turn = await ada.attribute("data-turn");
    if (turn === own) await ada.drop("left-2");
    else await grace.move({ kind: "drop", side: "left", line: left % 2 === 0 ? 5 : 8 });
    if (turn === own) left -= 1;
    await ada.until(`:not([data-turn="${turn}"])`);
  }
  await ada.until('[data-phase="ended"]');
  grace.close();
  await expect.poll(async () => (await told()).length).toBe(count);
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
  await win(1);
  await openItems();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator('[data-action="link"]').click();
  await page.locator('[data-link-says]:has-text("Linked")').waitFor();
  expect([mintWaitsOn(net.chain), mintedOn(net.chain, prefix()).size]).toEqual([false, 0]);
  await killWorker();
  await expectCups(1);

  // Between submission and inclusion.
  await win(2);
  await openItems();
  await blocksUntil(() => mintWaitsOn(net.chain));
  await killWorker();
  expect(mintWaitsOn(net.chain)).toBe(true);
  await expectCups(2);

  // A reorganisation takes the block away.
  await win(3);
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
  await blocksUntil(() => net.chain.best.number > number + 4);
  await page.locator(`[data-caught-up] summary:has-text("block ${net.chain.finalized.number}")`).waitFor();
  expect(await page.locator("[data-items]").getAttribute("data-items")).toBe("3");
  const { account } = developmentKey("Bob");
  expect([...mintedOn(net.chain, prefix()).values()]).toEqual([[account], [account], [account]]);
  await ada.window.shot("journey-items-again");
  expectNoComplaints(ada);
});
