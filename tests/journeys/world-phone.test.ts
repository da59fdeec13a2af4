/** A stranger's first minute: `npm start`, and on a phone two touches to walking; and every screen can be used by anybody. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { launchChromiumThatDraws } from "../browser/chromium.ts";
import { Screens } from "./axe.ts";
import { npmStart, type Started } from "./npm-start.ts";
import { PhalaWindow } from "./phala-window.ts";
import { openWindow, phone } from "./world.ts";

/** Everything until one walks, compressed: front page, script, models, and what joins the room. */
const bytesUntilWalkingMax = 1_500_000;

let place: Started;
let browser: Browser;
beforeAll(async () => {
  [place, browser] = await Promise.all([npmStart(), launchChromiumThatDraws()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await place?.close();
});

test("two touches from the front page to walking, in less than 1.5 MB, and no screen has a serious fault", async () => {
  const window = await openWindow(browser, { viewport: phone, touch: true, bypassCSP: true });
  const ada = new PhalaWindow(window, "touch");
  const { page } = ada;
  await ada.drawLittle();
  let bytes = 0;
  page.on("response", (response) => {
    void response.body().then(
      (body) => (bytes += gzipSync(body).length),
      () => undefined,
    );
  });
  const screens = new Screens();

  await page.goto(place.url, { waitUntil: "commit" });
  await ada.find('[data-screen="front"]').waitFor();
  await screens.look("front", page);
  await ada.press('[data-door="world"]');
  await ada.ready();
  await screens.look("welcome", page);
  await ada.find('[data-action="enter"]').scrollIntoViewIfNeeded();
  await ada.act("enter");
  await ada.inside();
  expect(bytes).toBeGreaterThan(300_000);
  expect(bytes).toBeLessThan(bytesUntilWalkingMax);

  const from = await ada.settled();
  await ada.step(0, 3);
  const to = await ada.settled();
  expect(Math.hypot(to.x - from.x, to.z - from.z)).toBeGreaterThan(1);

  await screens.look("inside", page);
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
    await screens.look(panel, page);
    if (panel === "soul") await window.shot("world-phone-soul");
    await ada.act("close");
    await ada.find("dialog[open]").waitFor({ state: "detached" });
  }
  await ada.press(".chip");
  await ada.find("dialog[open]").waitFor();
  expect(await ada.find("dialog").innerText()).toMatch(/protects nothing|no hardware stands behind it/);
  expect(await ada.find("[data-origin]").innerText()).toContain(place.url);
  await screens.look("shield", page);
  await window.shot("world-phone-shield");
  expect(screens.faults).toEqual({});
  expect(screens.names).toHaveLength(9);
  ada.expectNoComplaints();
});
