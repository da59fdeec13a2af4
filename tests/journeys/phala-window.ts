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

  /** From the front page through its first door, to the welcome. */
  async arrive(url: string, search = ""): Promise<void> {
    await this.page.goto(`${url}/world/?${light}${search}`, { waitUntil: "commit" });
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
  async sees(name: string): Promise<{ readonly x: number; readonly z: number; readonly look: string } | undefined> {
    const people = JSON.parse((await this.find("html").getAttribute("data-near")) ?? "[]") as readonly {
      readonly name: string;
      readonly x: number;
      readonly z: number;
      readonly look: string;
    }[];
    return people.find((person) => person.name === name);
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
