/** Three people fight in the dark over a slow line: 150 ms there and back, and now and then a stall of 200. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { readBuiltIn } from "#kit/built-in.ts";
import type { RoomId } from "#protocol/identity.ts";
import { Fighter } from "../../contracts/skirmish/components.ts";
import { playBot } from "../contracts/skirmish/bot-player.ts";
import { rootFolder } from "../support/folders.ts";
import { expectNoComplaints, SkirmishWindow } from "./skirmish-window.ts";
import { openWorld, phone, type World } from "./world.ts";

const slow = "delay=75&jitter=10&loss=0.01&stall=200&figures";
let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(() => world.close());

/** What a page has built in, for the room that a window is in. */
async function ruleOf(window: SkirmishWindow) {
  const built = readBuiltIn(JSON.parse(readFileSync(join(rootFolder, ".cache/page/built-in.json"), "utf8")));
  return {
    room: (await window.attribute("data-room")) as RoomId,
    world: built.world,
    contract: built.contracts["skirmish"]!,
    // Not what was built in last: that may be the page of another journey.
    policy: developmentPolicy,
    name: "Bot",
  };
}

test("three browsers play Skirmish under delay and stalls, and their own steps are where they were predicted", async () => {
  const { url } = world.place;
  const ada = new SkirmishWindow(await world.window());
  const grace = new SkirmishWindow(await world.window());
  const wren = new SkirmishWindow(await world.window({ viewport: phone, touch: true }), { touch: true });
  await ada.arrive(url, "Ada", slow);
  await ada.window.shot("skirmish-lobby");
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  for (const [player, name] of [
    [grace, "Grace"],
    [wren, "Wren"],
  ] as const) {
    await player.arrive(url, name, slow);
    await player.act("play-now");
    await player.until("[data-seat]");
  }
  const players = [ada, grace, wren];
  for (const player of players) await player.until('[data-phase="playing"][data-health="100"]');
  expect(new Set(await Promise.all(players.map((player) => player.attribute("data-room")))).size).toBe(1);
  expect(new Set(await Promise.all(players.map((player) => player.attribute("data-team")))).size).toBe(2);

  for (const way of ["KeyD", "KeyS", "KeyA", "KeyW", "KeyD"] as const) {
    await Promise.all([ada.run(way, 1200), grace.run(way === "KeyD" ? "KeyA" : way, 1200), wren.run(way, 1200)]);
  }
  for (const player of players) {
    await player.page.waitForTimeout(1100);
    const { mean, compared } = await player.errors();
    // A fighter is 90 cm wide. Predictions are wrong where somebody else is in the way, and on their return.
    expect(compared).toBeGreaterThan(20);
    expect(mean).toBeLessThan(0.5);
  }
  // Company, for the picture.
  const bots = await Promise.all([1, 2, 3, 4].map(async (seed) => playBot(url, await ruleOf(ada), seed)));
  await ada.page.waitForTimeout(4000);
  await ada.window.shot("skirmish-desktop");
  await wren.window.shot("skirmish-phone");
  for (const bot of bots) {
    expect(bot.room.entities(Fighter).mine).toHaveLength(1);
    bot.stop();
  }
  await grace.act("leave");
  await grace.until('[data-phase="lobby"]');
  expectNoComplaints(...players);
});
