/** `npm run bench -- <name>`: measures ours and the peers in one run on one machine, and keeps the numbers. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { benches } from "./benches.ts";
import { thisCommit, thisMachine } from "./machine.ts";
import { parseOptions, usage, UsageError, type Options } from "./options.ts";
import { progressDone } from "./progress.ts";
import { roundedRow, type Report } from "./report.ts";
import { renderTable } from "./table.ts";

const results = new URL("./results/", import.meta.url);

async function run(options: Options): Promise<void> {
  const machine = thisMachine();
  const commit = thisCommit();
  await installPeers();
  const { rows, ratios } = await benches[options.bench].run(options);
  progressDone();
  print({ bench: options.bench, commit, machine, rows: rows.map(roundedRow), ratios }, options);
}

function print(report: Report, { json, quick }: Options): void {
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  mkdirSync(results, { recursive: true });
  const file = fileURLToPath(new URL(`${report.bench}-${report.commit}${quick ? "-quick" : ""}.json`, results));
  writeFileSync(file, text);
  process.stdout.write(json ? text : renderTable(report));
  process.stderr.write(`Kept in ${file}\n`);
}

/** The peers are not among the project's own dependencies; what needs them is imported later. */
async function installPeers(): Promise<void> {
  const { install } = (await import(new URL("../scripts/install.mjs", import.meta.url).href)) as {
    readonly install: (folder: string) => boolean;
  };
  install("bench");
}

if (process.argv.includes("--help")) {
  process.stdout.write(usage);
} else {
  try {
    await run(parseOptions(process.argv.slice(2)));
  } catch (error) {
    progressDone();
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}`);
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    // Processes that were started end with this one, and not before.
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
