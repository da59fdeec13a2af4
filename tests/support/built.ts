/** Contracts and pages as `npm start` builds them: again only when what goes into them, or what came of it, is not what it was. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { contractsFolder, pageFolder, rootFolder, templatesFolder } from "./folders.ts";

interface Part {
  /** Where it is written what it was built of. */
  readonly mark: string;
  readonly sources: readonly string[];
  readonly built: readonly string[];
  /** Scripts with what they are given. */
  readonly commands: readonly (readonly string[])[];
}

const contracts: Part = {
  mark: ".cache/contracts-of",
  sources: [
    "package-lock.json",
    "contracts",
    "scripts/build.ts",
    "server/cli",
    "server/enclave/sandbox",
    "server/protocol",
  ],
  built: [contractsFolder],
  commands: [["scripts/build.ts", "--contracts-only"]],
};

const everything: Part = {
  mark: ".cache/pages-of",
  sources: [
    "package-lock.json",
    "assets",
    "client",
    "contracts",
    "scripts",
    "server",
    "tests/support/build-page-templates.ts",
    "tests/support/page-for.ts",
  ],
  built: [contractsFolder, pageFolder, join(rootFolder, ".cache/page/built-in.json"), templatesFolder],
  commands: [["scripts/build.ts"], ["tests/support/build-page-templates.ts"]],
};

/** For stages that run places: a few seconds when something has changed. */
export const buildContracts = (): void => build(contracts);

/** For stages that open pages. */
export const buildEverything = (): void => build(everything, contracts);

function build(part: Part, ...also: readonly Part[]): void {
  const mark = join(rootFolder, part.mark);
  if (existsSync(mark) && readFileSync(mark, "utf8") === fingerprint(part)) return;
  for (const command of part.commands) {
    const script = ["--disable-warning=ExperimentalWarning", ...command];
    execFileSync(process.execPath, script, { cwd: rootFolder, stdio: "inherit" });
  }
  for (const done of [part, ...also]) writeFileSync(join(rootFolder, done.mark), fingerprint(done));
}

/** Of every file that could change what is built, and of everything that was. */
function fingerprint({ sources, built }: Part): string {
  const hash = createHash("sha256").update(process.version);
  for (const file of [...sources.map((source) => join(rootFolder, source)), ...built].flatMap(filesIn)) {
    const bytes = readFileSync(file);
    hash.update(`${relative(rootFolder, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules"))
    .sort();
}
