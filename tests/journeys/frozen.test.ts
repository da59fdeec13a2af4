/** What people see when the place cannot keep their game, and when it shows an older one: on a desk and on a phone. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { linkKinds } from "#protocol/link.ts";
import { loadContractFolder } from "#enclave/contract-folder.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { roomsLimits } from "#enclave/rooms.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { startWorker, type Worker } from "#enclave/worker.ts";
import { startGateway, type Gateway } from "#gateway/gateway.ts";
import { passOn, TamperedLink } from "../adversary/tamper.ts";
import { launchChromium } from "../browser/chromium.ts";
import { contractsFolder, pageFolder } from "../support/folders.ts";
import { Dot4Window } from "./dot4-window.ts";
import { openWindow, phone } from "./world.ts";

let folder: string;
let browser: Browser;
let worker: Worker | undefined;
let gateway: Gateway | undefined;
let link: TamperedLink | undefined;
let port = 0;

const path = (name: string): string => join(folder, name);

async function start(): Promise<void> {
  worker = await startWorker({
    address: { kind: "socket", path: path("worker.sock") },
    world: { name: "phatroom development", development: true },
    platform: await softwarePlatform({ directory: path("platform") }),
    contracts: await loadContractFolder(await contractEngine(), contractsFolder),
    limits: { ...roomsLimits, continuity: { frozenMs: 15_000, storePatienceMs: 1000 } },
    log: () => undefined,
  });
  link = await TamperedLink.open(path("link.sock"), path("worker.sock"));
  gateway = await startGateway({
    worker: { kind: "socket", path: path("link.sock") },
    store: { kind: "sqlite", directory: path("store") },
    page: pageFolder,
    port,
    log: () => undefined,
  });
  await gateway.ready();
  ({ port } = gateway);
}

async function stop(): Promise<void> {
  await gateway?.close();
  await link?.close();
  await worker?.close();
  [gateway, link, worker] = [undefined, undefined, undefined];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-frozen-"));
  browser = await launchChromium();
  await start();
});

afterAll(async () => {
  await browser.close();
  await stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the chip says in one line, and the panel behind it. */
async function shieldOf(player: Dot4Window, name: string): Promise<string> {
  const { page } = player.window;
  await player.window.shot(name);
  await page.locator(".chip").click();
  const text = await page.locator("[data-shield-text]").innerText();
  await player.window.shot(`${name}-shield`);
  await player.act("close-shield");
  return `${await page.locator(".chip").innerText()} ${text}`;
}

test("a game waits for a store that is away and goes on; set back, it freezes for both and is closed", async () => {
  const touch = { viewport: phone, touch: true };
  const [ada, grace] = [
    new Dot4Window(await openWindow(browser)),
    new Dot4Window(await openWindow(browser, touch), { touch: true }),
  ];
  await ada.arrive(gateway!.url, "Ada");
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  await grace.arrive(gateway!.url, "Grace");
  await grace.act("play-now");
  await ada.hideBombs(["0,0", "9,9", "4,5"]);
  await grace.hideBombs(["5,5", "2,7", "7,2"]);
  for (const player of [ada, grace]) await player.until('[data-phase="playing"]');
  await stop();
  await cp(path("store"), path("older"), { recursive: true });
  await start();
  for (const player of [ada, grace]) await player.until('[data-room-phase="playing"][data-connection="joined"]');

  // The store does not answer any more; somebody moves.
  link!.rule = (message) => (message.kind === linkKinds.storeAnswer ? [] : passOn(message, link!));
  const turn = await ada.attribute("data-turn");
  const mover = turn === (await ada.attribute("data-seat")) ? ada : grace;
  const spots = await mover.openSpots();
  void mover.drop(spots[0]!).catch(() => undefined);
  for (const player of [ada, grace]) await player.until('[data-room-phase="frozen"]');
  expect(await mover.attribute("data-turn")).toBe(turn);
  expect(await shieldOf(ada, "7-store-away")).toMatch(/cannot be kept just now[^]*it waits/);
  await shieldOf(grace, "7-store-away-phone");
  link!.rule = passOn;
  link!.cut();
  for (const player of [ada, grace]) await player.until('[data-room-phase="playing"][data-connection="joined"]');
  for (const player of [ada, grace]) await player.until(`:not([data-turn="${turn}"])`);

  await stop();
  await rm(path("store"), { recursive: true });
  await cp(path("older"), path("store"), { recursive: true });
  await start();
  for (const player of [ada, grace]) await player.until('[data-room-phase="frozen"]');
  expect(await shieldOf(ada, "8-frozen")).toMatch(/the place shows an older state[^]*closes the room/);
  await shieldOf(grace, "8-frozen-phone");
  for (const { window } of [ada, grace]) await window.page.locator('[data-closed="rolled-back"]').waitFor();
  expect(await shieldOf(ada, "9-rolled-back")).toMatch(/the place had rolled the room back/);
  await shieldOf(grace, "9-rolled-back-phone");
});
