/** What players bring is in a room's log as it was, and in what a worker saves of the room. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlayerId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import { decodeBoundary, encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { decodeCourse, encodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import type { Boundary, Brought } from "#enclave/room/inputs.ts";
import type { UsedTicket } from "#enclave/room/arrivals.ts";
import { accept, type Arrival, type Contract } from "#contract/index.ts";
import { inProcess } from "#testing/in-process.ts";

const player = "11".repeat(16) as PlayerId;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
/** Keys that name the prototype are no values, and there is one zero. */
const value = fc
  .json({ maxDepth: 6, noUnicodeString: false })
  .filter((json) => !json.includes("__proto__"))
  .map((json) => JSON.parse(JSON.stringify(JSON.parse(json))) as Value);

const ticket: fc.Arbitrary<UsedTicket> = fc.record({
  id: hex(32),
  room: hex(20),
  contract: fc.constantFrom("dot4", "phala-world"),
  payload: value,
  back: fc.option(fc.record({ seat: fc.nat(1023), result: value })),
});
const version = fc.record({ number: fc.nat(), head: bytes(32) });
const brought: fc.Arbitrary<Brought> = fc.record(
  { record: fc.record({ value, version }), arrival: ticket, moderator: fc.constant(true as const) },
  { requiredKeys: [] },
);

test("every boundary with baggage is read as it was written", () => {
  const inputs = fc.array(
    fc.oneof(
      fc.record({
        input: fc.constant("join" as const),
        player: fc.constant(player),
        seat: fc.nat(10),
        name: fc.string(),
        entropy: bytes(32),
        baggage: brought,
      }),
      fc.record({
        input: fc.constant("returned" as const),
        player: fc.constant(player),
        pauseLeftMs: fc.integer(),
        arrival: ticket,
      }),
      fc.record({ input: fc.constant("kept" as const), player: fc.constant(player), version: fc.option(version) }),
    ),
  );
  fc.assert(
    fc.property(fc.nat(), inputs, (tick, all) => {
      const boundary: Boundary = { tick, inputs: all };
      expect(decodeBoundary(encodeBoundary(boundary))).toEqual(boundary);
    }),
  );
});

interface Came {
  record: Value;
  arrival: Arrival | null;
}

/** Remembers what came, and keeps more. */
const keeper: Contract<Came, { readonly keep: number }, Came> = {
  name: "keeper",
  players: { min: 1, max: 4 },
  presence: "any",
  records: true,
  moves: { "~standard": { version: 1, vendor: "test", validate: (move) => ({ value: move as { keep: number } }) } },
  open: () => ({ record: null, arrival: null }),
  join(state, { record, arrival }) {
    state.record = record;
    state.arrival = arrival;
  },
  returned(state, { arrival }) {
    state.arrival = arrival;
  },
  apply(state, { keep }, context) {
    context.record(context.player, keep);
    return accept(state);
  },
  view: (state) => state,
};

const head = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const setup = {
  contract: inProcess(keeper),
  options: {},
  seed: head(1),
  fault: (detail: string): void => expect.fail(detail),
};
const used: UsedTicket = {
  id: "ab".repeat(16),
  room: "cd".repeat(10),
  contract: "hub",
  payload: { from: "afar" },
  back: null,
};
const came: Boundary = {
  tick: 1,
  inputs: [
    {
      input: "join",
      player,
      seat: 0,
      name: "Ann",
      entropy: head(2),
      baggage: { record: { value: 7, version: { number: 3, head: head(3) } }, arrival: used },
    },
  ],
};
const keeping = (tick: number, n: number, keep: number): Boundary => ({
  tick,
  inputs: [{ input: "move", player, n, move: { keep } }],
});

test("a room that is read back knows used tickets, versions and what is on its way, and sends nothing twice by itself", () => {
  const course = new Course(setup);
  course.step(came);
  expect(course.step(keeping(2, 1, 8)).happenings).toMatchObject([
    { happening: "kept", record: 8, behind: { number: 3 } },
  ]);
  course.step(keeping(3, 2, 9));
  const again = new Course(setup, decodeCourse(encodeCourse(course.save())));
  expect(again.arrivals.has(used.id)).toBe(true);
  expect(again.kept.versionOf(player)).toEqual({ number: 3, head: head(3) });
  expect(again.kept.underWay()).toMatchObject([{ record: 8 }]);
  const version = { number: 4, head: head(4) };
  const arrived: Boundary = { tick: 4, inputs: [{ input: "kept", player, version }] };
  for (const each of [course, again]) {
    expect(each.step(arrived).happenings).toMatchObject([{ happening: "kept", record: 9, behind: version }]);
  }
  expect(again.memory()).toEqual(course.memory());
});

test("a ticket that stands in the log twice counts once, for whoever repeats it, too", () => {
  const course = new Course(setup);
  course.step(came);
  course.step({ tick: 2, inputs: [{ input: "dropped", player, pauseLeftMs: 0 }] });
  course.step({ tick: 3, inputs: [{ input: "returned", player, pauseLeftMs: 0, arrival: used }] });
  expect(course.views.of(0)?.value).toEqual({ record: 7, arrival: null });
});
