/** Where and of what a measurement was taken. */
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Processes that wanted a core when the bench began. Near zero, or the numbers are of a machine that had other work. */
  readonly load_1min: number;
}

export function thisMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
    node: process.versions.node,
    load_1min: Number(loadavg()[0]!.toFixed(2)),
  };
}

/** Short hash of the newest commit, with "+" if tracked files differ from it; "unknown" outside of a repository. */
export function thisCommit(): string {
  try {
    const hash = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? hash : `${hash}+`;
  } catch {
    return "unknown";
  }
}

const git = (...args: string[]): string =>
  execFileSync("git", args, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
