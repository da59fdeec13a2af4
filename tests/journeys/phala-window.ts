/** A person in Phala World: does what a person does, and reads what the page says. */
import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";
import { walkSpeed } from "#world/island/walk.ts";
import type { Window } from "./world.ts";

/** As the help has them. */
const panelKeys = { soul: "i", looks: "l", people: "p", settings: "o", help: "h" } as const;

/** Low quality and few pixels: whoever draws here has no graphics card. */
const light = "quality=low&pixels=0.2";

/** With what somebody plays, and with nothing else. */
export type By = "mouse" | "touch" | "keys";

export class PhalaWindow {
  readonly window: Window;
  readonly #by: By;

  constructor(window: Window, by: By = "mouse") {
    this.window = window;
    this.#by = by;
  }

  get page(): Page {
    return this.window.page;
  }

  find(selector: string): Locator {
    return this.page.locator(selector);
  }

  async press(selector: string): Promise<void> {
    const target = this.find(`${selector}:not([disabled])`).first();
    if (this.#by === "touch") await target.tap();
    else if (this.#by === "mouse") await target.click();
    else {
      await target.waitFor();
      await this.tabTo(selector);
      await this.page.keyboard.press("Enter");
    }
  }

  act(action: string): Promise<void> {
    return this.press(`[data-action="${action}"]`);
  }

  /** Opens a panel: whoever has only keys has one for each. */
  async openPanel(panel: keyof typeof panelKeys): Promise<void> {
    if (this.#by === "keys") await this.page.keyboard.press(panelKeys[panel]);
    else await this.act(panel);
    await this.find("dialog[open]").waitFor();
  }

  async closePanel(): Promise<void> {
    if (this.#by === "keys") await this.page.keyboard.press("Escape");
    else await this.act("close");
    await this.find("dialog[open]").waitFor({ state: "detached" });
  }

  /** What stands in front of one: a gate, or something buried. */
  async use(prompt: "travel" | "dig"): Promise<void> {
    if (this.#by !== "keys") return this.act(prompt);
    await this.find(`[data-action="${prompt}"]:not([disabled])`).waitFor();
    await this.page.keyboard.press("e");
  }

  /** Every page of this window draws little, as if chosen in its settings; what was chosen since stays. */
  async drawLittle(): Promise<void> {
    await this.page.addInitScript(() => {
      const key = "phala-world-settings";
      if (localStorage.getItem(key) === null) localStorage.setItem(key, '{"quality":"low"}');
    });
  }

  /** The welcome, of the room that the fragment names. */
  async arrive(url: string, fragment = ""): Promise<void> {
    await this.page.goto(`${url}/world/?${light}${fragment}`, { waitUntil: "commit" });
    await this.ready();
    // Where much else is drawn, a handshake may run out of time: then one tries again.
    const welcome = this.find('[data-screen="welcome"], [data-stage="inside"]');
    for (let tries = 0; tries < 3; tries++) {
      await welcome.or(this.find('[data-action="again"]')).first().waitFor();
      if ((await welcome.count()) > 0) return;
      await this.act("again");
      await this.ready();
    }
  }

  async ready(): Promise<void> {
    await this.find("html[data-ready]").waitFor({ state: "attached" });
  }

  /** Under this name into the hub, until the room has let one in. */
  async enter(name: string): Promise<void> {
    await this.type("name", name);
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

  /**
   * Walks to a spot by the keyboard, around what is in the way; stops early when `until` says so. Keys are held for as long
   * as the way takes, so that it does not matter how seldom frames are drawn.
   */
  async walkTo(
    x: number,
    z: number,
    { within = 1.1, until = async () => false }: { within?: number; until?: () => Promise<boolean> } = {},
  ): Promise<void> {
    for (let legs = 0; legs < 60; legs++) {
      const from = await this.settled();
      const [dx, dz] = [x - from.x, z - from.z];
      if (Math.hypot(dx, dz) <= within || (await until())) return;
      const [far, near] = [Math.max(Math.abs(dx), Math.abs(dz)), Math.min(Math.abs(dx), Math.abs(dz))];
      const keys = [
        ...(Math.abs(dx) > far * 0.41 ? [dx > 0 ? "d" : "a"] : []),
        ...(Math.abs(dz) > far * 0.41 ? [dz > 0 ? "w" : "s"] : []),
      ];
      // Along both sides of a square one goes by its diagonal.
      const way = Math.min(6, keys.length === 2 ? Math.max(near, 0.4) * Math.SQRT2 : far);
      await this.hold(keys, way);
      const to = await this.settled();
      // Something is straight ahead: a step aside, and on.
      if (Math.hypot(to.x - from.x, to.z - from.z) > way * 0.35) continue;
      const aside = keys.includes("w") || keys.includes("s") ? ["a", "d"] : ["w", "s"];
      await this.hold([aside[legs % 2]!], 1.6);
    }
    throw new Error(`the way to ${x}, ${z} is not found`);
  }

  /** Metres, at walking pace. */
  async hold(keys: readonly string[], metres: number): Promise<void> {
    for (const key of keys) await this.page.keyboard.down(key);
    await this.page.waitForTimeout((metres / walkSpeed) * 1000);
    for (const key of keys) await this.page.keyboard.up(key);
  }

  /** Where one stands once the page has drawn it. */
  async settled(): Promise<{ readonly x: number; readonly z: number }> {
    let before = await this.at();
    for (;;) {
      const frames = Number(await this.find("html").getAttribute("data-frames"));
      await this.page.waitForFunction(
        (drawn) => Number(document.documentElement.dataset["frames"]) > drawn + 1,
        frames,
      );
      const now = await this.at();
      if (Math.hypot(now.x - before.x, now.z - before.z) < 0.05) return now;
      before = now;
    }
  }

  /** Presses Tab until the focus is there, as somebody without a mouse does. */
  async tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      if (await this.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${selector}`);
  }

  /** Into a field, instead of what stands there. */
  async type(field: string, text: string): Promise<void> {
    const selector = `[data-field="${field}"]`;
    if (this.#by !== "keys") return this.find(selector).fill(text);
    await this.find(selector).waitFor();
    await this.tabTo(selector);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
  }

  async say(text: string): Promise<void> {
    if (this.#by === "keys") {
      await this.page.keyboard.press("/");
      await this.page.waitForFunction(() => document.activeElement?.matches('[data-field="chat"]'));
      await this.page.keyboard.type(text);
    } else await this.find('[data-field="chat"]').fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Once more if the room thinks that one is not there yet. */
  async digsUp({ x, z, kind }: { readonly x: number; readonly z: number; readonly kind: string }): Promise<void> {
    const answers = this.find('[role="log"] p').filter({ hasText: /There is nothing here|You dug up/ });
    for (let tries = 0; tries < 5; tries++) {
      await this.walkTo(x, z);
      await this.use("dig");
      await answers.nth(tries).waitFor();
      if ((await answers.nth(tries).innerText()).includes(`You dug up a ${kind}`)) return;
    }
    throw new Error(`the ${kind} at ${x}, ${z} is not dug up`);
  }

  async hears(text: string): Promise<void> {
    await this.page.locator('[role="log"] p', { hasText: text }).first().waitFor();
  }

  async hasHeard(text: string): Promise<boolean> {
    return (await this.find('[role="log"]').innerText()).includes(text);
  }

  expectNoComplaints(): void {
    expect(this.window.complaints).toEqual([]);
  }
}
