/** A fresh page of the system's Chromium in which one candidate is measured. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import type { Input, Runnable, Times } from "./candidate.ts";

/** Where distributions put it. */
const usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A page on this very machine may use WebCrypto, as one on https may. Nothing is served over the network. */
const origin = "http://localhost";

/** @returns nothing if there is no Chromium here; `CHROMIUM` names one elsewhere. */
export async function launch(): Promise<Browser | undefined> {
  const path = process.env["CHROMIUM"] ?? usualPlaces.find((place) => existsSync(place));
  if (path === undefined) return undefined;
  return chromium.launch({ executablePath: path, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
}

/** What is used of a page, since this zone has no types of browsers. */
interface Page {
  readonly document: {
    createElement(name: "script"): { textContent: string };
    readonly head: { append(element: unknown): void };
  };
  /** Put there by the script. */
  readonly candidate: Runnable;
}

export async function measureInPage(browser: Browser, script: string, input: Input, runs: number): Promise<Times> {
  const page = await browser.newPage();
  try {
    await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto(`${origin}/`);
    return await page.evaluate(
      ([text, given, count]) => {
        const page = globalThis as unknown as Page;
        const element = page.document.createElement("script");
        const from = performance.now();
        element.textContent = text;
        page.document.head.append(element); // runs it
        return page.candidate.run(given, count, from);
      },
      [script, input, runs] as const,
    );
  } finally {
    await page.close();
  }
}
