/** The page's files, and what browsers are told about them. */
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { open, scratch } from "./harness.ts";

async function withPage() {
  const directory = join(await scratch(), "page");
  await mkdir(join(directory, "assets"), { recursive: true });
  await writeFile(join(directory, "index.html"), "<!doctype html><title>Dot4</title>");
  await writeFile(join(directory, "assets", "index-Ab3dE_9z.js"), "export {};");
  await writeFile(join(directory, "manifest.json"), "{}");
  await writeFile(join(directory, ".env"), "SECRET=1");
  await writeFile(join(directory, "..", "outside.txt"), "outside");
  await mkdir(join(directory, "dot4"));
  await writeFile(join(directory, "dot4", "index.html"), "<!doctype html><title>Another</title>");
  const { gateway } = await open({ page: directory });
  return (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers });
}

test("the page is served at its root and at its rooms' addresses, and always asked for again", async () => {
  const get = await withPage();
  for (const path of ["/", "/index.html", "/r/00000000000000000001", "/about"]) {
    const response = await get(path, { accept: "text/html" });
    expect([path, response.status, await response.text()]).toEqual([path, 200, "<!doctype html><title>Dot4</title>"]);
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("content-type")).toContain("text/html");
  }
});

test("a page in a folder is served there, and found without the slash", async () => {
  const get = await withPage();
  expect(await (await get("/dot4/")).text()).toContain("Another");
  const { url, status } = await get("/dot4");
  expect([new URL(url).pathname, status]).toEqual(["/dot4/", 200]);
});

test("what has its hash in its name is kept for good, and nothing else is", async () => {
  const get = await withPage();
  const script = await get("/assets/index-Ab3dE_9z.js");
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("content-type")).toContain("javascript");
  expect((await get("/manifest.json")).headers.get("cache-control")).toBe("no-cache");
});

test("a file that has not changed is not sent again", async () => {
  const get = await withPage();
  const { headers, url } = await get("/");
  // Not by fetch, which adds "no-cache" to a question of its caller's.
  const question = request(url, { headers: { "if-none-match": headers.get("etag")! } });
  question.end();
  const [answer] = (await once(question, "response")) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(304);
});

test.for(["/missing.js", "/.env", "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/%00", "/assets/"])(
  "%s is not served",
  async (path) => {
    const get = await withPage();
    const response = await get(path, { accept: "*/*" });
    expect(await response.text()).not.toMatch(/SECRET|outside/);
    if (path.includes(".")) expect(response.status).toBe(404);
  },
);

test("every answer tells the browser to trust this origin and no other", async () => {
  const get = await withPage();
  for (const path of ["/", "/assets/index-Ab3dE_9z.js", "/api/info", "/healthz", "/metrics", "/nothing.txt"]) {
    const { headers } = await get(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("x-powered-by")).toBeNull();
  }
});

test("answers that change are not kept", async () => {
  const get = await withPage();
  for (const path of ["/api/info", "/api/rooms"])
    expect((await get(path)).headers.get("cache-control")).toBe("no-store");
});
