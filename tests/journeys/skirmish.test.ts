/** Three people fight in the dark over a slow line: 150 ms there and back, and now and then a stall of 200. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { run } from "axe-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { Fighter } from "../../contracts/skirmish/components.ts";
import { playBot } from "../contracts/skirmish/bot-player.ts";
import { hashOf } from "./hub-stage.ts";
import { expectNoComplaints, SkirmishWindow } from "./skirmish-window.ts";
import { artifacts, openWorld, phone, type World } from "./world.ts";

/** There and back 150 ms, and whatever is lost is 200 ms late, with all that comes after it. */
const slow = "delay=75&jitter=10&loss=0.01&stall=200";
const figures = `${slow}&figures`;
let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(() => world.close());

/** What somebody without a page joins the room of a window by. */
async function termsOf(window: SkirmishWindow) {
  return {
    room: (await window.attribute("data-room")) as RoomId,
    world: world.id,
    contract: hexToBytes(hashOf("skirmish")),
    policy: developmentPolicy,
    name: "Bot",
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious faults of what is on the screen. */
async function faults({ page }: SkirmishWindow): Promise<readonly string[]> {
  await page.addScriptTag({ content: axe });
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: { run: typeof run } };
    const { violations } = await tool.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 80)).join(" | ")}`);
  });
}

test("three browsers play Skirmish under delay and stalls, and their own steps are where they were predicted", async () => {
  const { url } = world.place;
  const ada = new SkirmishWindow(await world.window({ bypassCSP: true }));
  const grace = new SkirmishWindow(await world.window());
  const wren = new SkirmishWindow(await world.window({ viewport: phone, touch: true, bypassCSP: true }), {
    touch: true,
  });
  const found: Record<string, readonly string[]> = {};
  await ada.arrive(url, "Ada", figures);
  await ada.window.shot("skirmish-lobby");
  found["lobby"] = await faults(ada);
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  for (const [player, name] of [
    [grace, "Grace"],
    [wren, "Wren"],
  ] as const) {
    await player.arrive(url, name, slow);
    if (player === wren) {
      await wren.window.shot("skirmish-phone-lobby");
      found["lobby on a phone"] = await faults(wren);
    }
    await player.act("play-now");
    await player.until("[data-seat]");
  }
  const players = [ada, grace, wren];
  for (const player of players) await player.until('[data-phase="playing"][data-health="100"]');
  expect(new Set(await Promise.all(players.map((player) => player.attribute("data-room")))).size).toBe(1);
  expect(new Set(await Promise.all(players.map((player) => player.attribute("data-team")))).size).toBe(2);

  for (const way of ["KeyD", "KeyS", "KeyW"] as const) {
    await Promise.all([ada.run(way, 1200), grace.run(way === "KeyD" ? "KeyA" : way, 1200), wren.run(way, 1200)]);
  }
  const kept: Record<string, object> = {};
  // What was answered last is compared by then.
  await ada.page.waitForTimeout(1100);
  for (const [player, name] of [
    [ada, "desktop"],
    [grace, "second desktop"],
    [wren, "phone"],
  ] as const) {
    const errors = await player.errors();
    kept[name] = errors;
    const { mean, compared } = errors;
    // A fighter is 90 cm wide. Predictions are wrong where somebody else is in the way, and on their return.
    expect(compared).toBeGreaterThan(20);
    expect(mean).toBeLessThan(0.5);
  }
  const conditions = "150 ms there and back, stalls of 200 ms; metres";
  writeFileSync(
    join(artifacts, "skirmish-prediction.json"),
    `${JSON.stringify({ conditions, ...kept }, undefined, 2)}\n`,
  );
  // Company, for the picture.
  const bots = await Promise.all([1, 2, 3, 4].map(async (seed) => playBot(url, await termsOf(ada), seed)));
  await ada.page.waitForTimeout(1500);
  await ada.window.shot("skirmish-desktop");
  await wren.window.shot("skirmish-phone");
  found["arena"] = await faults(ada);
  found["arena on a phone"] = await faults(wren);
  expect(found).toEqual({ lobby: [], "lobby on a phone": [], arena: [], "arena on a phone": [] });
  for (const bot of bots) {
    expect(bot.room.entities(Fighter).mine).toHaveLength(1);
    bot.stop();
  }
  await grace.act("leave");
  await grace.until('[data-phase="lobby"]');
  expectNoComplaints(...players);
});
