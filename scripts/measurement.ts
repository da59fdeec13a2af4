/**
 * What is measured before there is an image: the files that a worker consists of and the packages they use, and the
 * files of a page. Each is one SHA-256 over a list that anybody can make again, in any folder.
 *
 * ```text
 * content hash → image digest (an image is built from these files) → compose hash (compose names images by digest)
 *              → policy (names compose hashes)
 * ```
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { javaScriptOf, packageJson, root, sources } from "./library.ts";

/** Folders whose modules a worker runs. */
const workerFolders = ["server/enclave", "server/attestation", "server/protocol", "server/rmrk", "contracts/sdk"];

export interface Measured {
  /** 64 hex digits. */
  readonly hash: string;
  /** What was hashed, one line each. */
  readonly lines: readonly string[];
}

export interface WorkerContent extends Measured {
  /** By path, in the order in which they are hashed. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

interface LockEntry {
  readonly version: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** @param contracts built bundles to serve: names and bytes. */
export async function measureWorker(contracts: ReadonlyMap<string, Uint8Array> = new Map()): Promise<WorkerContent> {
  const files = new Map<string, Uint8Array>();
  let code = "";
  for (const file of workerFolders.flatMap(sources)) {
    if (file.endsWith(".d.ts")) continue;
    const text = await javaScriptOf(file);
    files.set(file.replace(/\.ts$/, ".js"), Buffer.from(text));
    code += text;
  }
  const packages = await packagesOf(code);
  files.set("package.json", Buffer.from(json({ type: "module", private: true, dependencies: packages.direct })));
  files.set("package-lock.json", Buffer.from(json(packages.lock)));
  for (const [name, bytes] of contracts) files.set(`contracts/${name}`, bytes);
  const lines = [`node ${packageJson.devDependencies["node"]}`, ...packages.lines, ...linesOf(files)];
  return { files, ...measured("phatroom/1/worker-content", lines) };
}

/** The files of a folder, whatever they are. */
export async function measureFolder(folder: string, label = "phatroom/1/page-content"): Promise<Measured> {
  const files = new Map<string, Uint8Array>();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  for (const name of names) files.set(name, await readFile(join(folder, name)));
  return measured(label, linesOf(files));
}

/** Writes the files that a worker's image is built from. */
export async function writeContent(folder: string, { files, lines }: WorkerContent): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  await writeFile(join(folder, "CONTENT"), `${lines.join("\n")}\n`);
}

const linesOf = (files: ReadonlyMap<string, Uint8Array>): string[] =>
  [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `file ${name} ${createHash("sha256").update(bytes).digest("hex")}`);

function measured(label: string, lines: readonly string[]): Measured {
  const all = [label, ...lines];
  return {
    lines: all,
    hash: createHash("sha256")
      .update(`${all.join("\n")}\n`)
      .digest("hex"),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Which of our dependencies the code names, and everything those need, exactly as the lock file has it. */
async function packagesOf(code: string) {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockEntry>>;
  };
  const names = Object.keys(packageJson.dependencies).filter(
    (name) => code.includes(`"${name}"`) || code.includes(`"${name}/`),
  );
  const found = new Map<string, LockEntry>();
  const visit = (name: string, from: string): void => {
    const path = resolveIn(lock.packages, name, from);
    if (found.has(path)) return;
    const entry = lock.packages[path]!;
    found.set(path, entry);
    for (const dependency of Object.keys(entry.dependencies ?? {})) visit(dependency, path);
  };
  for (const name of names) visit(name, "");
  const entries = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const direct = Object.fromEntries(names.map((name) => [name, packageJson.dependencies[name]!]));
  return {
    direct,
    lines: entries.map(([path, { version, integrity }]) => {
      if (integrity === undefined) throw new Error(`${path} has no hash in package-lock.json`);
      return `package ${path} ${version} ${integrity}`;
    }),
    lock: {
      lockfileVersion: 3,
      packages: {
        "": { dependencies: direct },
        ...Object.fromEntries(entries.map(([path, entry]) => [path, needed(entry)])),
      },
    },
  };
}

/** Without what is optional: native add-ons, which nobody would have measured. */
const needed = ({ version, integrity, dependencies }: LockEntry): LockEntry => ({
  version,
  ...(integrity === undefined ? {} : { integrity }),
  ...(dependencies === undefined ? {} : { dependencies }),
});

/** Where a package is found from another one: beside it, or in a folder above. */
function resolveIn(packages: Readonly<Record<string, LockEntry>>, name: string, from: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === "") throw new Error(`package-lock.json has no ${name}`);
  }
}

/** What differs between the files of an unpacked image and a worker's content; installed packages aside. */
export async function unlike(folder: string, { lines }: WorkerContent): Promise<string[]> {
  const found = await measureFolder(folder);
  const installed = (line: string): boolean =>
    line.startsWith("file node_modules/") || line.startsWith("file CONTENT ");
  const [there, wanted] = [found.lines, lines].map(
    (all) => new Set(all.filter((line) => line.startsWith("file ") && !installed(line))),
  );
  return [
    ...[...there!].filter((line) => !wanted!.has(line)).map((line) => `+ ${line}`),
    ...[...wanted!].filter((line) => !there!.has(line)).map((line) => `- ${line}`),
  ];
}
