/** The system's Chromium, and our own modules inside a page of it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Browser, type BrowserServer, type Page } from "playwright-core";

/** Where distributions put it. */
const usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** No sandbox, because tests run in containers as root; no traffic but what a test causes. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @throws Error that says what to install, if there is no Chromium. */
function chromiumPath(): string {
  const path = process.env["CHROMIUM"] ?? usualPlaces.find((place) => existsSync(place));
  if (path === undefined) throw new Error("There is no Chromium here: install it, or set CHROMIUM to its path.");
  return path;
}

/** The environment's variable with the address of a Chromium that runs already. */
export const servedAt = "PHATROOM_TEST_CHROMIUM";

/** For many who come and go; {@link servedAt} tells them where. Close it. */
export const serveChromium = (): Promise<BrowserServer> =>
  chromium.launchServer({ executablePath: chromiumPath(), headless: true, args: flags });

/** Headless; the one that is served, if one is: then what is closed is what was opened in it. Close it. */
export function launchChromium(): Promise<Browser> {
  const address = process.env[servedAt];
  if (address !== undefined) return chromium.connect(address);
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: flags });
}

/** Mesa's software renderer is four times faster than Chromium's own; pictures match. */
const mesa = "/usr/lib/x86_64-linux-gnu/libEGL_mesa.so.0";

/** Headless, with WebGL 2 drawn by the processor. Close it. */
export const launchChromiumThatDraws = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      ...flags.filter((flag) => flag !== "--disable-gpu"),
      "--ignore-gpu-blocklist",
      ...(existsSync(mesa)
        ? ["--use-gl=angle", "--use-angle=gles-egl"]
        : ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]),
      ...more,
    ],
  });

/** One module with all that it imports, as a script that puts its exports into the global `name`. */
async function bundleForPage(entry: URL, name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: name,
    platform: "browser",
    target: "es2024",
    sourcemap: "inline",
  });
  return outputFiles[0]!.text;
}

/** A localhost page is a secure context, as a page on https is; another http page is not. */
export const secureOrigin = "http://localhost";
export const plainOrigin = "http://phatroom.example";

/** Functions that a module exports, to be called inside a page. */
export interface PageModule<Exports> {
  readonly page: Page;
  /** Arguments and results cross as JSON-like values. What the function throws is thrown here. */
  call<Name extends keyof Exports & string>(
    name: Name,
    ...args: Exports[Name] extends (...args: infer Args) => unknown ? Args : never
  ): Promise<Exports[Name] extends (...args: never) => infer Result ? Awaited<Result> : never>;
}

/** Opens an empty page at `origin` with the module in it. Nothing is served over the network. */
export async function openModule<Exports>(
  browser: Browser,
  entry: URL,
  origin: string = secureOrigin,
): Promise<PageModule<Exports>> {
  const script = await bundleForPage(entry, "underTest");
  const page = await browser.newPage();
  await page.route(`${origin}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>test</title>" }),
  );
  await page.goto(`${origin}/`);
  await page.addScriptTag({ content: script });
  return {
    page,
    call: async (name, ...args) =>
      (await page.evaluate(
        ([called, given]) => {
          const exports = (globalThis as unknown as { underTest: Record<string, (...args: unknown[]) => unknown> })
            .underTest;
          return exports[called]!(...given);
        },
        [name, args as unknown[]] as const,
      )) as never,
  };
}
