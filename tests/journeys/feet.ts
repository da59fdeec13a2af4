/** How somebody walks in the hub: by keys, or by a thumb. They push for as long as the way takes, however seldom frames are drawn. */
import type { Page } from "playwright-core";
import { stickPush } from "#world/input/stick.ts";
import { runSpeed, walkSpeed } from "#world/island/walk.ts";

export interface Pace {
  readonly fast: boolean;
  /** Stops when this is so. */
  readonly until?: (() => Promise<boolean>) | undefined;
}

export interface Feet {
  /** Metres, as the camera looks. */
  go(right: number, ahead: number, pace: Pace): Promise<void>;
}

/** Less is no way. */
const shortest = 0.3;

/** Along both sides of a square by its diagonal, and straight on. */
export const byKeys = (page: Page): Feet => ({
  async go(right, ahead, { fast, until }) {
    const [side, along] = [right > 0 ? "d" : "a", ahead > 0 ? "w" : "s"];
    const [across, up] = [Math.abs(right), Math.abs(ahead)];
    const ways = [
      { keys: [side, along], metres: Math.min(across, up) * Math.SQRT2 },
      { keys: [across > up ? side : along], metres: Math.abs(across - up) },
    ];
    if (fast) await page.keyboard.down("Shift");
    for (const { keys, metres } of ways) {
      if (metres < shortest) continue;
      for (const key of keys) await page.keyboard.down(key);
      const stopped = await pass(page, metres / (fast ? runSpeed : walkSpeed), until);
      for (const key of keys) await page.keyboard.up(key);
      if (stopped) break;
    }
    if (fast) await page.keyboard.up("Shift");
  },
});

/** Of the stick, in pixels. */
const rim = 60;

/** Straight there, with the stick at its rim, or a little inside. */
export const byThumb = (page: Page): Feet => ({
  async go(right, ahead, { fast, until }) {
    const metres = Math.hypot(right, ahead);
    const out = (rim * (fast ? 1 : 0.9)) / metres;
    const push = stickPush(right * out, -ahead * out, rim);
    const speed = (push.run ? runSpeed : walkSpeed) * Math.hypot(push.right, push.ahead);
    const { x, y, width, height } = (await page.locator('[data-control="stick"]').boundingBox())!;
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    // Playwright's own touches are taps.
    const browser = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: readonly object[]): Promise<unknown> =>
      browser.send("Input.dispatchTouchEvent", { type, touchPoints: points as never });
    await touch("touchStart", [{ x: middleX, y: middleY }]);
    await touch("touchMove", [{ x: middleX + right * out, y: middleY - ahead * out }]);
    await pass(page, metres / speed, until);
    await touch("touchEnd", []);
    await browser.detach();
  },
});

/** @returns whether it ended before its time. */
async function pass(page: Page, seconds: number, until: Pace["until"]): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  if (until === undefined) {
    await page.waitForTimeout(seconds * 1000);
    return false;
  }
  for (let left = seconds * 1000; left > 0; left = end - performance.now()) {
    if (await until()) return true;
    await page.waitForTimeout(Math.min(left, 100));
  }
  return false;
}
