/** A gateway knows which worker has a room by what the workers say, and believes the later opening. */
import type { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { Moves } from "#gateway/moves.ts";
import { Workers } from "#gateway/workers.ts";
import { echo } from "./echo-worker.ts";
import { open } from "./harness.ts";

const address = { kind: "socket", path: "/nowhere" } as const;
const ready = { version: 1, platform: "none", world: "cd".repeat(32), contracts: [echo] };

/** Workers whose links are moved by hand. */
function workersOf(...names: string[]) {
  const workers = new Workers(
    names.map((name) => ({ name, address })),
    () => undefined,
  );
  const links = workers.all.map(({ link }) => link as unknown as EventEmitter);
  workers.all.forEach(({ link }) => Object.defineProperty(link, "ready", { value: ready, configurable: true }));
  const say = (i: number, ...event: Parameters<EventEmitter["emit"]>): void => void links[i]!.emit(...event);
  const link = (i: number): EventEmitter => workers.all[i]!.link as unknown as EventEmitter;
  /** Of a worker that says how many threads it has; those that are new are there at once. */
  const count = (i: number, threads: number): void => {
    link(i).emit("ready", { ...ready, threads });
    for (const worker of workers.all) Object.defineProperty(worker.link, "ready", { value: ready, configurable: true });
  };
  /** How busy one is, and what it says of it. */
  const pulse = (i: number, busy: number): void => {
    Object.defineProperty(link(i), "busy", { value: busy, configurable: true });
    link(i).emit("pulse");
  };
  const goAway = (i: number): void => {
    Object.defineProperty(links[i]!, "ready", { value: undefined, configurable: true });
    say(i, "lost", "closed");
  };
  return { workers, say, goAway, link, count, pulse };
}

const roomOf = (n: number): RoomId => n.toString(16).padStart(20, "0") as RoomId;
const listing = (room: RoomId) => ({
  room,
  contract: "echo",
  taken: 0,
  free: 1,
  phase: "open",
  options: {},
  listed: true,
});

test("a room is where it was opened last, whoever speaks last", () => {
  const { workers, say } = workersOf("a", "b");
  const heard: RoomId[] = [];
  workers.on("listing", ({ room }) => heard.push(room));
  say(0, "holding", { room: roomOf(1), term: 1 });
  say(1, "holding", { room: roomOf(1), term: 2 });
  say(0, "holding", { room: roomOf(1), term: 1 });
  say(0, "listing", listing(roomOf(1)));
  expect(workers.holder(roomOf(1))?.name).toBe("b");
  expect(heard).toEqual([]);
  say(0, "gone", roomOf(1));
  expect(workers.holder(roomOf(1))?.name).toBe("b");
  expect(workers.all.map(({ rooms }) => rooms.size)).toEqual([0, 1]);
});

test("a room that nobody has is opened by the same worker, whichever gateway asks", () => {
  const [one, other] = [workersOf("a", "b", "c"), workersOf("c", "a", "b")];
  const chosen = Array.from({ length: 300 }, (_, n) => one.workers.forRoom(roomOf(n)).name);
  expect(Array.from({ length: 300 }, (_, n) => other.workers.forRoom(roomOf(n)).name)).toEqual(chosen);
  for (const name of ["a", "b", "c"]) expect(chosen.filter((each) => each === name).length).toBeGreaterThan(60);
});

test("a worker that is lost has no rooms, and gets none; one that is drained gets none either", () => {
  const { workers, say, goAway } = workersOf("a", "b");
  const gone: RoomId[] = [];
  workers.on("gone", (room) => gone.push(room));
  say(0, "holding", { room: roomOf(1), term: 1 });
  goAway(0);
  expect(gone).toEqual([roomOf(1)]);
  for (let n = 0; n < 50; n++) expect(workers.forRoom(roomOf(n)).name).toBe("b");
  goAway(1);
  expect(() => workers.forRoom(roomOf(1))).toThrow("worker-lost");
  const drained = workersOf("a", "b");
  drained.workers.named("a")!.draining = true;
  for (let n = 0; n < 50; n++) expect(drained.workers.forRoom(roomOf(n)).name).toBe("b");
});

test("a room moves once at a time, and seats wait for it however that ends", async () => {
  const { workers } = workersOf("a", "b");
  let fail = (): void => undefined;
  const work = new Promise<void>((_, reject) => (fail = () => reject(new Error("no"))));
  const moved = workers.whileMoving(roomOf(1), () => work);
  const waiting = workers.moving(roomOf(1));
  expect(waiting).toBeDefined();
  await expect(workers.whileMoving(roomOf(1), () => Promise.resolve())).rejects.toMatchObject({ code: "busy" });
  fail();
  await expect(moved).rejects.toThrow("no");
  await waiting;
  expect(workers.moving(roomOf(1))).toBeUndefined();
});

const names = (workers: Workers): string[] => workers.all.map(({ name }) => name);

test("a worker says how many threads it has, and each is one more to have rooms", () => {
  const { workers, count } = workersOf("main", "other");
  const followed: string[] = [];
  workers.each(({ name }) => followed.push(name));
  count(0, 3);
  expect(names(workers)).toEqual(["main", "other", "main.2", "main.3"]);
  expect(followed).toEqual(names(workers));
  expect(workers.all.map(({ address: at }) => at)).toEqual([
    address,
    address,
    { kind: "socket", path: "/nowhere.2" },
    { kind: "socket", path: "/nowhere.3" },
  ]);
  count(0, 3);
  expect(followed).toHaveLength(4);
});

test("a worker that comes back with fewer threads has no others, and none of their rooms", () => {
  const { workers, link, count } = workersOf("main", "other");
  count(0, 3);
  const gone: RoomId[] = [];
  workers.on("gone", (room) => gone.push(room));
  link(3).emit("holding", { room: roomOf(1), term: 1 });
  const ended = link(3);
  count(0, 2);
  expect(names(workers)).toEqual(["main", "other", "main.2"]);
  ended.emit("lost", "stopped");
  expect(gone).toEqual([roomOf(1)]);
  for (let n = 0; n < 50; n++) expect(workers.forRoom(roomOf(n)).name).not.toBe("main.3");
  count(0, 1);
  expect(names(workers)).toEqual(["main", "other"]);
});

test("only the first thread of a worker is asked how many there are", () => {
  const { workers, count } = workersOf("main");
  count(0, 2);
  count(1, 5);
  expect(names(workers)).toEqual(["main", "main.2"]);
});

test("who is told that a worker is there knows its threads already", () => {
  const { workers, count } = workersOf("main");
  const known: number[] = [];
  workers.each(({ link }) => link.on("ready", () => known.push(workers.all.length)));
  count(0, 4);
  expect(known).toEqual([4]);
});

test("a name means a worker with all of its threads, and a thread's name that thread", () => {
  const { workers, count } = workersOf("main", "other");
  count(0, 3);
  const meant = (name: string): string[] => workers.meant(name).map((worker) => worker.name);
  expect(meant("main")).toEqual(["main", "main.2", "main.3"]);
  expect(meant("main.2")).toEqual(["main.2"]);
  expect(meant("other")).toEqual(["other"]);
  expect(meant("main.4")).toEqual([]);
  workers.named("main")!.draining = true;
  count(0, 4);
  expect(workers.named("main.4")!.draining).toBe(true);
});

test("a worker whose threads are all emptied keeps its rooms if nobody else is there, and hands none around", async () => {
  const { workers, say, count } = workersOf("main");
  count(0, 2);
  say(0, "holding", { room: roomOf(1), term: 1 });
  const asked: string[] = [];
  for (const { name, link } of workers.all)
    Object.defineProperty(link, "ask", { value: () => Promise.reject(new Error(name)) });
  const moves = new Moves({ workers, store: undefined, log: (event) => asked.push(JSON.stringify(event)) });
  expect(await moves.drain(workers.meant("main"))).toEqual({ moved: 0, stayed: 1 });
  expect(asked).toEqual([JSON.stringify({ event: "room-stayed", code: "worker-lost" })]);
  expect(workers.all.map(({ draining }) => draining)).toEqual([true, true]);
});

/** Where rooms are made, one after the other, if each of them is there at once. */
function made(workers: Workers, rooms: number): string[] {
  const where: string[] = [];
  for (const worker of workers.all) {
    Object.defineProperty(worker.link, "create", {
      configurable: true,
      value: () => {
        where.push(worker.name);
        worker.rooms.add(roomOf(where.length));
        return Promise.resolve(roomOf(where.length));
      },
    });
  }
  for (let n = 0; n < rooms; n++) void workers.create({ contract: "echo", options: {}, listed: true });
  return where;
}

test("new rooms go where the least is done, however few rooms that takes", () => {
  const { workers, count, pulse } = workersOf("main");
  count(0, 3);
  pulse(0, 0.95);
  pulse(1, 0.45);
  pulse(2, 0.2);
  for (let n = 0; n < 100; n++) workers.named("main.3")!.rooms.add(roomOf(1000 + n));
  expect(new Set(made(workers, 5))).toEqual(new Set(["main.3"]));
  expect(new Set(made(workers, 100).slice(-20))).toEqual(new Set(["main.2", "main.3"]));
  pulse(2, 1);
  pulse(1, 1);
  pulse(0, 0);
  expect(made(workers, 5)).toEqual(Array(5).fill("main"));
});

test("where all have as little to do, rooms are counted", () => {
  const { workers, count, pulse } = workersOf("main");
  count(0, 2);
  pulse(0, 0.03);
  pulse(1, 0.01);
  workers.named("main.2")!.rooms.add(roomOf(999));
  expect(made(workers, 5)).toEqual(["main", "main", "main.2", "main", "main.2"]);
});

test("a gateway with several workers says which of them came and went", async () => {
  const { worker, events } = await open({
    moreWorkers: [{ name: "second", address: { kind: "socket", path: "/nowhere/worker.sock" } }],
  });
  await worker.close();
  const lost = await events.until(({ event }) => event === "worker-lost");
  expect(lost).toMatchObject({ worker: "main", reason: "closed" });
});
