/** A stranger installs the package, starts a game, tests it, and plays it with somebody in a browser. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { rootFolder } from "../support/folders.ts";

let folder: string;
let game: string;
let dev: ChildProcess | undefined;
let browser: Browser | undefined;

const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "phatroom-stranger-"));
  game = join(folder, "treasure");
  const packed = run(rootFolder, "npm", "pack", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("["))) as [{ filename: string }];
  const tarball = join(folder, filename);
  // `npx phatroom new` before anything is installed: the same command from the tarball itself.
  run(folder, "npm", "install", "--no-audit", "--no-fund", "--prefix", join(folder, "tool"), tarball);
  const tool = join(folder, "tool/node_modules/phatroom/dist/lib/server/cli/main.js");
  run(folder, process.execPath, tool, "new", "treasure", "--phatroom", `file:${tarball}`);
  run(game, "npm", "install", "--no-audit", "--no-fund");
});

afterAll(async () => {
  await browser?.close();
  if (dev !== undefined && dev.exitCode === null) {
    const exit = once(dev, "exit");
    dev.kill("SIGTERM");
    await exit;
  }
  rmSync(folder, { recursive: true, force: true });
});

test("the package holds built JavaScript and declarations, and no source or test", () => {
  const installed = join(folder, "tool/node_modules/phatroom");
  const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    exports: Record<string, { types: string; default: string } | string>;
  };
  for (const [name, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    expect(() => readFileSync(join(installed, target.types)), name).not.toThrow();
    expect(() => readFileSync(join(installed, target.default)), name).not.toThrow();
  }
  expect(() => readFileSync(join(installed, "server/enclave/main.ts"))).toThrow();
  expect(() => readFileSync(join(installed, "tests/package/new-game.test.ts"))).toThrow();
});

test("the new game has at most sixty lines, and its types hold", () => {
  expect(readFileSync(join(game, "contract.ts"), "utf8").split("\n").length).toBeLessThanOrEqual(61);
  expect(run(game, "npx", "tsc", "--noEmit")).toBe("");
});

test("its tests play it and find no leak", () => {
  expect(run(game, "npm", "test")).toMatch(/pass 2/);
});

test("a contract built from the package has the hash that the sources give it", () => {
  const ours = run(
    rootFolder,
    process.execPath,
    "server/cli/main.ts",
    "build",
    join(game, "contract.ts"),
    "--out",
    join(folder, "ours"),
  );
  const theirs = run(game, "npx", "phatroom", "build", "contract.ts", "--out", join(folder, "theirs"));
  const hash = /[0-9a-f]{64}/;
  expect(theirs.match(hash)?.[0]).toBe(ours.match(hash)?.[0]);
  expect(theirs).toMatch(hash);
});

test("a name that cannot be one, and a folder that is there already, are said in a sentence", () => {
  const attempt = (name: string): string => {
    try {
      run(
        folder,
        process.execPath,
        join(folder, "tool/node_modules/phatroom/dist/lib/server/cli/main.js"),
        "new",
        name,
      );
      return "";
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };
  expect(attempt("Treasure Hunt")).toContain("cannot be a game's name");
  expect(attempt("treasure")).toContain("There is a folder treasure already.");
});

test("it opens in a browser, and two people play it", async () => {
  dev = spawn("npx", ["phatroom", "dev", "contract.ts", "--port", "0"], {
    cwd: game,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await firstMatch(dev, /running:\s+(http:\S+)/);
  browser = await launchChromium();
  const open = async (address: string) => {
    const page = await (await browser!.newContext()).newPage();
    await page.goto(address, { waitUntil: "commit" });
    await page.locator("#score:not(:empty)").waitFor({ timeout: 60_000 });
    return page;
  };
  const ann = await open(url);
  const ben = await open(ann.url());
  await ann.locator('body[data-phase="playing"]').waitFor();
  await bid(ann, 4);
  await ann.locator("#answer", { hasText: "You bid 4." }).waitFor();
  await bid(ben, 1);
  await ben.locator("#last", { hasText: "Last bids: 4 and 1." }).waitFor();
  expect(await ann.locator("#score").innerText()).toContain("Treasures 1 : 0");
  expect(await ann.locator("#shield").innerText()).toContain("protects nothing");
});

async function bid(page: Awaited<ReturnType<Browser["newPage"]>>, coins: number): Promise<void> {
  await page.locator("input[name=bid]").fill(`${coins}`);
  await page.locator("button").click();
}

/** The first group of the first match in what a process prints. */
function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match !== null) resolve(match[1]!);
    });
    child.once("exit", () => reject(new Error(`it ended: ${text}`)));
  });
}
