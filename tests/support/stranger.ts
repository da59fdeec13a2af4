/** What a stranger does before anything else: packs are unpacked, the tool is there, a new game is installed. */
import { execFileSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { TestProject } from "vitest/node";
import { rootFolder } from "./folders.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The stranger's folder: `tool` holds the package, `treasure` is a new game. */
    readonly stranger: string;
  }
}

export const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The command as it was installed. */
export const toolIn = (folder: string): string =>
  join(folder, "tool/node_modules/phatroom/dist/lib/server/cli/main.js");

/** Once for all files of the stage. */
export function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "phatroom-stranger-"));
  const packed = run(rootFolder, "npm", "pack", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("["))) as [{ filename: string }];
  const tarball = join(folder, filename);
  // `npx phatroom new` before anything is installed: the same command from the tarball itself.
  run(folder, "npm", "install", "--no-audit", "--no-fund", "--prefix", join(folder, "tool"), tarball);
  run(folder, process.execPath, toolIn(folder), "new", "treasure", "--phatroom", `file:${tarball}`);
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
