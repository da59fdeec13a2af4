/** Rooms that are played at random, and the same ones repeated from what was recorded. */
import fc from "fast-check";
import * as v from "valibot";
import { ProtocolError } from "#protocol/errors.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import { accept, refuse, type AnyContract, type Contract } from "#contract/contract.ts";
import { decodeBoundary, encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { decodeCourse, encodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import type { RulesSetup } from "#enclave/room/rules.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { inProcess } from "#testing/in-process.ts";
import { alice, bob, carol, type RoomUnderTest } from "./harness.ts";

export interface Drift {
  at: number;
  seen: string[];
}

/** Ticks, draws, touches, schedules and ends, all by itself. */
export const drift: Contract<Drift, { readonly push: number }, Value> = {
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

export type Deed =
  | { readonly deed: "enter"; readonly who: number }
  | { readonly deed: "watch" | "drop" | "leave"; readonly who: number }
  | { readonly deed: "move"; readonly who: number; readonly move: Value }
  | { readonly deed: "pass" | "stall"; readonly ms: number };

export const deeds = (moves: fc.Arbitrary<Value>): fc.Arbitrary<Deed[]> =>
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
export function act(it: RoomUnderTest, all: readonly Deed[]): void {
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
export function stall(it: RoomUnderTest, ms: number): void {
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

export function repeated(contract: AnyContract, it: RoomUnderTest): Course {
  const course = new Course(setupOf(inProcess(contract)));
  for (const boundary of it.boundaries) course.step(boundary);
  return course;
}

/** The same, through bytes, and by two workers one after the other. */
export function handedOver(contract: LoadedContract, boundaries: readonly Boundary[], cut: number): Course {
  let course = new Course(setupOf(contract));
  boundaries.forEach((boundary, i) => {
    if (i === cut) course = new Course(setupOf(contract), decodeCourse(encodeCourse(course.save())));
    course.step(decodeBoundary(encodeBoundary(boundary)));
  });
  return course;
}
