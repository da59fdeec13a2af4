/** What a page does in a room: moves, leaves and closes, while its line comes and goes. */
import { expect, test } from "vitest";
import { tally } from "../enclave/room/contracts.ts";
import { board, onBoard, type BoardMove } from "./board.ts";
import { Place } from "./place.ts";

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
