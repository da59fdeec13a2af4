/** What each command is for, in a line. `phatroom --help` says so without loading any of them. */

export const summaries = {
  new: "Start a game: contract, tests and page in a new folder",
  dev: "Run a game and its page on this machine; builds again on every save",
  build: "Build a contract: bundle, manifest, source map and hash",
  verify: "Check a place's enclave from outside; exit code 0 if it is accepted",
  load: "Many players at once at a place, for a while; says how it bore them",
  move: "Move a room to another worker; players follow by themselves",
  drain: "Move all rooms away from a worker, which gets no new ones",
  upgrade: "Replace the rules of rooms that exist, as their lineage allows",
  reports: "What players have told the world's moderator, and what to do about it",
  export: "Write a room's revealed log to a file",
  replay: "Repeat a room from its log; exit code 0 if everything fits",
  chain: "Run a development chain on this machine",
  items: "What an account owns on a chain, and what can be done with it",
  world: "A world's collections and bases on its chain",
} as const;

/** What belongs together, in the order in which somebody new comes across it. */
export const sections: readonly (readonly [heading: string, commands: readonly (keyof typeof summaries)[]])[] = [
  ["Make a game", ["new", "dev", "build"]],
  ["Run a place", ["verify", "load", "move", "drain", "upgrade", "reports"]],
  ["Look into what happened", ["export", "replay"]],
  ["Items on a chain", ["chain", "items", "world"]],
];
