/** The arena as a contract in TypeScript: each tick is W1. What players see is for the host to encode. */
import { accept, type Contract } from "../../contracts/sdk/index.ts";
import type { Candidate } from "./candidate.ts";

interface Globals {
  readonly windows: { readonly IN: Uint8Array; readonly OUT: Uint8Array };
}

/** @param load runs the workloads' script with these globals. */
export function arenaRoom(load: (globals: Globals) => Pick<Candidate, "call">): Contract<null, unknown, null> {
  const windows = { IN: new Uint8Array(1024), OUT: new Uint8Array(65_536) };
  const { call } = load({ windows });
  let directions: readonly Uint8Array[] = [];
  let turn = 0;
  return {
    name: "arena-script",
    players: { min: 1, max: 1 },
    pace: "ticks",
    hz: 20,
    moves: { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) } },
    open(context) {
      call(0, 0);
      directions = Array.from({ length: 16 }, () => context.random.bytes(200));
      return null;
    },
    tick() {
      windows.IN.set(directions[turn]!);
      turn = (turn + 1) & 15;
      call(1, 100);
    },
    apply: (state) => accept(state),
    view: () => null,
  };
}
