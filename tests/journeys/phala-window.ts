/** A person in Phala World: does what a person does, and reads what the page says. */
import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";
import type { Window } from "./world.ts";

/** Low quality and few pixels: whoever draws here has no graphics card. */
const light = "quality=low&pixels=0.2";

export class PhalaWindow {
  readonly window: Window;
  readonly #touch: boolean;

  constructor(window: Window, options: { readonly touch?: boolean } = {}) {
    this.window = window;
    this.#touch = options.touch ?? false;
  }

  get page(): Page {
    return this.window.page;
  }

  find(selector: string): Locator {
    return this.page.locator(selector);
  }

  async press(selector: string): Promise<void> {
    const target = this.find(selector).first();
    if (this.#touch) await target.tap();
    else await target.click();
  }

  act(action: string): Promise<void> {
    return this.press(`[data-action="${action}"]`);
  }

  /** The welcome, of the room that the fragment names. */
  async arrive(url: string, fragment = ""): Promise<void> {
    await this.page.goto(`${url}/world/?${light}${fragment}`, { waitUntil: "commit" });
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.find("html[data-ready]").waitFor({ state: "attached" });
  }

  /** Under this name into the hub, until the room has let one in. */
  async enter(name: string): Promise<void> {
    await this.find('[data-field="name"]').fill(name);
    await this.act("enter");
    await this.inside();
  }

  async inside(): Promise<void> {
    await this.find('[data-stage="inside"]').waitFor();
    await this.find("html[data-at]").waitFor({ state: "attached" });
  }

  async at(): Promise<{ readonly x: number; readonly z: number }> {
    const [x, z] = ((await this.find("html").getAttribute("data-at")) ?? "NaN,NaN").split(",").map(Number);
    return { x: x!, z: z! };
  }

  /** Where this window draws somebody else. */
  async sees(
    name: string,
  ): Promise<{ readonly x: number; readonly z: number; readonly look: string; readonly clip: string } | undefined> {
    const people = JSON.parse((await this.find("html").getAttribute("data-near")) ?? "[]") as readonly {
      readonly name: string;
      readonly x: number;
      readonly z: number;
      readonly look: string;
      readonly clip: string;
    }[];
    return people.find((person) => person.name === name);
  }

  /** What this window shows of what is buried near. */
  async finds(): Promise<readonly { readonly x: number; readonly z: number; readonly kind: string }[]> {
    return JSON.parse((await this.find("html").getAttribute("data-finds")) ?? "[]") as never;
  }

  /** Walks to a spot by the keyboard, around what is in the way; stops early when `until` says so. */
  async walkTo(
    x: number,
    z: number,
    { within = 1.1, until = async () => false }: { within?: number; until?: () => Promise<boolean> } = {},
  ): Promise<void> {
    const held = new Set<string>();
    const hold = async (keys: readonly string[]): Promise<void> => {
      for (const key of [...held].filter((each) => !keys.includes(each))) {
        await this.page.keyboard.up(key);
        held.delete(key);
      }
      for (const key of keys.filter((each) => !held.has(each))) {
        await this.page.keyboard.down(key);
        held.add(key);
      }
    };
    let stuck = 0;
    for (let steps = 0; steps < 400; steps++) {
      const from = await this.at();
      const [dx, dz] = [x - from.x, z - from.z];
      if (Math.hypot(dx, dz) <= within || (await until())) break;
      const slack = Math.max(0.4, 0.3 * Math.max(Math.abs(dx), Math.abs(dz)));
      const keys = [
        ...(dx > slack ? ["d"] : dx < -slack ? ["a"] : []),
        ...(dz > slack ? ["w"] : dz < -slack ? ["s"] : []),
      ];
      // Something round is straight ahead: a step aside, and on.
      await hold(
        stuck > 1 ? [Math.abs(dx) > Math.abs(dz) ? (steps % 8 < 4 ? "w" : "s") : steps % 8 < 4 ? "a" : "d"] : keys,
      );
      await this.page.waitForTimeout(40);
      const to = await this.at();
      stuck = Math.hypot(to.x - from.x, to.z - from.z) < 0.01 ? stuck + 0.25 : Math.max(0, stuck - 0.5);
    }
    await hold([]);
  }

  /** Presses Tab until the focus is there, as somebody without a mouse does. */
  async tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      if (await this.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${selector}`);
  }

  /** With the keyboard alone. */
  async choose(action: string): Promise<void> {
    await this.find(`[data-action="${action}"]:not([disabled])`).first().waitFor();
    await this.tabTo(`[data-action="${action}"]`);
    await this.page.keyboard.press("Enter");
  }

  async say(text: string): Promise<void> {
    await this.find('[data-field="chat"]').fill(text);
    await this.find('[data-field="chat"]').press("Enter");
  }

  async hears(text: string): Promise<void> {
    await this.page.locator('[role="log"] p', { hasText: text }).first().waitFor();
  }

  expectNoComplaints(): void {
    expect(this.window.complaints).toEqual([]);
  }
}
