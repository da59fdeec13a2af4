/** A stranger starts an arena in AssemblyScript with the installed package. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { rootFolder } from "../support/folders.ts";
import { commandOf, firstMatch, installedIn, run } from "../support/stranger.ts";

const folder = inject("stranger");
const game = join(folder, "treasure");

describe("a new arena", () => {
  let arena: string;
  let dev: ChildProcess | undefined;

  beforeAll(() => {
    arena = join(folder, "tag");
    run(folder, process.execPath, commandOf(installedIn(folder)), "new", "tag", "--template", "arena");
    // What it needs is among what the game needs.
    symlinkSync(join(game, "node_modules"), join(arena, "node_modules"));
  });

  afterAll(async () => {
    if (dev === undefined || dev.exitCode !== null) return;
    const exit = once(dev, "exit");
    dev.kill("SIGTERM");
    await exit;
  });

  test("asks for the package that made it, where npm had it from a file", () => {
    const { dependencies } = JSON.parse(readFileSync(join(arena, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    expect(dependencies["phatroom"]).toMatch(/^file:\.\.\/phatroom-[\d.]+\.tgz$/);
  });

  test("is built from AssemblyScript by the package, and its tests play it", () => {
    expect(run(arena, "node_modules/.bin/tsc", "--noEmit")).toBe("");
    expect(run(arena, "npm", "test")).toMatch(/pass 3/);
  });

  test("has the hash that the sources give it", async () => {
    const entry = join(arena, "assembly/arena.ts");
    const out = join(folder, "ours-arena");
    const ours = run(rootFolder, process.execPath, "server/cli/main.ts", "build", entry, "--out", out);
    dev = spawn(join(arena, "node_modules/.bin/phatroom"), ["dev", "assembly/arena.ts", "--port", "0"], {
      cwd: arena,
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(await firstMatch(dev, /contract ([0-9a-f]{64})/)).toBe(/[0-9a-f]{64}/.exec(ours)?.[0]);
  });

  test("is built anew on every save, and what is wrong is said with its place", async () => {
    const entry = join(arena, "assembly/arena.ts");
    const rules = readFileSync(entry, "utf8");
    const wrong = firstMatch(dev!, /(arena\.ts:\d+:\d+)/);
    writeFileSync(entry, rules.replace("const hz: i32 = 20;", 'const hz: i32 = "20";'));
    expect(await wrong).toMatch(/^arena\.ts:5:\d+$/);
    const anew = firstMatch(dev!, /New rules, contract ([0-9a-f]{64})/);
    writeFileSync(entry, rules.replace("const hz: i32 = 20;", "const hz: i32 = 10;"));
    await anew;
    expect(existsSync(join(arena, ".phatroom/contracts/tag.wasm"))).toBe(true);
  });
});
