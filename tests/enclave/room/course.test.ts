/** A room is a function of its log: whoever repeats what was recorded has the same room. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import { accept, refuse, type AnyContract, type Contract } from "#contract/contract.ts";
import { decodeBoundary, encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { decodeCourse, encodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import type { RulesSetup } from "#enclave/room/rules.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { inProcess } from "#testing/in-process.ts";
import { dot4, type View } from "#dot4/dot4.ts";
import { randomMove } from "#dot4/play.ts";
import { KeystreamRandom } from "#contract/random.ts";
import { buildContract } from "#cli/build-contract.ts";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom, type RoomUnderTest } from "./harness.ts";

interface Drift {
  at: number;
  seen: string[];
}

/** Ticks, draws, touches, schedules and ends, all by itself. */
const drift: Contract<Drift, { readonly push: number }, Value> = {
  name: "drift",
  players: { min: 1, max: 3 },
  pace: "ticks",
  hz: 20,
  presence: "any",
  graceMs: 2000,
  moves: v.strictObject({ push: v.pipe(v.number(), v.integer(), v.minValue(-5), v.maxValue(50)) }),
  open: () => ({ at: 0, seen: [] }),
  join: (state, { seat }, context) => {
    state.seen.push(`join ${seat}`);
    context.schedule(`greet ${seat}`, 3 + context.random.below(40));
  },
  leave: (state, { seat }) => void state.seen.push(`leave ${seat}`),
  dropped: (state, { seat }) => void state.seen.push(`dropped ${seat}`),
  returned: (state, { seat }) => void state.seen.push(`returned ${seat}`),
  tick(state, context) {
    state.at += context.random.below(7) - 3;
    if (state.at % 5 === 0) context.touch("everyone");
    if (state.at > 400) context.end({ at: state.at });
  },
  timer(state, { name }, context) {
    state.seen.push(`${name} at ${context.tick}`);
    context.send("everyone", name);
    context.touch(context.players[0] ?? "everyone");
    if (context.random.below(3) > 0) context.schedule(name, 1 + context.random.below(30));
  },
  apply(state, { push }, context) {
    if (push < 0) return refuse("Only forwards.");
    if (push === 13) throw new Error("unlucky");
    state.at += push;
    context.award(context.player, "a leaf", { once: `push ${push}` });
    return accept(state);
  },
  view: ({ at, seen }, viewer) => ({ at, seen, mine: viewer.kind === "player" ? viewer.seat : null }),
};

const players = [alice, bob, carol];

type Deed =
  | { readonly deed: "enter"; readonly who: number }
  | { readonly deed: "watch" | "drop" | "leave"; readonly who: number }
  | { readonly deed: "move"; readonly who: number; readonly move: Value }
  | { readonly deed: "pass" | "stall"; readonly ms: number };

const deeds = (moves: fc.Arbitrary<Value>): fc.Arbitrary<Deed[]> =>
  fc.array(
    fc.oneof<fc.Arbitrary<Deed>[]>(
      fc.record({ deed: fc.constant("enter" as const), who: fc.nat(2) }),
      fc.record({ deed: fc.constant("enter" as const), who: fc.nat(1) }),
      fc.record({ deed: fc.constantFrom("watch" as const, "drop" as const, "leave" as const), who: fc.nat(2) }),
      fc.record({ deed: fc.constant("move" as const), who: fc.nat(2), move: moves }),
      fc.record({ deed: fc.constantFrom("pass" as const, "stall" as const), ms: fc.integer({ min: 1, max: 3000 }) }),
    ),
    { maxLength: 40 },
  );

/** Does it as far as it can be done: what is refused here is refused by other tests. */
function act(it: RoomUnderTest, all: readonly Deed[]): void {
  const connections = new Map<number, number>();
  const numbers = new Map<number, number>();
  let last = 0;
  const talk = (who: number, say: (connection: number) => void): void => {
    const connection = connections.get(who);
    if (connection !== undefined && !it.closed.has(connection)) say(connection);
  };
  for (const deed of all) {
    try {
      switch (deed.deed) {
        case "pass":
          it.pass(deed.ms);
          break;
        case "stall":
          stall(it, deed.ms);
          break;
        case "enter":
        case "watch":
          connections.set(deed.who, ++last);
          it.enter(connections.get(deed.who)!, players[deed.who]!, deed.deed === "watch" ? { want: "watch" } : {});
          break;
        case "drop":
          talk(deed.who, (connection) => it.room.drop(connection, it.now));
          break;
        case "leave":
          talk(deed.who, (connection) => it.room.receive(connection, { type: "leave" }, it.now));
          break;
        case "move":
          talk(deed.who, (connection) => {
            const n = (numbers.get(deed.who) ?? 0) + 1;
            it.move(connection, n, deed.move);
            numbers.set(deed.who, n);
          });
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
}

/** The machine stands still: boundaries that came due are late. */
function stall(it: RoomUnderTest, ms: number): void {
  it.now += ms;
  if (it.room.dueAt <= it.now) it.room.boundary(it.now);
}

const setupOf = (contract: LoadedContract): RulesSetup => ({
  contract,
  options: chooseOptions(contract.manifest, undefined),
  // What the harness' enclave draws first.
  seed: new Uint8Array(32).fill(1),
  fault: () => undefined,
});

function repeated(contract: AnyContract, it: RoomUnderTest): Course {
  const course = new Course(setupOf(inProcess(contract)));
  for (const boundary of it.boundaries) course.step(boundary);
  return course;
}

/** The same, through bytes, and by two workers one after the other. */
function handedOver(contract: LoadedContract, boundaries: readonly Boundary[], cut: number): Course {
  let course = new Course(setupOf(contract));
  boundaries.forEach((boundary, i) => {
    if (i === cut) course = new Course(setupOf(contract), decodeCourse(encodeCourse(course.save())));
    course.step(decodeBoundary(encodeBoundary(boundary)));
  });
  return course;
}

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

/** Outcomes and sends were told as the repeated room would tell them: every answered move has the same answer. */
function shownTo(it: RoomUnderTest, connection: number, course: Course): void {
  const admitted = it.told(connection).find((message) => message.type === "admitted");
  if (admitted?.type !== "admitted") return;
  for (const [n, reason] of it.outcomes(connection)) {
    expect(course.outcomes.of(admitted.player as PlayerId, n)).toEqual([n, reason]);
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

describe("a room that was read back", () => {
  const before = (): RoomUnderTest => {
    const it = openRoom(tally);
    it.enter(1, alice, { lock: true, invite: new Uint8Array(16).fill(9) });
    it.enter(2, bob, { invite: new Uint8Array(16).fill(9) });
    it.pass(20);
    it.move(1, 1, { add: 2 });
    it.move(2, 1, { add: -1 });
    it.pass(20);
    return it;
  };

  test("waits for everybody, and goes on where it was", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    expect(it.room.phase).toBe("paused");
    it.enter(11, alice);
    it.pass(500);
    expect(it.room.phase).toBe("paused");
    expect(it.view(11)).toBeUndefined();
    it.enter(12, bob);
    it.pass(20);
    expect(it.room.phase).toBe("playing");
    expect(it.view(11)).toMatchObject({
      total: 2,
      seen: ["join 0", "join 1", "dropped 0", "dropped 1", "returned 0", "returned 1"],
    });
    it.move(11, 2, { add: 3 });
    it.pass(20);
    expect(it.view(12)).toMatchObject({ total: 5 });
  });

  test("answers a move that is sent again as it was answered, and takes it once", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    it.enter(11, alice);
    it.enter(12, bob);
    expect(it.told(12)[0]).toMatchObject({ type: "admitted", seat: 1, moves: 1, locked: true });
    it.move(11, 1, { add: 2 });
    it.move(12, 1, { add: -1 });
    it.pass(20);
    expect(it.outcomes(11)).toEqual([[1, null]]);
    expect(it.outcomes(12)).toEqual([[1, "Only upwards."]]);
    expect(it.view(11)).toMatchObject({ total: 2 });
  });

  test("lets nobody in who has no invitation, and nobody lock it again", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    expect(() => it.enter(11, carol, { want: "watch" })).toThrow(expect.objectContaining({ code: "invite-required" }));
  });

  test("is over if it was", () => {
    const live = before();
    live.move(1, 2, { over: true });
    live.pass(20);
    const it = openRoom(tally, { course: repeated(tally, live) });
    expect(it.room.phase).toBe("ended");
    it.enter(11, alice);
    it.pass(20);
    expect(it.status(11)?.ended).toEqual({ how: "finished", result: { total: 2 } });
    expect(it.view(11)).toMatchObject({ total: 2 });
  });

  test("still gives up those who stay away for too long", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    it.enter(11, alice);
    it.pass(11_000);
    expect(it.status(11)?.ended).toEqual({ how: "abandoned", result: { total: 2, absent: [1] } });
  });

  test("is recorded further from the boundary it stands at", () => {
    const live = before();
    const it = openRoom(tally, { course: repeated(tally, live) });
    it.enter(11, alice);
    it.enter(12, bob);
    it.pass(20);
    it.move(11, 2, { add: 9 });
    it.pass(2000);
    const whole = handedOver(inProcess(tally), [...live.boundaries, ...it.boundaries], -1);
    expect(whole.tick).toBe(it.boundaries.at(-1)!.tick);
    expect(whole.views.of(0)?.value).toEqual(it.view(11));
    expect((it.view(11) as unknown as { seen: string[] }).seen.at(-1)).toMatch(/^timer nine at/);
  });
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
