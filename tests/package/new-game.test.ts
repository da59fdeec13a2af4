/** A stranger installs the package, starts a game, tests it, and plays it with somebody in a browser. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { applyChange, blocksOf, readFromRoot, type Block } from "../support/documents.ts";
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
  copyFileSync(join(game, "contract.ts"), join(folder, "contract.ts"));
});

/** Tests may change the rules; the next one finds them as they were. */
afterEach(() => copyFileSync(join(folder, "contract.ts"), join(game, "contract.ts")));

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
      expect(run(game, "npx", "tsc", "--noEmit")).toBe("");
      const { status, stdout } = spawnSync("npm", ["test"], { cwd: game, encoding: "utf8" });
      expect(status).not.toBe(0);
      const said = stdout.split("\n").map((line) => line.replace(/ \([\d.]+ms\)$/, ""));
      for (const line of words[i]!.text.split("\n")) expect(said).toContain(line);
      copyFileSync(join(folder, "contract.ts"), join(game, "contract.ts"));
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
  const theirs = run(game, "npx", "phatroom", "build", "contract.ts", "--out", join(folder, "theirs"));
  const hash = /[0-9a-f]{64}/;
  expect(theirs.match(hash)?.[0]).toBe(ours.match(hash)?.[0]);
  expect(theirs).toMatch(hash);
});

describe("a new arena", () => {
  let arena: string;
  const running: ChildProcess[] = [];

  beforeAll(() => {
    arena = join(folder, "tag");
    const tool = join(folder, "tool/node_modules/phatroom/dist/lib/server/cli/main.js");
    run(folder, process.execPath, tool, "new", "tag", "--template", "arena");
    // What it needs is among what the game needs.
    symlinkSync(join(game, "node_modules"), join(arena, "node_modules"));
  });

  afterAll(async () => {
    for (const child of running.filter(({ exitCode }) => exitCode === null)) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
  });

  test("is built from AssemblyScript by the package, and its tests play it", () => {
    expect(run(arena, "npx", "tsc", "--noEmit")).toBe("");
    expect(run(arena, "npm", "test")).toMatch(/pass 3/);
  });

  test("has the hash that the sources give it", () => {
    const entry = join(arena, "assembly/arena.ts");
    const hash = /[0-9a-f]{64}/;
    const ours = run(rootFolder, process.execPath, "server/cli/main.ts", "build", entry, "--out", join(folder, "ours"));
    const theirs = run(arena, "npm", "run", "--silent", "build");
    expect(theirs.match(hash)?.[0]).toBe(ours.match(hash)?.[0]);
    expect(theirs).toMatch(hash);
  });

  test("is built anew on every save, and what is wrong is said with its place", async () => {
    const entry = join(arena, "assembly/arena.ts");
    const rules = readFileSync(entry, "utf8");
    const child = spawn("npx", ["phatroom", "dev", "assembly/arena.ts", "--port", "0"], {
      cwd: arena,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    await firstMatch(child, /running:\s+(http:\S+)/);
    const wrong = firstMatch(child, /(arena\.ts:\d+:\d+)/);
    writeFileSync(entry, rules.replace("const hz: i32 = 20;", 'const hz: i32 = "20";'));
    expect(await wrong).toMatch(/^arena\.ts:5:\d+$/);
    const anew = firstMatch(child, /New rules, contract ([0-9a-f]{64})/);
    writeFileSync(entry, rules.replace("const hz: i32 = 20;", "const hz: i32 = 10;"));
    await anew;
    expect(existsSync(join(arena, ".phatroom/contracts/tag.wasm"))).toBe(true);
  });
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

test("it opens in a browser, two people play it, and what goes wrong is said with its place", async () => {
  dev = spawn("npx", ["phatroom", "dev", "contract.ts", "--port", "0"], {
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

  const second = spawnSync("npx", ["phatroom", "dev", "--port", new URL(url).port], { cwd: game, encoding: "utf8" });
  expect(second.stderr).toContain("is in use");
  expect(second.status).toBe(1);
});

async function bid(page: Awaited<ReturnType<Browser["newPage"]>>, coins: number): Promise<void> {
  await page.locator("input[name=bid]").fill(`${coins}`);
  await page.locator("button").click();
}

/** The first group of the first match in what a process prints from now on. */
function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        text += stripVTControlCharacters(chunk.toString());
        const match = pattern.exec(text);
        if (match !== null) resolve(match[1]!);
      });
    }
    child.once("exit", () => reject(new Error(`it ended: ${text}`)));
  });
}
