/** A room is a function of its log: whoever repeats what was recorded has the same room. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { PlayerId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import { accept, type AnyContract, type Contract } from "#contract/contract.ts";
import { encodeCourse } from "#enclave/room/course-codec.ts";
import type { Course } from "#enclave/room/course.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { inProcess } from "#testing/in-process.ts";
import { dot4, type View } from "#dot4/dot4.ts";
import { randomMove } from "#dot4/play.ts";
import { KeystreamRandom } from "#contract/random.ts";
import { buildContract } from "#cli/build-contract.ts";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom, type RoomUnderTest } from "./harness.ts";
import { act, deeds, drift, handedOver, repeated, stall } from "./repeated.ts";

describe.each<[string, AnyContract, fc.Arbitrary<Value>]>([
  [
    "a room of turns",
    tally,
    fc.constantFrom<Value>(
      { add: 1 },
      { add: 9 },
      { add: -1 },
      { say: "hello" },
      { award: "x" },
      { boom: true },
      {
        over: true,
      },
      7,
    ),
  ],
  ["a room that ticks", drift, fc.integer({ min: -5, max: 50 }).map((push) => ({ push }))],
])("%s", (_, contract, moves) => {
  test("is the same room again when its boundaries are repeated", () => {
    fc.assert(
      fc.property(deeds(moves), (all) => {
        const it = openRoom(contract);
        act(it, all);
        const course = repeated(contract, it);
        expect(course.tick).toBe(it.boundaries.at(-1)?.tick ?? 0);
        expect(course.ended !== null).toBe(it.room.phase === "ended");
        for (const connection of connectionsOf(it)) shownTo(it, connection, course);
      }),
      { numRuns: 100 },
    );
  });

  test("goes on from what was saved at any boundary as if it had never stopped", () => {
    fc.assert(
      fc.property(deeds(moves), fc.nat(20), (all, cut) => {
        const it = openRoom(contract);
        act(it, all);
        const whole = repeated(contract, it);
        const resumed = handedOver(inProcess(contract), it.boundaries, cut);
        expect(encodeCourse(resumed.save())).toEqual(encodeCourse(whole.save()));
      }),
      { numRuns: 60 },
    );
  });
});

const connectionsOf = (it: RoomUnderTest): number[] =>
  Array.from({ length: 80 }, (_, i) => i + 1).filter(
    (connection) => !it.closed.has(connection) && it.told(connection).length > 0,
  );

/** Outcomes and sends were told as the repeated room would tell them: every answered move that is remembered has the same answer. */
function shownTo(it: RoomUnderTest, connection: number, course: Course): void {
  const admitted = it.told(connection).find((message) => message.type === "admitted");
  if (admitted?.type !== "admitted") return;
  const player = admitted.player as PlayerId;
  for (const [n, reason] of it.outcomes(connection)) {
    const known = course.outcomes.of(player, n);
    // Of whoever watches, or gave up a seat since, only the newest is remembered.
    if (known === undefined) expect(n).toBeLessThan(course.outcomes.newest(player));
    else expect(known).toEqual([n, reason]);
  }
}

test("two workers after one another leave the same memory as one, down to the last byte", async () => {
  const { bundle } = await buildContract(fileURLToPath(new URL("../../../contracts/dot4/dot4.ts", import.meta.url)));
  const loaded = await (await contractEngine()).load(bundle);
  const it = openRoom(dot4, { loaded });
  const players = [alice, bob];
  players.forEach((player, i) => it.enter(i, player));
  const dice = new KeystreamRandom(new Uint8Array(32).fill(5));
  const numbers = [0, 0];
  for (let turn = 0; turn < 24; turn++) {
    it.pass(20);
    players.forEach((_, seat) => {
      const move = randomMove(it.view(seat) as unknown as View, seat, dice);
      if (move !== null) it.move(seat, (numbers[seat]! += 1), move as unknown as Value);
    });
  }
  it.pass(20);
  const { boundaries } = it;
  expect(boundaries.length).toBeGreaterThan(10);
  const whole = encodeCourse(handedOver(loaded, boundaries, -1).save());
  for (const cut of [1, 5, boundaries.length - 1]) {
    expect(encodeCourse(handedOver(loaded, boundaries, cut).save())).toEqual(whole);
  }
});

test("views of a repeated room are those that players were shown", () => {
  const it = openRoom(drift);
  it.enter(1, alice);
  it.enter(2, bob);
  it.enter(3, carol, { want: "watch" });
  it.pass(1500);
  it.move(1, 1, { push: 5 });
  it.pass(700);
  it.room.drop(2, it.now);
  it.pass(900);
  it.move(1, 2, { push: 50 });
  it.pass(60);
  const course = repeated(drift, it);
  expect(course.views.of(0)?.value).toEqual(it.view(1));
  expect(course.views.of("spectators")?.value).toEqual(it.view(3));
  expect(it.boundaries.length).toBeGreaterThan(3);
});

test("quiet ticks are not recorded one by one", () => {
  const quiet: Contract<number, null, number> = { ...still, tick: (state) => state + 1 };
  const it = openRoom(quiet);
  it.enter(1, alice);
  it.pass(10_000);
  expect(it.boundaries.length).toBeLessThan(20);
  const course = repeated(quiet, it);
  expect(course.tick).toBeGreaterThanOrEqual(it.boundaries.at(-1)!.tick);
  expect(encodeCourse(course.save())).toEqual(encodeCourse(repeated(quiet, it).save()));
});

test("a machine that stood still leaves a gap, and the same gap when it is repeated", () => {
  const ticks: number[] = [];
  const counted: Contract<number, null, number> = {
    ...still,
    tick(state, context) {
      ticks.push(context.tick);
      return state + 1;
    },
  };
  const it = openRoom(counted);
  it.enter(1, alice);
  it.pass(310);
  stall(it, 5000);
  it.pass(1000);
  const live = ticks.splice(0);
  repeated(counted, it);
  expect(ticks).toEqual(live.slice(0, ticks.length));
  expect(ticks.length).toBeGreaterThan(live.length - 20);
  expect(live.some((tick, i) => i > 0 && tick - live[i - 1]! > 50)).toBe(true);
});

const still: Contract<number, null, number> = {
  name: "still",
  players: { min: 1, max: 1 },
  pace: "ticks",
  presence: "any",
  moves: v.null(),
  open: () => 0,
  apply: (state) => accept(state),
  view: (state) => state,
};
