/** A room that changes workers loses nothing, whoever dies at whichever step, and the one before never writes again. */
import { expect, test, vi } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { Disk } from "../../support/memory-store.ts";
import { TestWorker } from "./workers.ts";

/** A game with a sum of three at one worker, and another worker. */
async function game(): Promise<{ disk: Disk; room: RoomId; old: TestWorker; next: TestWorker }> {
  const disk = new Disk();
  const [old, next] = [new TestWorker(disk, 1), new TestWorker(disk, 2)];
  const room = await old.game();
  await old.move(room, 1, { add: 1 });
  await old.move(room, 2, { add: 2 });
  return { disk, room, old, next };
}

test("the new worker goes on where the old one stopped, in the next term", async () => {
  const { disk, room, old, next } = await game();
  await old.release(room, next);
  expect(old.rooms.find(room)).toBeUndefined();
  expect(old.closed).toEqual(["room-moved", "room-moved"]);
  expect(await TestWorker.read(disk, room)).toEqual({
    total: 3,
    terms: 1,
    last: { input: "released", next: 2, to: next.instance },
  });
  await next.open(room);
  await next.enter(room);
  await next.move(room, 3, { add: 4 });
  expect(next.rooms.find(room)!.room.term).toBe(2);
  expect(await TestWorker.read(disk, room)).toMatchObject({ total: 7, terms: 2 });
});

test("whoever opens a room that was let go repeats nothing: its last state is sealed", async () => {
  const { disk, room, old, next } = await game();
  await old.release(room, next);
  const kept = (await next.vault.read(room))!;
  expect(kept.course).toBeDefined();
  expect(kept.boundaries).toHaveLength(1);
  expect([...disk.chains.values()][0]!.snapshots).toHaveLength(1);
});

test("what is on its way to the store when a room is let go is durable first", async () => {
  const { disk, room, old, next } = await game();
  let open = (): void => undefined;
  old.store.gate = new Promise((resolve) => (open = resolve));
  const hosted = old.rooms.find(room)!;
  hosted.room.receive(1, { type: "move", n: 3, move: { add: 10 } }, 0);
  hosted.room.boundary(1000);
  const released = old.release(room, next);
  await expect.poll(() => old.halted.length).toBe(1);
  expect(old.rooms.find(room)).toBe(hosted);
  open();
  await released;
  expect(await TestWorker.read(disk, room)).toMatchObject({ total: 13 });
});

test("a room whose state can be saved no more does not stay behind, halted, and goes on from its records", async () => {
  const { disk, room, old, next } = await game();
  vi.spyOn(old.rooms.find(room)!.room, "save").mockImplementation(() => {
    throw new Error("no memory left");
  });
  await expect(old.release(room, next)).rejects.toThrow("no memory left");
  expect(old.rooms.find(room)).toBeUndefined();
  expect(old.closed).toEqual(["room-moved", "room-moved"]);
  await next.open(room);
  await next.enter(room);
  await next.move(room, 3, { add: 4 });
  expect(await TestWorker.read(disk, room)).toMatchObject({ total: 7, terms: 2 });
});

/** Writes of letting go: what was outstanding, the release, the snapshot. And one more, that never comes. */
const releaseSteps = [1, 2, 3, 4].flatMap((write) => [[write, "before"] as const, [write, "after"] as const]);

test.for(releaseSteps)(
  "an old worker that dies at write %i, %s it is done, has lost nothing",
  async ([write, when]) => {
    const { disk, room, old, next } = await game();
    old.store.dieAt(write, when);
    const hosted = old.rooms.find(room)!;
    hosted.room.receive(1, { type: "move", n: 3, move: { add: 10 } }, 0);
    hosted.room.boundary(1000);
    const released = old.release(room, next);
    await Promise.race([released, expect.poll(() => old.store.dead).toBe(true)]);
    await next.open(room);
    await next.enter(room);
    // Nobody told the player of the third move, so it is said again, and counts once.
    await next.move(room, 3, { add: 10 });
    await next.move(room, 4, { add: 100 });
    expect(await TestWorker.read(disk, room)).toMatchObject({ total: 113, terms: 2 });
  },
);

test.for(["before", "after"] as const)(
  "a new worker that dies %s its opening is durable leaves the room to the old one, or to any",
  async (when) => {
    const { disk, room, old, next } = await game();
    await old.release(room, next);
    next.store.dieAt(1, when);
    await next.open(room);
    await expect.poll(() => next.store.dead).toBe(true);
    const term = when === "before" ? 2 : 3;
    await old.open(room);
    await old.enter(room);
    await old.move(room, 3, { add: 4 });
    expect(await TestWorker.read(disk, room)).toMatchObject({ total: 7, terms: term });
    const third = new TestWorker(disk, 3);
    await third.open(room);
    await third.enter(room);
    await third.move(room, 4, { add: 1 });
    expect(await TestWorker.read(disk, room)).toMatchObject({ total: 8, terms: term + 1 });
  },
);

test("a worker that was thought dead, and still has the room, writes nothing to it any more", async () => {
  const { disk, room, old, next } = await game();
  await next.open(room);
  await next.enter(room);
  await next.move(room, 3, { add: 4 });
  const zombie = old.rooms.find(room)!;
  zombie.room.receive(1, { type: "move", n: 3, move: { add: 1000 } }, 0);
  zombie.room.boundary(1000);
  old.vault.flush();
  await expect.poll(() => old.rooms.find(room)).toBeUndefined();
  expect(old.closed).toEqual(["room-moved", "room-moved"]);
  expect(await TestWorker.read(disk, room)).toMatchObject({ total: 7, terms: 2 });
});

test("no history holds a record of a worker that had let go before", async () => {
  const { disk, room, old, next } = await game();
  const { log } = old.rooms.find(room)!;
  await old.release(room, next);
  log!.record({ tick: 10, inputs: [] });
  await old.vault.settled(log!);
  await expect(new TestWorker(disk, 3).vault.read(room)).rejects.toMatchObject({ code: "not-ours" });
});

test("a room that another worker has taken cannot be let go: it is lost, and nothing of it is sealed", async () => {
  const { disk, room, old, next } = await game();
  await next.open(room);
  await next.enter(room);
  await expect(old.release(room, next)).rejects.toMatchObject({ code: "room-moved" });
  expect(old.rooms.find(room)).toBeUndefined();
  expect(await TestWorker.read(disk, room)).toMatchObject({ total: 3, terms: 2 });
});

test("a room is let go once: who asks again is told", async () => {
  const { room, old, next } = await game();
  const [first, second] = await Promise.allSettled([old.release(room, next), old.release(room, next)]);
  expect(first.status).toBe("fulfilled");
  expect((second as PromiseRejectedResult).reason).toBeInstanceOf(ProtocolError);
});

test("a room that is not there is neither let go nor opened", async () => {
  const worker = new TestWorker(new Disk(), 1);
  const room = "00".repeat(10) as RoomId;
  await expect(worker.moving.answer({ ask: "release", room, to: null })).rejects.toMatchObject({
    code: "room-not-found",
  });
  await expect(worker.open(room)).rejects.toMatchObject({ code: "room-not-found" });
});
