/** A stranger installs the package, starts a game, tests it, and plays it with somebody in a browser. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import type { Browser } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { applyChange, blocksOf, readFromRoot, type Block } from "../support/documents.ts";
import { rootFolder } from "../support/folders.ts";
import { commandOf, firstMatch, installedIn, run } from "../support/stranger.ts";

const folder = inject("stranger");
const game = join(folder, "treasure");
/** The rules as they come with a new game. */
const rulesOfAll = join(folder, "contract.ts");
let dev: ChildProcess | undefined;
let browser: Browser | undefined;

beforeAll(() => copyFileSync(join(game, "contract.ts"), rulesOfAll));

/** Tests may change the rules; the next one finds them as they were. */
afterEach(() => copyFileSync(rulesOfAll, join(game, "contract.ts")));

afterAll(async () => {
  await browser?.close();
  if (dev !== undefined && dev.exitCode === null) {
    const exit = once(dev, "exit");
    dev.kill("SIGTERM");
    await exit;
  }
});

test("the package holds built JavaScript and declarations, and no source or test", () => {
  const installed = installedIn(folder);
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
  expect(run(game, "node_modules/.bin/tsc", "--noEmit")).toBe("");
});

test("its tests play it and find no leak", () => {
  expect(run(game, "npm", "test")).toMatch(/pass 2/);
});

describe("the tutorial", () => {
  const blocks = blocksOf(readFromRoot("docs/tutorial.md"));
  const marked = (kind: string, section: string): Block[] =>
    blocks.filter((block) => block.mark?.kind === kind && block.section.includes(section));

  test("shows what play.ts prints", () => {
    const [printed] = marked("printed", "Play it, and stop inside");
    expect(run(game, "npm", "run", "--silent", "play").trimEnd()).toBe(printed!.text);
  });

  test("stops in a rule, where it says", { timeout: 60_000 }, async () => {
    const [change] = marked("change", "Play it, and stop inside");
    const [, printed] = marked("printed", "Play it, and stop inside");
    changeRules(change!.text);
    const debug = spawn("npx", ["node", "inspect", "--port=0", "play.ts"], {
      cwd: game,
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      await firstMatch(debug, /(Break on start)/);
      debug.stdin!.write("cont\n");
      expect(await firstMatch(debug, /(break in \S+)/)).toBe(printed!.text);
    } finally {
      const exit = once(debug, "exit");
      debug.stdin!.end(".exit\n");
      await exit;
    }
  });

  test("the tutorial's leaks are found, with the words that it shows", () => {
    const leaks = marked("change", "Plant a leak");
    const words = marked("printed", "Plant a leak");
    expect(leaks.length).toBe(2);
    for (const [i, leak] of leaks.entries()) {
      changeRules(leak.text);
      expect(run(game, "node_modules/.bin/tsc", "--noEmit")).toBe("");
      const { status, stdout } = spawnSync("npm", ["test"], { cwd: game, encoding: "utf8" });
      expect(status).not.toBe(0);
      const said = stdout.split("\n").map((line) => line.replace(/ \([\d.]+ms\)$/, ""));
      for (const line of words[i]!.text.split("\n")) expect(said).toContain(line);
      copyFileSync(rulesOfAll, join(game, "contract.ts"));
    }
  });

  test("names every file of a new game", () => {
    for (const file of ["contract.ts", "contract.test.ts", "play.ts", "page.ts", "index.html", "page.css"]) {
      expect(readFromRoot("docs/tutorial.md")).toContain(`| \`${file}\``);
      expect(() => readFileSync(join(game, file))).not.toThrow();
    }
  });
});

function changeRules(change: string): void {
  writeFileSync(join(game, "contract.ts"), applyChange(readFileSync(join(game, "contract.ts"), "utf8"), change));
}

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
  const theirs = run(game, "node_modules/.bin/phatroom", "build", "contract.ts", "--out", join(folder, "theirs"));
  const hash = /[0-9a-f]{64}/;
  expect(theirs.match(hash)?.[0]).toBe(ours.match(hash)?.[0]);
  expect(theirs).toMatch(hash);
});

test("a name that cannot be one, and a folder that is there already, are said in a sentence", () => {
  const attempt = (name: string): string => {
    try {
      run(folder, process.execPath, commandOf(installedIn(folder)), "new", name);
      return "";
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };
  expect(attempt("Treasure Hunt")).toContain("cannot be a game's name");
  expect(attempt("treasure")).toContain("There is a folder treasure already.");
});

test("it opens in a browser, two people play it, and what goes wrong is said with its place", async () => {
  dev = spawn(join(game, "node_modules/.bin/phatroom"), ["dev", "contract.ts", "--port", "0"], {
    cwd: game,
    stdio: ["ignore", "pipe", "pipe"],
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

  const rules = readFileSync(join(game, "contract.ts"), "utf8");
  const notRules = firstMatch(dev, /(contract\.ts:\d+:\d+)/);
  writeFileSync(join(game, "contract.ts"), rules.replace("open: () => ({", "open: () => ({{"));
  expect(await notRules).toMatch(/^contract\.ts:25:\d+$/);
  await bid(ann, 2);
  await ann.locator("#answer", { hasText: "You bid 2." }).waitFor();

  const tutorial = blocksOf(readFromRoot("docs/tutorial.md")).filter(({ section }) => section.includes("Play it (2"));
  const unlucky = tutorial.find(({ mark }) => mark?.kind === "change")!;
  const words = tutorial.find(({ mark }) => mark?.kind === "printed")!;
  const newRules = firstMatch(dev, /New rules, contract ([0-9a-f]{64})/);
  writeFileSync(join(game, "contract.ts"), applyChange(rules, unlucky.text));
  await newRules;
  await ann.locator("#state", { hasText: "does not exist any more" }).waitFor({ timeout: 60_000 });
  const cleo = await open(url);
  await open(cleo.url());
  await cleo.locator('body[data-phase="playing"]').waitFor();
  const fault = firstMatch(dev, /(treasure: Error[^\n]*\n[^\n]*)/);
  await bid(cleo, 7);
  await cleo.locator("#answer", { hasText: "The rules failed on this move." }).waitFor();
  expect(await fault).toBe(words.text);

  const port = new URL(url).port;
  const second = spawnSync(join(game, "node_modules/.bin/phatroom"), ["dev", "--port", port], {
    cwd: game,
    encoding: "utf8",
  });
  expect(second.stderr).toContain("is in use");
  expect(second.status).toBe(1);
});

async function bid(page: Awaited<ReturnType<Browser["newPage"]>>, coins: number): Promise<void> {
  await page.locator("input[name=bid]").fill(`${coins}`);
  await page.locator("button").click();
}
