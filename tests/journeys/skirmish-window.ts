/** A person in Skirmish: does what a person does, and reads what the page says. */
import { expect } from "vitest";
import type { Page } from "playwright-core";
import type { Window } from "./world.ts";

/** How far predictions were off, in metres. */
interface Errors {
  readonly mean: number;
  readonly max: number;
  readonly compared: number;
}

/** East and south. */
const ways = { KeyW: [0, -1], KeyA: [-1, 0], KeyS: [0, 1], KeyD: [1, 0] } as const;

export class SkirmishWindow {
  readonly window: Window;
  readonly #touch: boolean;

  constructor(window: Window, options: { readonly touch?: boolean } = {}) {
    this.window = window;
    this.#touch = options.touch ?? false;
  }

  get page(): Page {
    return this.window.page;
  }

  /** The lobby, with this name. @param network as the page's address says it. */
  async arrive(url: string, name: string, network = ""): Promise<void> {
    await this.page.goto(`${url}/skirmish/?${network}`, { waitUntil: "commit" });
    await this.page.locator('[data-field="name"]').fill(name);
  }

  async act(action: string): Promise<void> {
    const target = this.page.locator(`[data-action="${action}"]`).first();
    if (this.#touch) await target.tap();
    else await target.click();
  }

  async until(state: string): Promise<void> {
    await this.page.locator(`main${state}`).waitFor();
  }

  async attribute(name: string): Promise<string> {
    return (await this.page.locator("main").getAttribute(name)) ?? "";
  }

  /** Runs this way for so long, firing where it goes: by keys, or with two thumbs. */
  async run(key: keyof typeof ways, ms: number): Promise<void> {
    if (this.#touch) return this.#runByThumbs(key, ms);
    await this.page.keyboard.down(key);
    await this.page.keyboard.down("Space");
    await this.page.waitForTimeout(ms);
    await this.page.keyboard.up("Space");
    await this.page.keyboard.up(key);
  }

  async #runByThumbs(key: keyof typeof ways, ms: number): Promise<void> {
    // Playwright's own touches are taps.
    const browser = await this.page.context().newCDPSession(this.page);
    const { width, height } = this.page.viewportSize()!;
    const [east, south] = ways[key];
    const thumbs = (moved: number) =>
      [0.25, 0.75].map((side, id) => ({ id, x: side * width + east * moved, y: 0.6 * height + south * moved }));
    await browser.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: thumbs(0) });
    await browser.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: thumbs(60) });
    await this.page.waitForTimeout(ms);
    await browser.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await browser.detach();
  }

  async errors(): Promise<Errors> {
    const [mean = 0, max = 0, compared = 0] = (await this.attribute("data-errors")).split(" ").map(Number);
    return { mean, max, compared };
  }
}

/** Nothing was thrown and nothing complained about, in any of these windows. */
export function expectNoComplaints(...players: readonly SkirmishWindow[]): void {
  for (const { window } of players) expect(window.complaints).toEqual([]);
}
