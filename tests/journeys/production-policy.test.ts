/**
 * The same page twice: built for development it lets people play and warns them; built with the policy of a protected
 * place it refuses the same machine, and says why. The second comes from another origin, as any static server may have it.
 */
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkPolicy } from "#attestation/check-policy.ts";
import { vendorPolicy } from "../attestation/policies.ts";
import { rootFolder } from "../support/folders.ts";
import { pageFor } from "../support/page-for.ts";
import { Dot4Window } from "./dot4-window.ts";
import { openWorld, phone, type World } from "./world.ts";

let world: World;
let folder: string;
let elsewhere: Server;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-production-"));
  const development = JSON.parse(await readFile(join(rootFolder, ".cache/page/built-in.json"), "utf8")) as object;
  const policy = checkPolicy({ ...vendorPolicy, expires: "2099-01-01T00:00:00Z" }, Date.now() / 1000);
  pageFor({ ...development, policy }, "page", join(folder, "page/dot4"));
  elsewhere = serve(join(folder, "page"));
  await once(elsewhere, "listening");
  origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  world = await openWorld({ origins: [origin] });
});

afterAll(async () => {
  await world?.close();
  elsewhere?.close();
  await rm(folder, { recursive: true, force: true });
});

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

function serve(directory: string): Server {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://elsewhere");
    const file = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    readFile(join(directory, file)).then(
      (body) => response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain" }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  return server.listen(0, "127.0.0.1");
}

test("a page for development lets people play; its shield says that it protects nothing, and hands out the evidence", async () => {
  const window = await world.window();
  const ada = new Dot4Window(window);
  await ada.arrive(world.place.url, "Ada");
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  await window.page.locator('.chip[data-shield="warn"]').click();
  const panel = window.page.locator(".shield-panel");
  await panel.locator('[data-check="Hardware maker"][data-verdict="warn"]').waitFor();
  expect(await panel.locator("[data-origin]").textContent()).toContain(world.place.url);
  expect(await panel.textContent()).toContain("whoever runs this machine can read");
  expect(await panel.locator('[data-verdict="fail"]').count()).toBe(0);
  expect(await panel.innerText()).toMatch(/protects nothing/i);
  await window.shot("shield");
  const download = window.page.waitForEvent("download");
  await ada.act("download-evidence");
  expect((await download).suggestedFilename()).toMatch(/evidence|phatroom/);
  expect(window.complaints).toEqual([]);
});

test.for([
  ["on a desk", {}],
  ["on a phone", { viewport: phone, touch: true }],
] as const)("a page for protected places refuses the same machine, %s", async ([where, options]) => {
  const window = await world.window(options);
  const { page } = window;
  const ada = new Dot4Window(window, "touch" in options ? { touch: true } : {});
  await ada.arrive(`${origin}/?at=${encodeURIComponent(world.place.url)}`, "Ada");
  await ada.act("play-now");
  await ada.until('[data-phase="closed"]');
  const closed = page.locator('[data-closed="untrusted-root"][data-proof="failed"]');
  expect(await closed.textContent()).toContain(
    "This place is not vouched for by any hardware maker that this page trusts. Do not play here.",
  );
  expect(await page.locator('.chip[data-shield="bad"]').count()).toBe(1);
  expect(await page.locator("[data-cell]").count()).toBe(0);
  await ada.act("open-shield");
  const panel = page.locator(".shield-panel");
  await panel.locator('[data-check="Proof"][data-verdict="fail"]').waitFor();
  expect(await panel.locator("[data-origin]").textContent()).toContain(origin);
  await window.shot(`shield-refused-${where.replaceAll(" ", "-")}`);
  if (where === "on a phone") {
    // There is nothing to hover with: no value may be cut.
    const cut = await panel
      .locator(".checks code")
      .evaluateAll((values) =>
        values.filter((value) => value.scrollWidth > value.clientWidth).map((value) => value.textContent),
      );
    expect(cut).toEqual([]);
  }
  expect(window.complaints).toEqual([]);
});
