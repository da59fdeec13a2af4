#!/usr/bin/env node
/** The `phatroom` command. Each sub-command is loaded when it is asked for. */
import { readFile } from "node:fs/promises";
import * as modules from "node:module";
import { runCommandLine } from "./command-line/run.ts";

/** The Node that everything but `new` needs; a new game brings it along. */
const nodeNeeded = 24;

const phatroom = {
  subCommands: {
    new: () => import("./commands/new.ts").then(({ newCommand }) => newCommand),
    dev: () => import("./commands/dev.ts").then(({ devCommand }) => devCommand),
    chain: () => import("./commands/chain.ts").then(({ chainCommand }) => chainCommand),
    items: () => import("./commands/items.ts").then(({ itemsCommand }) => itemsCommand),
    world: () => import("./commands/world.ts").then(({ worldCommand }) => worldCommand),
    verify: () => import("./commands/verify.ts").then(({ verifyCommand }) => verifyCommand),
    load: () => import("./commands/load.ts").then(({ loadCommand }) => loadCommand),
    move: () => import("./commands/move.ts").then(({ moveCommand }) => moveCommand),
    upgrade: () => import("./commands/upgrade.ts").then(({ upgradeCommand }) => upgradeCommand),
    drain: () => import("./commands/drain.ts").then(({ drainCommand }) => drainCommand),
    export: () => import("./commands/export.ts").then(({ exportCommand }) => exportCommand),
    reports: () => import("./commands/reports.ts").then(({ reportsCommand }) => reportsCommand),
    replay: () => import("./commands/replay.ts").then(({ replayCommand }) => replayCommand),
    build: () => import("./commands/build.ts").then(({ buildCommand }) => buildCommand),
  },
};

/** What works with whatever Node there is. */
const anyNode = new Set(["new", "help", "--help", "-h", "--version", "-v"]);

async function main(args: readonly string[]): Promise<number> {
  if (Number.parseInt(process.versions.node) < nodeNeeded && !anyNode.has(args[0] ?? "help")) {
    console.error(`phatroom needs Node ${nodeNeeded} or newer, and this is ${process.versions.node}.

  phatroom new <name>    works here: a new game installs the Node it needs
  npm run dev            runs the game, in its folder
  npx phatroom build     makes its bundle and its hash, in its folder
`);
    return 1;
  }
  // Whoever reads our output has read enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const manifest = modules.createRequire(import.meta.url).resolve("phatroom/package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { readonly version: string };
  return runCommandLine(phatroom.subCommands, args, version);
}

// A part of what it takes to start is compiling our own modules. The Node that only begins new games may not have it.
(modules as Partial<typeof modules>).enableCompileCache?.();
process.exitCode = await main(process.argv.slice(2));
