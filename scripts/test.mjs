/**
 * Everything, several stages beside each other: `npm test`, or `npm test -- unit journeys` for some stages. The last line
 * counts.
 *
 * A stage is a vitest configuration or a command; a command counts as one test. Nothing here has a time limit but the
 * tests' own. Real evidence and published vectors stay out of the repository: tests that need them read the folder that
 * PHATROOM_VECTORS names, and are skipped by name without it.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);

const types = {
  name: "types",
  run: [bin("tsc"), "-b"],
  before: () => rmSync(join(root, ".cache", "types"), { recursive: true, force: true }),
};

/** What some tests need, and nothing else does: each has its own lock file. */
const installs = ["tests/oracles", "tests/libraries"].map((folder) => ({
  name: folder,
  run: [process.execPath, "scripts/install.mjs", folder],
}));

/** What places and journeys run. */
const build = {
  name: "build",
  run: [process.execPath, "--disable-warning=ExperimentalWarning", "tests/support/build-everything.ts"],
};

/** One after another in each lane, and lanes beside each other: who waits for a browser or a place leaves a core idle. */
const lanes = [
  [
    { name: "lint", run: [bin("oxlint"), "--quiet"] },
    { name: "format", run: [bin("oxfmt"), "--check", "."] },
    { name: "dead-code", run: [bin("knip")] },
    { name: "unit", vitest: "tests/vitest.config.ts" },
    { name: "simulation", vitest: "tests/vitest.deep.config.ts" },
  ],
  [
    { name: "journeys", vitest: "tests/vitest.journeys.config.ts" },
    { name: "adversary", vitest: "tests/vitest.adversary.config.ts" },
    { name: "browser", vitest: "tests/vitest.browser.config.ts" },
    { name: "package", vitest: "tests/vitest.package.config.ts" },
  ],
];

const wanted = process.argv.slice(2);
const all = [types, build, ...lanes.flat()];
const unknown = wanted.filter((name) => !all.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(", ")}. Stages: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const isWanted = ({ name }) => wanted.length === 0 || wanted.includes(name);
/** What is said at once would be mixed: then each stage is shown when it has ended. */
const alone = lanes.filter((lane) => lane.some(isWanted)).length < 2;

const totals = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
/** Said again at the end, where whoever reads only that finds them. */
const failures = [];

const installed = Promise.all(
  lanes.flat().some((stage) => stage.vitest && isWanted(stage)) ? installs.map(({ run: command }) => run(command)) : [],
);
await Promise.all([runAll([types]), runAll([build]), installed]);
await Promise.all(lanes.map(runAll));

if (broken.length > 0) console.log(`\nFailed: ${broken.join(", ")}`);
for (const failure of failures) console.log(`  ${failure}`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 ? 1 : 0);

async function runAll(stages) {
  for (const stage of stages.filter(isWanted)) {
    const from = Date.now();
    if (alone) console.log(`\n── ${stage.name}`);
    else console.log(`── ${stage.name} begins`);
    stage.before?.();
    const { counts, said } = await (stage.vitest === undefined ? runCommand(stage) : runVitest(stage));
    for (const key of Object.keys(totals)) totals[key] += counts[key];
    if (counts.failed > 0) broken.push(stage.name);
    console.log(alone ? said : `\n── ${stage.name}\n${said}`);
    console.log(`── ${stage.name}: ${((Date.now() - from) / 1000).toFixed(1)} s`);
  }
}

/** The exit status of a command, and what it said if it was not to say it itself. */
async function run([command, ...args]) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["ignore", ...(alone ? ["inherit", "inherit"] : ["pipe", "pipe"])],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (said += text));
  const status = await new Promise((resolve) => {
    child.once("error", (error) => resolve(String(error)));
    child.once("close", resolve);
  });
  return { status, said };
}

async function runCommand({ run: command }) {
  const { status, said } = await run(command);
  return { said, counts: { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 } };
}

async function runVitest({ name, vitest }) {
  const report = join(root, ".cache", "test", `${name}.json`);
  mkdirSync(join(root, ".cache", "test"), { recursive: true });
  rmSync(report, { force: true });
  const args = ["run", "--config", vitest, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ran = await run([bin("vitest"), ...args]);
  if (!existsSync(report)) return { said: ran.said, counts: { passed: 0, failed: 1, skipped: 0 } };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  let said = ran.said;
  for (const { name: file, status: loaded, message, assertionResults } of testResults) {
    const from = relative(root, file);
    if (loaded === "failed" && assertionResults.length === 0) failures.push(`${from}: ${firstLine(message)}`);
    for (const { status: outcome, fullName, failureMessages } of assertionResults) {
      if (outcome === "skipped" || outcome === "pending") said += `skipped: ${fullName}\n`;
      if (outcome === "failed") failures.push(`${from}: ${fullName}: ${firstLine(failureMessages[0])}`);
    }
  }
  // A file that does not load has no tests to count, but vitest says so with its exit status.
  const failed = Math.max(numFailedTests, ran.status === 0 ? 0 : 1);
  return { said, counts: { passed: numPassedTests, failed, skipped: numPendingTests } };
}

function firstLine(text) {
  return stripVTControlCharacters(text ?? "")
    .split("\n", 1)[0]
    .slice(0, 300);
}
