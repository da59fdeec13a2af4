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

  /** Runs this way for so long, firing where it goes. */
  async run(key: "KeyW" | "KeyA" | "KeyS" | "KeyD", ms: number): Promise<void> {
    await this.page.keyboard.down(key);
    await this.page.keyboard.down("Space");
    await this.page.waitForTimeout(ms);
    await this.page.keyboard.up("Space");
    await this.page.keyboard.up(key);
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
