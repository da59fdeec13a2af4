/**
 * The pictures that README and the front page show, made by walking into a hub in which others live: `npm run pictures`. What they show is what
 * anybody sees: accounts of their own, Shells that were grown there, and words that were said.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRoom } from "#client/lobby.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { rootFolder } from "../support/folders.ts";
import { Dweller, type Character, type Hub } from "./dweller.ts";
import { HubWorld } from "./hub-world.ts";
import { PhalaWindow } from "./phala-window.ts";
import { desktop, phone } from "./world.ts";

const folder = join(rootFolder, "docs/pictures");
const front = join(rootFolder, "client/front/hub.webp");

/** They stand between where one arrives and the Origin. */
const company: readonly (readonly [Character, x: number, z: number])[] = [
  [{ name: "Maya", race: "xgene", career: "druid", coat: 1, light: 0 }, -2.4, -8.4],
  [{ name: "Oskar", race: "cyborg", career: "warrior", coat: 2, light: 1 }, -3.6, -7.6],
  [{ name: "Lin", race: "spectre", career: "wizard", coat: 3, light: 2 }, 1.4, -6.2],
  [{ name: "Tariq", race: "pandroid", career: "negotiator", coat: 4, light: 3 }, 4.2, -7.4],
  [{ name: "June", race: "cyborg", career: "monk", coat: 5, light: 4 }, 5.2, -6.6],
  [{ name: "Ravi", race: "xgene", career: "warrior", coat: 6, light: 5 }, -5.6, -3.2],
  [{ name: "Sol", race: "spectre", career: "monk", coat: 7, light: 0 }, 6.4, -2.4],
  [{ name: "Noor", race: "pandroid", career: "wizard", coat: 0, light: 2 }, -0.8, -4.4],
];

let world: HubWorld;
let room: RoomId;
let dwellers: readonly Dweller[] = [];

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  world = await HubWorld.open();
  room = await createRoom(world.url, { contract: "phala-world", options: { clock: "seconds" }, listed: true });
  const { contracts } = JSON.parse(await readFile(join(rootFolder, ".cache/page/built-in.json"), "utf8")) as {
    readonly contracts: { readonly [name: string]: string };
  };
  const hub: Hub = {
    url: world.url,
    room,
    world: hexToBytes(world.world),
    contract: hexToBytes(contracts["phala-world"]!),
  };
  dwellers = await Promise.all(company.map(([character]) => Dweller.enter(hub, character)));
  await Promise.all(dwellers.map((dweller) => dweller.grow()));
  for (const [i, [, x, z]] of company.entries())
    await dwellers[i]!.standAt(x, z, i % 3 === 0 ? { x: 0, z: -20 } : { x: 0, z: 0 });
}, 240_000);

afterAll(async () => {
  for (const dweller of dwellers) dweller.close();
  await world?.close();
});

/** As it is on the screen, in WebP: the browser has the encoder. */
async function keep(page: Page, file: string): Promise<void> {
  const png = await page.screenshot({ timeout: 120_000 });
  const blank = await page.context().newPage();
  const webp = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.86 });
    const out = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(out, (byte) => String.fromCharCode(byte)).join(""));
  }, png.toString("base64"));
  await blank.close();
  await writeFile(file, Buffer.from(webp, "base64"));
}

/** The picture alone: words over a picture of words are none. */
async function withoutWords(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const name of ["app", "bubbles"]) document.getElementById(name)!.style.visibility = "hidden";
  });
  await frames(page, 2);
}

async function frames(page: Page, count: number): Promise<void> {
  const drawn = Number(await page.locator("html").getAttribute("data-frames"));
  await page.waitForFunction((until) => Number(document.documentElement.dataset["frames"]) >= until, drawn + count);
}

test("a welcome, and the hub at a desk and on a phone", async () => {
  const desk = new PhalaWindow(await world.window({ viewport: { ...desktop, height: 720 } }));
  desk.page.setDefaultTimeout(120_000);
  await desk.page.goto(`${world.url}/world/?quality=high&pixels=1#room=${room}`, { waitUntil: "commit" });
  await desk.ready();
  await frames(desk.page, 3);
  await keep(desk.page, join(folder, "world-welcome.webp"));
  await desk.enter("Ada");
  await dwellers[3]!.do({ do: "emote", emote: "dance" });
  await dwellers[5]!.do({ do: "emote", emote: "sit" });
  await desk.say("The Origin is warm today.");
  await dwellers[2]!.do({ do: "say", text: "Something lies off the western path." });
  await dwellers[0]!.do({ do: "say", text: "Welcome! Mine hatched an hour ago." });
  await dwellers[0]!.do({ do: "emote", emote: "wave" });
  await frames(desk.page, 3);
  await keep(desk.page, join(folder, "world-desktop.webp"));
  await withoutWords(desk.page);
  await keep(desk.page, front);
  await desk.window.context.close();

  const hand = new PhalaWindow(await world.window({ viewport: phone, touch: true }), "touch");
  hand.page.setDefaultTimeout(120_000);
  await hand.page.goto(`${world.url}/world/?quality=medium&pixels=1#room=${room}`, { waitUntil: "commit" });
  await hand.ready();
  await hand.enter("Grace");
  await dwellers[0]!.do({ do: "say", text: "Hello, Grace." });
  await frames(hand.page, 4);
  await keep(hand.page, join(folder, "world-phone.webp"));
  expect(hand.window.complaints).toEqual([]);
}, 400_000);
