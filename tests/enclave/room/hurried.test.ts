/** A room that is late catches up a few ticks, and none if its ticks are long; what it lost is a gap in its log. */
import { expect, test } from "vitest";
import { accept, type Contract } from "#contract/index.ts";
import { Course } from "#enclave/room/course.ts";
import { inProcess } from "#testing/in-process.ts";
import { alice, openRoom } from "./harness.ts";

/** Knows at which ticks it was called. */
const clockwork: Contract<{ ticks: number[] }, null, readonly number[]> = {
  name: "clockwork",
  players: { min: 1, max: 1 },
  pace: "ticks",
  hz: 20,
  moves: { "~standard": { version: 1, vendor: "test", validate: () => ({ value: null }) } },
  open: () => ({ ticks: [] }),
  tick(state, context) {
    state.ticks.push(context.tick);
    context.touch("everyone");
  },
  apply: (state) => accept(state),
  view: ({ ticks }) => ticks,
};

test.for([
  [false, [1, 6, 7, 8, 9, 10]],
  [true, [1, 10]],
] as const)("hurried: %s", ([hurried, ticks]) => {
  const it = openRoom(clockwork);
  it.enter(1, alice);
  it.pass(50);
  it.room.boundary(500, hurried);
  it.now = 500;
  it.pass(1000);
  const seen = (it.view(1) as number[]).slice(0, ticks.length);
  expect(seen).toEqual(ticks);

  const repeated = new Course({
    contract: inProcess(clockwork),
    options: {},
    seed: new Uint8Array(32).fill(1),
    fault: () => undefined,
  });
  for (const boundary of it.boundaries) repeated.step(boundary);
  expect((repeated.views.of(0)!.value as number[]).slice(0, ticks.length)).toEqual(ticks);
});
