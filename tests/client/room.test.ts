import * as v from "valibot";
import { expect, test } from "vitest";
import { accept, type Contract, refuse } from "#contract/index.ts";
import type { Value } from "#protocol/value.ts";
import { tally } from "../enclave/room/contracts.ts";
import { Place } from "./place.ts";

type BoardMove =
  | { readonly put: readonly [row: number, column: number] }
  | { readonly say: string }
  | { readonly win: true };

/** A board of two rows, beside something that never changes. */
const board: Contract<{ rows: number[][] }, BoardMove, { rows: number[][]; rules: { readonly size: number } }> = {
  name: "board",
  players: { min: 1, max: 2 },
  presence: "any",
  moves: v.union([
    v.strictObject({ put: v.tuple([v.number(), v.number()]) }),
    v.strictObject({ say: v.string() }),
    v.strictObject({ win: v.literal(true) }),
  ]) as unknown as Contract<never, BoardMove, never>["moves"],
  open: () => ({
    rows: [
      [0, 0],
      [0, 0],
    ],
  }),
  apply(state, move, context) {
    if ("say" in move) context.send("everyone", move.say);
    else if ("win" in move) {
      context.award(context.player, { kind: "cup" }, { once: "won" });
      context.end({ winner: context.player.seat });
    } else {
      const [row, column] = move.put;
      if (state.rows[row]?.[column] !== 0) return refuse("This place is taken.");
      state.rows[row]![column] = 1;
    }
    return accept(state);
  },
  view: ({ rows }) => ({ rows, rules: { size: 2 } }),
};

async function onBoard(...carriers: Parameters<Place["join"]>[2][]) {
  const place = new Place(board);
  const id = place.newRoom();
  const room = await place.join<typeof board>(id, 1, carriers[0]);
  return { place, id, room };
}

test("a move that the rules accept resolves to accepted, and one that they refuse to their reason", async () => {
  const { place, room } = await onBoard();
  expect(await place.time.until(room.move({ put: [0, 1] }))).toEqual({ accepted: true });
  expect(await place.time.until(room.move({ put: [0, 1] }))).toEqual({
    accepted: false,
    reason: "This place is taken.",
  });
});

test("a player who joins anew, as after a reload, goes on counting: the first move is made and not mistaken for an old one", async () => {
  const { place, id, room } = await onBoard();
  await place.time.until(room.move({ put: [0, 1] }));
  room.close();
  const again = await place.join<typeof board>(id, 1);
  expect(await place.time.until(again.move({ put: [0, 1] }))).toMatchObject({ accepted: false });
  expect(await place.time.until(again.move({ put: [1, 0] }))).toEqual({ accepted: true });
  expect(again.view?.rows).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test("only what changed in a view is a new object", async () => {
  const { place, room } = await onBoard();
  const before = room.view!;
  await place.time.until(room.move({ put: [0, 1] }));
  const after = room.view!;
  expect(after.rows[0]).toEqual([0, 1]);
  expect(after).not.toBe(before);
  expect(after.rows[1]).toBe(before.rows[1]);
  expect(after.rules).toBe(before.rules);
});

test("a whole view after a reconnection keeps what is the same, and is no change if nothing is", async () => {
  const place = new Place(board);
  const id = place.newRoom();
  const carrier = place.carrier();
  const room = await place.join<typeof board>(id, 1, carrier);
  const opponent = await place.join<typeof board>(id, 2);
  const changes: unknown[] = [];
  room.on("view", (next) => changes.push(next));
  const before = room.view!;
  carrier.cut();
  expect(room.view).toBe(before);
  await place.time.pass(5000);
  expect(room.connection).toBe("joined");
  expect(changes).toEqual([]);
  expect(room.view).toBe(before);
  carrier.cut();
  void opponent.move({ put: [1, 1] });
  await place.time.pass(15_000);
  expect(changes).toHaveLength(1);
  expect(room.view?.rows[1]).toEqual([0, 1]);
  expect(room.view?.rows[0]).toBe(before.rows[0]);
});

test("nobody can write into a view", async () => {
  const { place, room } = await onBoard();
  expect(() => room.view!.rows[0]!.push(9)).toThrow(TypeError);
  await place.time.until(room.move({ put: [0, 0] }));
  expect(() => (room.view!.rows[0]![0] = 9)).toThrow(TypeError);
});

test("a listener is told the next view and the one before, once per change", async () => {
  const { place, room } = await onBoard();
  const told: unknown[] = [];
  const stop = room.on("view", (next, previous) => told.push([next.rows[0], previous?.rows[0]]));
  await place.time.until(room.move({ put: [0, 0] }));
  await place.time.pass(500);
  stop();
  await place.time.until(room.move({ put: [0, 1] }));
  expect(told).toEqual([
    [
      [1, 0],
      [0, 0],
    ],
  ]);
});

test("a selection is told only when what it picks changes", async () => {
  const { place, room } = await onBoard();
  const told: unknown[] = [];
  const stop = room.select(
    ({ rows }) => rows[1],
    (next, previous) => told.push([next, previous]),
  );
  await place.time.until(room.move({ put: [0, 0] }));
  expect(told).toEqual([]);
  await place.time.until(room.move({ put: [1, 0] }));
  stop();
  await place.time.until(room.move({ put: [1, 1] }));
  expect(told).toEqual([
    [
      [1, 0],
      [0, 0],
    ],
  ]);
});

test("what the contract sends arrives once and in order, the view of the same update being in place", async () => {
  const { place, room } = await onBoard();
  const heard: unknown[] = [];
  room.on("message", (message) => heard.push([message, room.view?.rows[0]?.[0]]));
  void room.move({ put: [0, 0] });
  void room.move({ say: "one" });
  await place.time.until(room.move({ say: "two" }));
  expect(heard).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
});

test("what comes with the very first update is heard by listeners added right after joining", async () => {
  const greeter: Contract<null, never, null> = {
    name: "greeter",
    players: { min: 1, max: 1 },
    moves: v.never(),
    open: () => null,
    join: (_, player, context) => context.send(player, "welcome"),
    apply: accept,
    view: () => null,
  };
  const place = new Place(greeter);
  const heard: Value[] = [];
  const options = await place.options(place.newRoom(), place.carrier(), 1);
  const { joinIn } = await import("#client/join.ts");
  const joining = joinIn(place.environment(), "http://localhost", options).then((room) => {
    room.on("message", (message) => heard.push(message));
    return room;
  });
  await place.time.until(joining);
  await place.time.pass(100);
  expect(heard).toEqual(["welcome"]);
});

test("the end is told once, with its result and what was earned, and the room can still be looked at", async () => {
  const { place, room } = await onBoard();
  const ended: unknown[] = [];
  const awards: unknown[] = [];
  room.on("ended", (end) => ended.push(end));
  room.on("award", (award) => awards.push(award));
  expect(await place.time.until(room.move({ win: true }))).toEqual({ accepted: true });
  await place.time.pass(5000);
  expect(ended).toEqual([{ how: "finished", result: { winner: 0 } }]);
  expect(awards).toEqual([{ item: { kind: "cup" }, once: "won" }]);
  expect(room.status).toMatchObject({ phase: "ended" });
  expect(room.connection).toBe("joined");
  expect(await place.time.until(room.move({ put: [0, 0] }))).toMatchObject({ accepted: false });
});

test("roster and status tell who is here and whom the room waits for", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const room = await place.join<typeof tally>(id, 1);
  const rosters: number[] = [];
  const phases: string[] = [];
  room.on("roster", (roster) => rosters.push(roster.filter(({ present }) => present).length));
  room.on("status", ({ phase }) => phases.push(phase));
  const opponent = await place.join<typeof tally>(id, 2);
  await place.time.pass(100);
  opponent.close();
  await place.time.pass(100);
  expect(rosters).toEqual([2, 1]);
  expect(phases).toEqual(["playing", "paused"]);
  expect(room.status.waiting).toMatchObject([[1, expect.any(Number)]]);
});

test("the estimated tick goes on between updates and stands still while the room is paused", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const room = await place.join<typeof tally>(id, 1);
  const opponent = await place.join<typeof tally>(id, 2);
  await place.time.pass(100);
  const before = room.tickNow();
  await place.time.pass(1000);
  expect(room.tickNow() - before).toBeCloseTo(50);
  opponent.close();
  await place.time.pass(100);
  const paused = room.tickNow();
  await place.time.pass(1000);
  expect(room.tickNow()).toBe(paused);
});

test("a listener that throws is reported, and nothing else suffers", async () => {
  const { place, room } = await onBoard();
  const thrown: unknown[] = [];
  const stop = catchUncaught(thrown);
  const told: string[] = [];
  const broken = new Error("broken listener");
  room.on("view", () => {
    throw broken;
  });
  room.on("view", () => told.push("view"));
  expect(await place.time.until(room.move({ put: [0, 0] }))).toEqual({ accepted: true });
  stop();
  expect(told).toEqual(["view"]);
  expect(thrown).toEqual([broken]);
  expect(room.connection).toBe("joined");
});

/** Takes over what the process does with errors that nobody catches. Returns how to give it back. */
function catchUncaught(into: unknown[]): () => void {
  const listeners = process.listeners("uncaughtException");
  const mine = (error: unknown): void => void into.push(error);
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", mine);
  return () => {
    process.off("uncaughtException", mine);
    for (const listener of listeners) process.on("uncaughtException", listener);
  };
}

test.for<[string, unknown]>([
  ["malformed", { put: [0, Number.NaN] }],
  ["malformed", { put: undefined }],
  ["malformed", new Map()],
  ["malformed", () => 1],
  ["too-long", { say: "x".repeat(2100) }],
])("a move that cannot be sent is refused here as %s and takes no number", async ([code, move]) => {
  const { place, room } = await onBoard();
  await expect(room.move(move as BoardMove)).rejects.toMatchObject({ code, source: "client" });
  expect(room.pending).toEqual([]);
  expect(await place.time.until(room.move({ put: [0, 0] }))).toEqual({ accepted: true });
});

test("the longest move that fits is answered", async () => {
  const { place, room } = await onBoard();
  let length = 2100;
  while ((await room.move({ say: "x".repeat(length) }).catch(() => "too long")) === "too long" && length > 0) {
    length -= 1;
    const fits = room.move({ say: "x".repeat(length) });
    if (room.pending.length > 0) {
      expect(await place.time.until(fits)).toEqual({ accepted: true });
      break;
    }
  }
  expect(length).toBeGreaterThan(1990);
  expect(room.connection).toBe("joined");
});

test("a move can be changed by its owner after it was made, without changing what was made", async () => {
  const place = new Place(board);
  const carrier = place.carrier();
  const room = await place.join<typeof board>(place.newRoom(), 1, carrier);
  carrier.cut();
  const move: { put: [number, number] } = { put: [0, 0] };
  const outcome = room.move(move);
  move.put[0] = 1;
  expect(await place.time.until(outcome)).toEqual({ accepted: true });
  expect(room.view?.rows).toEqual([
    [1, 0],
    [0, 0],
  ]);
});

test("no more moves wait than a room would take", async () => {
  const place = new Place(board);
  const carrier = place.carrier();
  const room = await place.join<typeof board>(place.newRoom(), 1, carrier);
  carrier.cut();
  for (let i = 0; i < 32; i++) void room.move({ say: `${i}` });
  expect(room.pending).toHaveLength(32);
  await expect(room.move({ say: "one too many" })).rejects.toMatchObject({ code: "too-many-moves" });
  await place.time.pass(5000);
  expect(room.pending).toEqual([]);
  expect(room.connection).toBe("joined");
});

test("leaving gives up the seat, is confirmed by the room, and is for good", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const room = await place.join<typeof tally>(id, 1);
  const opponent = await place.join<typeof tally>(id, 2);
  await place.time.pass(100);
  const told: string[] = [];
  room.on("closed", ({ code, source }) => told.push(`${code} by ${source}`));
  await place.time.until(room.leave());
  expect(told).toEqual(["left by room"]);
  await expect(room.move({ add: 1 })).rejects.toMatchObject({ code: "left" });
  await place.time.pass(100);
  expect(opponent.view?.seen).toContain("leave 0");
  expect(opponent.roster.map(({ seat }) => seat)).toEqual([1]);
});

test("leaving while the line is lost tells the room once it is back", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const carrier = place.carrier();
  const room = await place.join<typeof tally>(id, 1, carrier);
  carrier.cut();
  await place.time.until(room.leave());
  expect(room.closed).toMatchObject({ code: "left", source: "room" });
  expect(place.timers).toBe(0);
  expect(place.rooms.find(id)?.room.phase).toBe("open");
});

test("leaving a place that does not answer ends all the same", async () => {
  const place = new Place(tally);
  const carrier = place.carrier();
  const room = await place.join<typeof tally>(place.newRoom(), 1, carrier);
  carrier.withholds = true;
  await place.time.until(room.leave());
  expect(room.closed).toMatchObject({ code: "left", source: "client" });
  expect(carrier.sockets).toBe(0);
  expect(place.timers).toBe(0);
});

test("closing tells the room at once, holds the seat and leaves no timer behind", async () => {
  const { place, id, room } = await onBoard();
  const told: string[] = [];
  room.on("connection", (state) => told.push(state));
  room.on("closed", ({ code }) => told.push(code));
  const pending = room.move({ put: [0, 0] }).catch((error: unknown) => error);
  room.close();
  room.close();
  expect(told).toEqual(["closed", "closed"]);
  expect(await pending).toMatchObject({ code: "closed" });
  await place.time.pass(500);
  expect(place.timers).toBe(0);
  const again = await place.join<typeof board>(id, 1);
  expect(again.seat).toBe(0);
});

test("a thousand updates and reconnections leave nothing behind", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const carrier = place.carrier();
  const room = await place.join<typeof tally>(id, 1, carrier);
  const opponent = await place.join<typeof tally>(id, 2);
  await place.time.pass(1000);
  const timers = place.timers;
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 24; j++) void opponent.move({ say: "tick" });
    await place.time.pass(100);
    if (i % 4 === 0) carrier.cut();
    await place.time.pass(3000);
  }
  await place.time.pass(30_000);
  expect(room.connection).toBe("joined");
  expect(room.pending).toEqual([]);
  expect(carrier.sockets).toBe(1);
  expect(place.timers).toBeLessThanOrEqual(timers + 1);
});

test("the host sees moves, pings and leaving as frames of one size", async () => {
  const place = new Place(board);
  const carrier = place.carrier();
  const room = await place.join<typeof board>(place.newRoom(), 1, carrier);
  carrier.sent.length = 0;
  await place.time.until(room.move({ say: "x".repeat(200) }));
  await place.time.until(room.move({ put: [0, 0] }));
  await place.time.pass(20_000);
  await place.time.until(room.leave());
  expect(carrier.sent.length).toBeGreaterThan(5);
  expect(new Set(carrier.sent.map((envelope) => envelope.length))).toEqual(new Set([1 + 256 + 16]));
});
