/**
 * Installs what package-lock.json names, if that has not been done for this very lock file. Runs on the system's Node,
 * however old: the Node that the project needs is among what it installs.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs a folder that has its own lock file. Returns whether anything had to be done. */
export function install(folder = ".") {
  const directory = join(root, folder);
  const wanted = createHash("sha256")
    .update(readFileSync(join(directory, "package-lock.json")))
    .digest("hex");
  const mark = join(directory, "node_modules", ".installed-for");
  if (readMark(mark) === wanted) return false;
  process.stderr.write(`Installing ${folder === "." ? "dependencies" : folder} …\n`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit"],
    // With the Node that the project brings, once it is there: npm leaves out optional parts that want a newer one.
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}` },
  });
  if (status !== 0) {
    process.stderr.write(`npm ci failed in ${folder}. Is the npm registry reachable?\n`);
    process.exit(status ?? 1);
  }
  writeFileSync(mark, wanted);
  return true;
}

function readMark(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install(process.argv[2]);
