/** A person in Phala World: does what a person does, and reads what the page says. */
import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";
import type { Spot } from "#world/island/ground.ts";
import { byKeys, byThumb, type Feet } from "./feet.ts";
import type { Window } from "./world.ts";

/** As the help has them. */
const panelKeys = { soul: "i", looks: "l", people: "p", settings: "o", help: "h" } as const;

/** Low quality and few pixels: whoever draws here has no graphics card. */
const light = "quality=low&pixels=0.2";

/** Between two frames while somebody moves, or where they stand is looked at; and while only words and panels matter. */
const restMs = 100;
const longRestMs = 300;

declare global {
  /** Until then frames come often. Milliseconds of the page's own clock. */
  var oftenUntil: number;
}

/** With what somebody plays, and with nothing else. */
export type By = "mouse" | "touch" | "keys";

export class PhalaWindow {
  readonly window: Window;
  readonly #by: By;
  readonly #feet: Feet;

  constructor(window: Window, by: By = "mouse") {
    this.window = window;
    this.#by = by;
    this.#feet = by === "touch" ? byThumb(window.page) : byKeys(window.page);
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

  /** Every page of the world in this window draws little and seldom, also where a gate leads to it. */
  async drawLittle(): Promise<void> {
    await this.page.addInitScript(
      ([search, restMs, longRestMs]) => {
        const { pathname, hash } = location;
        if (pathname !== "/world/") return;
        history.replaceState(null, "", `${pathname}?${search}${hash}`);
        globalThis.oftenUntil = 0;
        for (const begins of ["keydown", "touchstart"]) addEventListener(begins, () => (oftenUntil = Infinity), true);
        for (const ends of ["keyup", "touchend", "touchcancel"])
          addEventListener(ends, () => (oftenUntil = performance.now() + 1000), true);
        const next = requestAnimationFrame.bind(globalThis);
        /** When each was called last: what draws asks for the same function again and again. */
        const called = new WeakMap<FrameRequestCallback, number>();
        globalThis.requestAnimationFrame = (callback) => {
          const since = performance.now() - (called.get(callback) ?? 0);
          const rest = performance.now() < oftenUntil ? restMs : longRestMs;
          const frame = (): number =>
            next((now) => {
              called.set(callback, performance.now());
              callback(now);
            });
          return called.has(callback) && since < rest ? Number(setTimeout(frame, rest - since)) : frame();
        };
      },
      [light, restMs, longRestMs] as const,
    );
  }

  /** The welcome, of the room that the fragment names; in a window that draws little. */
  async arrive(url: string, fragment = ""): Promise<void> {
    await this.page.goto(`${url}/world/${fragment}`, { waitUntil: "commit" });
    await this.ready();
    await this.#insist('[data-screen="welcome"], [data-stage="inside"]');
  }

  /** Where much else is drawn, a handshake may run out of time: then one tries again, as the page says. */
  async #insist(wanted: string): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      await this.find(`${wanted}, [data-action="again"]`).first().waitFor();
      if ((await this.find(wanted).count()) > 0) return;
      await this.act("again");
      await this.find('[data-action="again"]').waitFor({ state: "detached" });
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
    await this.#insist('[data-stage="inside"]');
    await this.find("html[data-at]").waitFor({ state: "attached" });
  }

  async at(): Promise<Spot> {
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

  /** Walks to a spot, the most of it at a run, and around what is in the way; stops early when `until` says so. */
  async walkTo(
    x: number,
    z: number,
    { within = 1.1, until }: { readonly within?: number; readonly until?: () => Promise<boolean> } = {},
  ): Promise<void> {
    let from = await this.settled();
    for (let legs = 0; legs < 40; legs++) {
      const [right, ahead] = [x - from.x, z - from.z];
      const far = Math.hypot(right, ahead);
      if (far <= within || (await until?.()) === true) return;
      // A run may be stopped late.
      const fast = far > 4;
      const share = fast ? (far - 1) / far : 1;
      await this.#feet.go(right * share, ahead * share, { fast, until });
      const to = await this.settled();
      // Something is straight ahead: a step aside, and on.
      if (Math.hypot(to.x - from.x, to.z - from.z) < far * share * 0.35 && (await until?.()) !== true) {
        const aside = (legs % 2 === 0 ? 1.8 : -1.8) / far;
        await this.#feet.go(-ahead * aside, right * aside, { fast: false });
        from = await this.settled();
      } else from = to;
    }
    throw new Error(`the way to ${x}, ${z} is not found`);
  }

  /** A few steps, whatever is in the way. Metres. */
  step(right: number, ahead: number): Promise<void> {
    return this.#feet.go(right, ahead, { fast: false });
  }

  /** Where one stands once the page has drawn it. */
  async settled(): Promise<Spot> {
    await this.page.evaluate(async () => {
      const { dataset } = document.documentElement;
      const at = (): readonly number[] => (dataset["at"] ?? "NaN,NaN").split(",").map(Number);
      const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
      for (let before = at(); ; before = at()) {
        globalThis.oftenUntil = Math.max(globalThis.oftenUntil, performance.now() + 1000);
        const drawn = Number(dataset["frames"]);
        while (Number(dataset["frames"]) <= drawn + 1) await frame();
        const [x, z] = at();
        if (Math.hypot(x! - before[0]!, z! - before[1]!) < 0.05) return;
      }
    });
    return this.at();
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
