/** axe-core in a page, screen by screen. The window must let other scripts in (`bypassCSP`). */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { run } from "axe-core";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious faults, by the name of the screen. */
export class Screens {
  readonly #found = new Map<string, readonly string[]>();

  get names(): readonly string[] {
    return [...this.#found.keys()];
  }

  get faults(): { readonly [screen: string]: readonly string[] } {
    return Object.fromEntries([...this.#found].filter(([, serious]) => serious.length > 0));
  }

  async look(screen: string, page: Page): Promise<void> {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.addScriptTag({ content: axe });
    const serious = await page.evaluate(async () => {
      const { axe: tool } = globalThis as unknown as { axe: { run: typeof run } };
      const rules = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] } as const;
      const { violations } = await tool.run(document, { resultTypes: ["violations"], runOnly: rules as never });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 80)).join(" | ")}`);
    });
    this.#found.set(screen, serious);
  }
}
