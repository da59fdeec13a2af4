/** The sources in a folder of their own, as after a clone, with the packages that are installed here. */
import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootFolder } from "./folders.ts";

const sources = [
  "assets",
  "client",
  "contracts",
  "deploy",
  "scripts",
  "server",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** Returns the folder, which has this in its name. */
export function clone(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `phatroom-${name}-`));
  for (const source of sources) cpSync(join(rootFolder, source), join(folder, source), { recursive: true });
  symlinkSync(join(rootFolder, "node_modules"), join(folder, "node_modules"));
  return folder;
}
