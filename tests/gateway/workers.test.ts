/** A gateway knows which worker has a room by what the workers say, and believes the later opening. */
import type { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { Workers } from "#gateway/workers.ts";
import { echo } from "./echo-worker.ts";

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
  const goAway = (i: number): void => {
    Object.defineProperty(links[i]!, "ready", { value: undefined });
    say(i, "lost", "closed");
  };
  return { workers, say, goAway };
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
