/** Trees before the camera of Phala World, drawn in Chromium: they neither fill the picture nor hide whom it follows. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layOut } from "#world/island/layout.ts";
import { hub } from "#world/island/island.ts";
import { levels } from "#world/quality/levels.ts";
import { modelsFolder } from "../../assets/pipeline/folder.ts";
import type * as inPage from "./world-leaves-page.ts";
import { launchChromiumThatDraws, openModule, type PageModule } from "./chromium.ts";

let browser: Browser;
let page: PageModule<typeof inPage>;
beforeAll(async () => {
  browser = await launchChromiumThatDraws();
  page = await openModule(browser, new URL("world-leaves-page.ts", import.meta.url));
  await page.page.route("**/models/*", async (route) =>
    route.fulfill({ body: await readFile(modelsFolder + basename(route.request().url())) }),
  );
}, 240_000);
afterAll(() => browser?.close());

const screens = [
  ["a laptop", 320, 200],
  ["a phone", 180, 390],
] as const;

/** Where leaves would fill nearly the whole picture: the eye is in a crown, or beside one. */
const close = [
  [
    { x: -10.29, z: -6.23 },
    { yaw: 2.19, pitch: 0.21, distance: 10 },
  ],
  [
    { x: -3.73, z: 10.57 },
    { yaw: 2.73, pitch: 0.5, distance: 10 },
  ],
  [
    { x: 14.33, z: -18.38 },
    { yaw: 2.89, pitch: 0.42, distance: 7.5 },
  ],
] as const;

/** Where a crown would hide all of somebody on whom one looks northwards, from farther away than what thins out close by. */
const behind = [
  { x: -13.41, z: 18.87 },
  { x: -7.49, z: -22.59 },
];

describe.for(levels)("at %s quality", (level) => {
  test.for(screens)("on %s trees that are close to the eye leave the picture free", async ([, width, height]) => {
    await page.call("stage", level, width, height);
    for (const [spot, orbit] of close) expect(await page.call("leafShare", spot, orbit)).toBeLessThan(0.5);
  });

  test("whoever walks behind a crown is seen through it", async () => {
    await page.call("stage", level, 320, 200);
    for (const spot of behind) {
      const share = await page.call("leafShare", spot, { yaw: 0, pitch: 0.35, distance: 10 }, 0.1);
      expect(share).toBeLessThan(0.6);
    }
  });

  test("whoever stands before a tree sees it whole with their own eyes", async () => {
    await page.call("stage", level, 320, 200);
    const tree = layOut(hub).things.find(({ thing }) => thing === "blossom")!;
    const before = { x: tree.x, z: tree.z - 1.2 };
    expect(await page.call("leafShare", before, { yaw: 0, pitch: 0, distance: 0 }, 0.1)).toBeGreaterThan(0.95);
  });
});
