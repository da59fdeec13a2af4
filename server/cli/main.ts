#!/usr/bin/env node
/** The `phatroom` command. Each sub-command is loaded when it is asked for. */
import { defineCommand, runMain } from "citty";

const main = defineCommand({
  meta: { name: "phatroom", description: "Game rooms that nobody can peek into" },
  subCommands: {
    new: () => import("./commands/new.ts").then(({ newCommand }) => newCommand),
    dev: () => import("./commands/dev.ts").then(({ devCommand }) => devCommand),
    build: () => import("./commands/build.ts").then(({ buildCommand }) => buildCommand),
  },
});

await runMain(main);
