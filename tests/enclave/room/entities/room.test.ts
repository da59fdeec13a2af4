/** Rows in a room: told beside views, held until they may be said, and not told when nothing may be. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { accept, component, everyone, f32, near, owner, u8, type Contract } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { Course } from "#enclave/room/course.ts";
import { decodeCourse, encodeCourse } from "#enclave/room/course-codec.ts";
import { wireTables } from "#protocol/entities/layout.ts";
import { decodeEntities, type EntitiesBody } from "#protocol/entities/message.ts";
import { inProcess } from "#testing/in-process.ts";
import { playRoom } from "#testing/play.ts";
import { alice, bob, carol, openRoom, TestJournal, type RoomUnderTest } from "../harness.ts";

const Body = component({ x: f32, z: f32 }, { capacity: 8, audience: near(10), position: true });
const Purse = component({ coins: u8 }, { capacity: 8, audience: owner });
const Score = component({ points: u8 }, { capacity: 8, audience: everyone });
const components = { Body, Purse, Score };
const tables = wireTables(layoutsOf(components));

type Move = { readonly go: number } | { readonly end: true } | { readonly boom: true };

const walkers: Contract<{ moves: number }, Move, { readonly moves: number }> = {
  name: "walkers",
  players: { min: 2, max: 4 },
  pace: "ticks",
  hz: 10,
  presence: "any",
  graceMs: 3000,
  components,
  moves: v.union([
    v.strictObject({ go: v.number() }),
    v.strictObject({ end: v.literal(true) }),
    v.strictObject({ boom: v.literal(true) }),
  ]) as unknown as Contract<{ moves: number }, Move, never>["moves"],
  open: () => ({ moves: 0 }),
  join(_state, player, context) {
    const row = Body.spawn(player.seat);
    Body.x[row] = player.seat * 6;
    Purse.coins[Purse.spawn(player.seat)] = player.seat + 1;
    Score.spawn(player.seat);
    context.focus(player, Body.entity(row));
  },
  leave(_state, player, context) {
    for (const rows of [Body, Purse, Score]) rows.despawn(rows.owner.indexOf(player.seat));
    context.focus(player, null);
  },
  apply(state, move, context) {
    state.moves += 1;
    if ("end" in move) context.end(null);
    const row = Body.owner.indexOf(context.player.seat);
    Body.x[row] = "go" in move ? move.go : Number.NaN;
    Score.points[Score.owner.indexOf(context.player.seat)] = state.moves;
    if ("boom" in move) throw new Error("boom");
    return accept(state);
  },
  view: ({ moves }) => ({ moves }),
};

const told = (it: RoomUnderTest, connection: number): EntitiesBody[] =>
  it.told(connection).flatMap((message) => (message.type === "entities" ? [decodeEntities(message.body, tables)] : []));

const opened = (journal?: TestJournal): RoomUnderTest => {
  const it = openRoom(walkers, journal === undefined ? {} : { journal });
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(100);
  return it;
};

test("each viewer's rows come behind the update of the same boundary", () => {
  const it = opened();
  it.enter(3, carol, { want: "watch" });
  it.pass(100);
  expect(
    it
      .told(1)
      .map(({ type }) => type)
      .slice(0, 3),
  ).toEqual(["admitted", "update", "entities"]);
  const [first] = told(it, 1);
  expect(first!.tick).toBe(it.updates(1)[0]!.tick);
  expect(first!.blocks).toEqual([
    {
      table: 0,
      leaves: [],
      enters: [
        { id: 0, values: [0, 0] },
        { id: 1, values: [6, 0] },
      ],
      updates: [],
      mine: [0],
    },
    { table: 1, leaves: [], enters: [{ id: 0, values: [1] }], updates: [], mine: [0] },
    {
      table: 2,
      leaves: [],
      enters: [
        { id: 0, values: [0] },
        { id: 1, values: [0] },
      ],
      updates: [],
      mine: [0],
    },
  ]);
  // Spectators see what everyone may.
  expect(told(it, 3).flatMap(({ blocks }) => blocks.map(({ table }) => table))).toEqual([2]);
});

test("what waits for its store is each viewer's own when it is said", () => {
  const it = opened(new TestJournal());
  const before = [1, 2].map((connection) => told(it, connection).length);
  it.journal.lag = 1;
  for (const [i, go] of [5, 7].entries()) {
    it.move(1, i + 1, { go });
    it.pass(100);
  }
  expect([1, 2].map((connection) => told(it, connection).length)).toEqual(before);
  it.journal.lag = 0;
  it.room.release();
  for (const connection of [1, 2]) {
    const bodies = told(it, connection)
      .slice(-2)
      .map(({ blocks }) => blocks[0]);
    expect(bodies).toMatchObject([5, 7].map((go) => ({ table: 0, updates: [{ mask: 1, values: [go] }] })));
  }
});

test("who comes back is told everything anew; who took a seat over, nothing of the last player's", () => {
  const it = opened();
  it.room.drop(2, it.now);
  it.pass(500);
  it.enter(4, bob);
  it.pass(100);
  expect(told(it, 4)[0]!.blocks.map(({ table, enters }) => [table, enters.length])).toEqual([
    [0, 2],
    [1, 1],
    [2, 2],
  ]);
  it.room.drop(4, it.now);
  it.pass(5000);
  it.enter(5, carol);
  it.pass(100);
  expect(told(it, 5)[0]!.blocks.find(({ table }) => table === 1)).toMatchObject({
    enters: [{ values: [2] }],
    mine: [0],
  });
});

test("a move that faults leaves no row behind, and nobody sees that it was made", () => {
  const it = opened();
  const before = told(it, 2).length;
  it.move(1, 1, { boom: true });
  it.pass(100);
  expect(it.faults.length).toBe(1);
  expect(told(it, 2).length).toBe(before);
});

test("rows are told to the end, and what an abandoned room hides stays hidden", () => {
  const it = opened();
  it.move(1, 1, { go: 3 });
  it.move(1, 2, { end: true });
  it.pass(100);
  expect(told(it, 2).at(-1)!.blocks.length).toBeGreaterThan(0);
  it.enter(6, carol, { want: "watch" });
  it.pass(100);
  expect(told(it, 6).length).toBe(1);

  const waiting = openRoom({ ...walkers, presence: "all", pauseMs: 1000 });
  waiting.enter(1, alice);
  waiting.enter(2, bob);
  waiting.pass(100);
  waiting.room.drop(2, waiting.now);
  const count = told(waiting, 1).length;
  waiting.pass(100);
  waiting.enter(6, carol, { want: "watch" });
  waiting.pass(100);
  expect([waiting.room.phase, told(waiting, 6).length]).toEqual(["paused", 0]);
  waiting.pass(5000);
  expect(waiting.room.phase).toBe("ended");
  waiting.enter(7, carol, { want: "watch" });
  waiting.pass(100);
  expect([told(waiting, 1).length, told(waiting, 7).length]).toEqual([count, 0]);
});

test("a slow client gets nothing for a while; a host can do no more than that with its hint", () => {
  const it = opened();
  it.room.buffered(1, 1024 * 1024);
  const before = told(it, 1).length;
  for (let i = 1; i <= 5; i++) {
    it.move(2, i, { go: i });
    it.pass(100);
  }
  expect(told(it, 1).length).toBe(before);
  it.room.buffered(1, 0);
  it.pass(100);
  expect(told(it, 1).at(-1)!.blocks[0]!.updates).toEqual([{ id: 1, mask: 1, values: [5] }]);
});

test("from where players look is part of the course: it is there when a room goes on elsewhere", () => {
  const contract = inProcess(walkers);
  const setup = { contract, options: {}, seed: new Uint8Array(32), fault: () => undefined };
  const course = new Course(setup);
  const inputs = [alice, bob].map((player, seat) => ({
    input: "join" as const,
    player,
    seat,
    name: "",
    entropy: new Uint8Array(32),
  }));
  course.step({ tick: 1, inputs });
  const again = new Course(setup, decodeCourse(encodeCourse(course.save())));
  expect(again.viewpoints.save()).toEqual(course.viewpoints.save());
  expect(again.viewpoints.focusOf(bob)).toEqual({ table: "Body", row: 1, generation: 1 });
  again.step({ tick: 2, inputs: [{ input: "leave", player: bob }] });
  expect(again.viewpoints.focusOf(bob)).toBeNull();
});

test("authors see in their tests what each client sees", () => {
  const room = playRoom(walkers);
  const [ann, , eve] = [room.join("Ann"), room.join("Ben"), room.watch()];
  expect(ann.rows("Body")).toEqual([
    { x: 0, z: 0 },
    { x: 6, z: 0 },
  ]);
  ann.move({ go: -20 });
  room.advance(0.2);
  expect([ann.rows("Body"), eve.rows("Body"), eve.rows("Score").length]).toEqual([[{ x: -20, z: 0 }], [], 2]);
  expect(() => ann.rows("Nothing")).toThrow(TypeError);
});

test("nothing is kept of where somebody looked who has gone, also if the rules took their focus away", () => {
  const it = openRoom(walkers);
  for (const [connection, player] of [alice, bob, carol].entries()) it.enter(connection + 1, player);
  it.pass(100);
  it.room.receive(3, { type: "leave" }, it.now);
  it.pass(100);
  expect(decodeCourse(it.room.save()).rules.viewpoints?.map(([player]) => player)).toEqual([alice, bob]);
});
