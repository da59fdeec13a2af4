/** What a stranger does before anything else: the pack makes a new game, which is installed. */
import { execFileSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { TestProject } from "vitest/node";
import { rootFolder } from "./folders.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The stranger's folder: `treasure` in it is a new game, with the package installed. */
    readonly stranger: string;
  }
}

export const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The package as it was installed. */
export const installedIn = (folder: string): string => join(folder, "treasure/node_modules/phatroom");

/** Its command, in any folder with the package. */
export const commandOf = (installed: string): string => join(installed, "dist/lib/server/cli/main.js");

/** Once for all files of the stage. */
export function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "phatroom-stranger-"));
  const packed = run(rootFolder, "npm", "pack", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("["))) as [{ filename: string }];
  const tarball = join(folder, filename);
  // `npx phatroom new` before anything is installed: the command in the tarball, with what it imports from here. Games
  // after this one are begun by the command as it was installed.
  run(folder, "tar", "-xzf", tarball);
  symlinkSync(join(rootFolder, "node_modules"), join(folder, "package/node_modules"));
  run(folder, process.execPath, commandOf(join(folder, "package")), "new", "treasure", "--phatroom", `file:${tarball}`);
  run(join(folder, "treasure"), "npm", "install", "--no-audit", "--no-fund");
  provide("stranger", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** The first group of the first match in what a process prints from now on. */
export function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
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
