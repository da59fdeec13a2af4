/**
 * Everything, one stage after another: `npm test`, or `npm test -- unit journeys` for some stages. The last line counts.
 *
 * A stage is a vitest configuration or a command; a command counts as one test. Nothing here has a time limit but the
 * tests' own. Real evidence and published vectors stay out of the repository: tests that need them read the folder that
 * PHATROOM_VECTORS names, and are skipped by name without it.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);

// Hundreds of processes are started, most of them with the same modules: what V8 made of them is kept.
process.env.NODE_COMPILE_CACHE ??= join(root, ".cache", "node");

const stages = [
  {
    name: "types",
    run: [bin("tsc"), "-b"],
    before: () => rmSync(join(root, ".cache", "types"), { recursive: true, force: true }),
  },
  {
    // What later stages run. Each of them looks for itself whether it is still what its sources say.
    name: "build",
    run: [process.execPath, "--disable-warning=ExperimentalWarning", "tests/support/build-everything.ts"],
  },
  { name: "lint", run: [bin("oxlint"), "--quiet"] },
  { name: "format", run: [bin("oxfmt"), "--check", "."] },
  { name: "dead-code", run: [bin("knip")] },
  {
    name: "unit",
    vitest: "tests/vitest.config.ts",
    before: () => Promise.all(["tests/oracles", "tests/libraries"].map(install)),
  },
  { name: "browser", vitest: "tests/vitest.browser.config.ts" },
  { name: "adversary", vitest: "tests/vitest.adversary.config.ts" },
  { name: "simulation", vitest: "tests/vitest.deep.config.ts" },
  { name: "journeys", vitest: "tests/vitest.journeys.config.ts" },
  { name: "package", vitest: "tests/vitest.package.config.ts" },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(", ")}. Stages: ${stages.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
/** Said again at the end, where whoever reads only that finds them. */
const failures = [];

for (const stage of stages) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
  const from = Date.now();
  console.log(`\n── ${stage.name}`);
  await stage.before?.();
  const counts = stage.vitest === undefined ? runCommand(stage) : runVitest(stage);
  for (const key of Object.keys(totals)) totals[key] += counts[key];
  if (counts.failed > 0) broken.push(stage.name);
  console.log(`── ${stage.name}: ${((Date.now() - from) / 1000).toFixed(1)} s`);
}

if (broken.length > 0) console.log(`\nFailed: ${broken.join(", ")}`);
for (const failure of failures) console.log(`  ${failure}`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 ? 1 : 0);

/** In a process of its own: two of them wait for the registry at once. */
async function install(folder) {
  const child = spawn(process.execPath, [join(root, "scripts/install.mjs"), folder], { stdio: "inherit" });
  const [status] = await once(child, "exit");
  if (status !== 0) process.exit(status ?? 1);
}

function runCommand({ run: [command, ...args] }) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function runVitest({ name, vitest }) {
  const report = join(root, ".cache", "test", `${name}.json`);
  mkdirSync(join(root, ".cache", "test"), { recursive: true });
  rmSync(report, { force: true });
  const args = ["run", "--config", vitest, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(bin("vitest"), args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  for (const { name: file, status: loaded, message, assertionResults } of testResults) {
    const from = relative(root, file);
    if (loaded === "failed" && assertionResults.length === 0) failures.push(`${from}: ${firstLine(message)}`);
    for (const { status: outcome, fullName, failureMessages } of assertionResults) {
      if (outcome === "skipped" || outcome === "pending") console.log(`skipped: ${fullName}`);
      if (outcome === "failed") failures.push(`${from}: ${fullName}: ${firstLine(failureMessages[0])}`);
    }
  }
  // A file that does not load has no tests to count, but vitest says so with its exit status.
  const failed = Math.max(numFailedTests, status === 0 ? 0 : 1);
  return { passed: numPassedTests, failed, skipped: numPendingTests };
}

function firstLine(text) {
  return stripVTControlCharacters(text ?? "")
    .split("\n", 1)[0]
    .slice(0, 300);
}
