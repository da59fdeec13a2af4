/** Input rows in a room: taken from those who sit there, used one a tick, logged, acknowledged to their own player only. */
import { expect, test } from "vitest";
import { decodeEntities, type EntitiesBody } from "#protocol/entities/message.ts";
import { wireTables } from "#protocol/entities/layout.ts";
import { encodeInputRows } from "#protocol/input-row.ts";
import { layoutsOf } from "#contract/components.ts";
import { accept, bool, component, type Contract } from "#contract/index.ts";
import { decodeBoundary, encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { Course } from "#enclave/room/course.ts";
import { decodeCourse, encodeCourse } from "#enclave/room/course-codec.ts";
import { inProcess } from "#testing/in-process.ts";
import * as components from "../../contracts/fixtures/push/components.ts";
import { push } from "../../contracts/fixtures/push/push.ts";
import { pushFormat } from "../../support/applied-rows.ts";
import { alice, bob, carol, openRoom, type RoomUnderTest } from "./harness.ts";

const tables = wireTables(layoutsOf(components));
const bodyTable = tables.findIndex(({ name }) => name === "Body");

/** Says from connection `connection` that its rows from `n` on want x. */
function say(it: RoomUnderTest, connection: number, n: number, xs: readonly number[], seen = 0): void {
  const rows = encodeInputRows(
    pushFormat,
    xs.map((x, i) => ({ n: n + i, seen, values: [x, 0, 0, 0] })),
  );
  it.room.receive(connection, { type: "input", rows }, it.now);
}

const told = (it: RoomUnderTest, connection: number): EntitiesBody[] =>
  it.told(connection).flatMap((message) => (message.type === "entities" ? [decodeEntities(message.body, tables)] : []));

/** Where somebody is, as the newest word on it says. */
function placeOf(it: RoomUnderTest, connection: number, id: number): number {
  let x = Number.NaN;
  for (const { blocks } of told(it, connection)) {
    for (const { table, enters, updates } of blocks) {
      if (table !== bodyTable) continue;
      for (const { id: row, values } of enters) if (row === id) x = values[0] as number;
      for (const { id: row, mask, values } of updates) if (row === id && (mask & 1) !== 0) x = values[0] as number;
    }
  }
  return x;
}

function opened(): RoomUnderTest {
  const it = openRoom(push);
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(100);
  return it;
}

test("each tick uses one row of each player, and the last one again if none is there", () => {
  const it = opened();
  say(it, 1, 1, [100, 0]);
  it.pass(50);
  expect(placeOf(it, 1, 0)).toBeCloseTo(0.2);
  it.pass(50);
  // 0.2 on, slowing down.
  expect(placeOf(it, 1, 0)).toBeCloseTo(0.2 + 0.15);
  say(it, 2, 1, [-50]);
  it.pass(150);
  expect(placeOf(it, 1, 1)).toBeCloseTo(-0.1 - 0.175 - 0.23125);
});

test("a player is told what became of their own rows, and of nobody else's", () => {
  const it = opened();
  it.enter(3, carol, { want: "watch" });
  it.pass(50);
  say(it, 1, 1, [1, 2, 3]);
  it.pass(50);
  expect(told(it, 1).at(-1)!.acknowledged).toEqual({ applied: 1, ahead: 32 });
  // Bob's rows are the same whatever Alice does.
  expect(told(it, 2).every(({ acknowledged }) => acknowledged?.applied === 0 && acknowledged.ahead === 0)).toBe(true);
  expect(told(it, 3).length).toBeGreaterThan(0);
  expect(told(it, 3).every(({ acknowledged }) => acknowledged === undefined)).toBe(true);
  it.pass(500);
  expect(told(it, 1).at(-1)!.acknowledged).toEqual({ applied: 3, ahead: 0 });
});

test("whoever stands still is told nevertheless that a row was used", () => {
  const it = opened();
  it.pass(500);
  const before = told(it, 1).length;
  it.pass(500);
  expect(told(it, 1).length).toBe(before);
  say(it, 1, 1, [0]);
  it.pass(50);
  expect(told(it, 1).at(-1)).toMatchObject({ acknowledged: { applied: 1 }, blocks: [] });
});

test("what a player saw is at most 250 ms ago, and never yet to come", () => {
  const it = opened();
  it.pass(2000);
  const seenAfter = (n: number, seen: number): number => {
    say(it, 1, n, [0], seen);
    it.pass(50);
    const rows = it.boundaries.at(-1)!.rows!;
    return new DataView(rows.buffer, rows.byteOffset).getUint32(4, true);
  };
  const tick = it.room.tick;
  expect(seenAfter(1, 0)).toBe(tick + 1 - 5);
  expect(seenAfter(2, tick)).toBe(tick);
  expect(seenAfter(3, 2 ** 32 - 1)).toBe(tick + 3);
});

test.for([
  ["a spectator", 3],
  ["half a row", 1],
  ["too many rows", 2],
] as const)("%s ends the connection", ([what, connection]) => {
  const it = opened();
  it.enter(3, carol, { want: "watch" });
  const rows =
    what === "half a row"
      ? new Uint8Array(5)
      : encodeInputRows(
          pushFormat,
          Array.from({ length: what === "too many rows" ? 9 : 1 }, (_, i) => ({
            n: i + 1,
            seen: 0,
            values: [0, 0, 0, 0],
          })),
        );
  expect(() => it.room.receive(connection, { type: "input", rows }, it.now)).toThrow(
    expect.objectContaining({ code: "malformed" }),
  );
});

test("what is beyond a field's range ends the connection, and reaches no rule", () => {
  const Wish = component({ on: bool }, { capacity: 4 });
  const careful = { ...push, components: { ...components, Wish }, input: "Wish" };
  const it = openRoom(careful as typeof push);
  it.enter(1, alice);
  const row = (on: number): Uint8Array => Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, on);
  expect(() => it.room.receive(1, { type: "input", rows: row(2) }, 0)).toThrow(
    expect.objectContaining({ code: "malformed" }),
  );
  it.room.receive(1, { type: "input", rows: row(1) }, 0);
});

test("a contract without an input takes none", () => {
  const { input: _, ...without } = push;
  const it = openRoom(without as typeof push);
  it.enter(1, alice);
  expect(() => say(it, 1, 1, [1])).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("whoever drops out pushes no more, and begins from zero when they are back", () => {
  const it = opened();
  say(it, 1, 1, [100]);
  it.pass(50);
  it.room.drop(1, it.now);
  it.pass(2000);
  const rest = placeOf(it, 2, 0);
  it.pass(500);
  expect(placeOf(it, 2, 0)).toBeCloseTo(rest, 3);
  it.enter(4, alice);
  it.pass(50);
  expect(told(it, 4).at(-1)!.acknowledged).toEqual({ applied: 0, ahead: 0 });
  say(it, 4, 1, [100]);
  it.pass(50);
  expect(placeOf(it, 2, 0)).toBeGreaterThan(rest + 0.1);
});

test("a second window counts from 1 again, and what the first one wanted is forgotten", () => {
  const it = opened();
  say(it, 1, 1, [100, 100]);
  it.pass(100);
  it.enter(4, alice);
  it.pass(50);
  expect(it.boundaries.at(-1)!.rows!.slice(0, 4)).toEqual(Uint8Array.of(1, 0, 0, 0));
  say(it, 4, 1, [1]);
  it.pass(50);
  expect(told(it, 4).at(-1)!.acknowledged).toEqual({ applied: 1, ahead: 32 });
});

test("the log holds the rows: whoever repeats it has the same memory, also from a save in its middle", () => {
  const it = opened();
  let n = 1;
  for (let i = 0; i < 60; i++) {
    if (i % 7 !== 3) say(it, 1, n++, [((i * 37) % 255) - 127], i);
    if (i % 5 === 0) say(it, 2, 1 + i, [i, -i], i);
    it.pass(50);
  }
  const loaded = inProcess(push);
  const setup = { contract: loaded, options: {}, seed: new Uint8Array(32).fill(1), fault: () => undefined };
  let again = new Course(setup);
  const half = it.boundaries.length >> 1;
  it.boundaries.forEach((boundary, i) => {
    again.step(decodeBoundary(encodeBoundary(boundary)));
    if (i === half) again = new Course(setup, decodeCourse(encodeCourse(again.save())));
  });
  // Behind the last record only ticks without rows have passed.
  const live = new Course(setup, decodeCourse(it.room.save()));
  for (const course of [again, live]) course.step({ tick: it.room.tick + 1, inputs: [] });
  expect(again.memory()).toEqual(live.memory());
});

test("rows of another contract in a log are damage", () => {
  const course = new Course({
    contract: inProcess(push),
    options: {},
    seed: new Uint8Array(32),
    fault: () => undefined,
  });
  for (const rows of [new Uint8Array(0), Uint8Array.of(1, 0, 9, 0), new Uint8Array(9)]) {
    expect(() => course.step({ tick: 1, inputs: [], rows })).toThrow(expect.objectContaining({ code: "damaged" }));
  }
  expect(course.tick).toBe(0);
});

test("ticks that come late have a row each", () => {
  const it = opened();
  say(it, 1, 1, [100, 100, 100]);
  // The worker was held up: three ticks are due at once.
  it.now += 150;
  it.room.boundary(it.now);
  expect(told(it, 1).at(-1)!.acknowledged).toEqual({ applied: 3, ahead: 96 });
  expect(it.boundaries.slice(-3).map(({ rows }) => rows?.length)).toEqual([13, 13, 13]);
});

test("a tick that the rules cannot bear with its rows happens without them", () => {
  const { Push } = components;
  const touchy: Contract<object, unknown, object> = {
    ...(push as unknown as Contract<object, unknown, object>),
    apply: (state) => accept(state),
    tick() {
      if (Push.x[0] === 13) throw new Error("unlucky");
    },
    view: () => ({}),
  };
  const it = openRoom(touchy);
  it.enter(1, alice);
  it.pass(100);
  say(it, 1, 1, [13]);
  it.pass(100);
  say(it, 1, 2, [14]);
  it.pass(100);
  expect(it.room.phase).toBe("playing");
  expect(it.faults).toHaveLength(1);
});
