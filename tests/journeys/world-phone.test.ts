/** A stranger's first minute on a phone: two touches from the front page to walking; and every screen can be used by anybody. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { run } from "axe-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PhalaWindow } from "./phala-window.ts";
import { openWorld, phone, type World } from "./world.ts";

/** Everything until one walks, compressed: front page, script, models, and what joins the room. */
const bytesUntilWalkingMax = 1_500_000;

let world: World;
beforeAll(async () => {
  world = await openWorld({ draws: true });
}, 120_000);
afterAll(() => world?.close());

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious faults of what is on the screen. */
async function faults({ page }: PhalaWindow): Promise<readonly string[]> {
  await page.addScriptTag({ content: axe });
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: { run: typeof run } };
    const { violations } = await tool.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 80)).join(" | ")}`);
  });
}

test("two touches from the front page to walking, in less than 1.5 MB, and no screen has a serious fault", async () => {
  const window = await world.window({ viewport: phone, touch: true, bypassCSP: true });
  const ada = new PhalaWindow(window, { touch: true });
  const { page } = ada;
  await ada.drawLittle();
  let bytes = 0;
  page.on("response", (response) => {
    void response.body().then(
      (body) => (bytes += gzipSync(body).length),
      () => undefined,
    );
  });
  const found: Record<string, readonly string[]> = {};

  await page.goto(world.place.url, { waitUntil: "commit" });
  await ada.find('[data-screen="front"]').waitFor();
  found["front"] = await faults(ada);
  await ada.press('[data-door="world"]');
  await ada.ready();
  found["welcome"] = await faults(ada);
  await ada.find('[data-action="enter"]').scrollIntoViewIfNeeded();
  await ada.act("enter");
  await ada.inside();
  expect(bytes).toBeGreaterThan(300_000);
  expect(bytes).toBeLessThan(bytesUntilWalkingMax);

  const from = await ada.settled();
  const { x, y, width, height } = (await ada.find('[data-control="stick"]').boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + 6);
  await page.waitForTimeout(700);
  await page.mouse.up();
  const to = await ada.settled();
  expect(Math.hypot(to.x - from.x, to.z - from.z)).toBeGreaterThan(1);

  found["inside"] = await faults(ada);
  const outside = await page.evaluate(() =>
    [...document.querySelectorAll("#app button, #app input, #app .log")]
      .map((element) => ({ name: element.className, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      .map(({ name }) => name),
  );
  expect(outside).toEqual([]);
  await window.shot("world-phone-room");
  for (const panel of ["soul", "looks", "people", "settings", "help"]) {
    await ada.act(panel);
    await ada.find("dialog[open]").waitFor();
    found[panel] = await faults(ada);
    if (panel === "soul") await window.shot("world-phone-soul");
    await ada.act("close");
    await ada.find("dialog[open]").waitFor({ state: "detached" });
  }
  await ada.press(".chip");
  await ada.find("dialog[open]").waitFor();
  expect(await ada.find("dialog").innerText()).toMatch(/protects nothing|no hardware stands behind it/);
  expect(await ada.find("[data-origin]").innerText()).toContain(world.place.url);
  found["shield"] = await faults(ada);
  await window.shot("world-phone-shield");
  expect(Object.fromEntries(Object.entries(found).filter(([, serious]) => serious.length > 0))).toEqual({});
  expect(Object.keys(found)).toHaveLength(9);
  ada.expectNoComplaints();
});
