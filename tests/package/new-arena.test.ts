/** A stranger starts an arena in AssemblyScript with the installed package. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { rootFolder } from "../support/folders.ts";
import { firstMatch, run, toolIn } from "../support/stranger.ts";

const folder = inject("stranger");
const game = join(folder, "treasure");

describe("a new arena", () => {
  let arena: string;
  const running: ChildProcess[] = [];

  beforeAll(() => {
    arena = join(folder, "tag");
    run(folder, process.execPath, toolIn(folder), "new", "tag", "--template", "arena");
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
    const ours = run(
      rootFolder,
      process.execPath,
      "server/cli/main.ts",
      "build",
      entry,
      "--out",
      join(folder, "ours-arena"),
    );
    const theirs = run(arena, "npm", "run", "--silent", "build");
    expect(theirs.match(hash)?.[0]).toBe(ours.match(hash)?.[0]);
    expect(theirs).toMatch(hash);
  });

  test("is built anew on every save, and what is wrong is said with its place", async () => {
    const entry = join(arena, "assembly/arena.ts");
    const rules = readFileSync(entry, "utf8");
    const child = spawn(join(arena, "node_modules/.bin/phatroom"), ["dev", "assembly/arena.ts", "--port", "0"], {
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
