#!/usr/bin/env node
/** The `phatroom` command. Each sub-command is loaded when it is asked for. */
import { defineCommand, runMain } from "citty";

/** The Node that everything but `new` needs; a new game brings it along. */
const nodeNeeded = 24;

const main = defineCommand({
  meta: { name: "phatroom", description: "Game rooms that nobody can peek into" },
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
});

if (Number.parseInt(process.versions.node) < nodeNeeded && process.argv[2] !== "new") {
  console.error(`phatroom needs Node ${nodeNeeded} or newer, and this is ${process.versions.node}.

  phatroom new <name>    works here: a new game installs the Node it needs
  npm run dev            runs the game, in its folder
  npx phatroom build     makes its bundle and its hash, in its folder
`);
  process.exitCode = 1;
} else {
  await runMain(main);
}
