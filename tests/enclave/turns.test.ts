/** Whose turn it is: rooms within their share do not wait for more than one boundary of a room that takes too much. */
import { expect, test } from "vitest";
import { Turns } from "#enclave/turns.ts";

interface TestRoom {
  readonly name: string;
  /** What one tick of it takes, in ms. */
  costMs: number;
  readonly hz: number;
  dueAt: number;
}

/** A worker under a hand-moved clock, all of whose time passes in rooms. */
class TestWorker {
  now = 1e6;
  /** Time in which the processor did something else. */
  elsewhere = 0;
  readonly turns = new Turns<TestRoom>(
    () => this.now,
    () => this.now - this.elsewhere,
  );
  /** By room: how late each of its boundaries was. */
  readonly late = new Map<string, number[]>();
  readonly hurried = new Map<string, boolean[]>();

  open(name: string, costMs: number, hz = 20): TestRoom {
    const room = { name, costMs, hz, dueAt: this.now };
    this.turns.set(room, this.now);
    this.late.set(name, []);
    this.hurried.set(name, []);
    return room;
  }

  run(ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.max(this.now, this.turns.next);
      const { now } = this;
      const { stepped } = this.turns.take(now, (room, hurried) => {
        this.late.get(room.name)!.push(this.now - room.dueAt);
        this.hurried.get(room.name)!.push(hurried);
        this.now += room.costMs;
      });
      for (const room of stepped) {
        const gridMs = 1000 / room.hz;
        room.dueAt += gridMs * Math.max(1, Math.ceil((now - room.dueAt) / gridMs));
        this.turns.set(room, room.dueAt);
      }
    }
  }

  /** Once everybody has used up what was saved up. */
  settled(): this {
    this.run(60_000);
    for (const late of this.late.values()) late.length = 0;
    return this;
  }
}

const neighbours = (worker: TestWorker): string[] =>
  Array.from({ length: 50 }, (_, i) => worker.open(`neighbour ${i}`, 0.1).name);

test.for([
  [1, 20],
  [20, 20],
  [1, 350],
  [5, 60],
  [20, 350],
] as const)(
  "beside %i rooms whose ticks take %i ms, nobody waits for more than one of these ticks",
  ([count, costMs]) => {
    const worker = new TestWorker();
    const names = neighbours(worker);
    for (let i = 0; i < count; i++) worker.open(`attacker ${i}`, costMs);
    worker.settled().run(30_000);
    const late = names.flatMap((name) => worker.late.get(name)!);
    expect(Math.max(...late)).toBeLessThanOrEqual(costMs + 2 * 50 * 0.1);
    // Where that is longer than a tick, three quarters of the time are theirs.
    expect(late.filter((ms) => ms < 50).length).toBeGreaterThan(50 * 20 * 30 * (costMs < 50 ? 0.999 : 0.7));
  },
);

test("rooms that are too long have a quarter of the time together, and it goes round", () => {
  const worker = new TestWorker();
  neighbours(worker);
  const names = Array.from({ length: 10 }, (_, i) => worker.open(`attacker ${i}`, 30 + 30 * i).name);
  worker.settled().run(300_000);
  const ticks = names.map((name) => worker.late.get(name)!.length);
  const takenMs = ticks.reduce((sum, count, i) => sum + count * (30 + 30 * i), 0);
  expect(takenMs / 300_000).toBeCloseTo(0.25, 2);
  expect(Math.max(...ticks) - Math.min(...ticks)).toBeLessThanOrEqual(1);
});

test("one that hides its length behind short boundaries gains nothing by it", () => {
  const worker = new TestWorker();
  const names = neighbours(worker);
  const sly = Array.from({ length: 10 }, (_, i) => worker.open(`attacker ${i}`, 0.1));
  worker.settled();
  for (let tick = 0; tick < 1000; tick++) {
    for (const room of sly) room.costMs = tick % 10 === 0 ? 100 : 0.1;
    worker.run(50);
  }
  const late = names.flatMap((name) => worker.late.get(name)!).slice(50 * 20);
  expect(late.filter((ms) => ms < 50).length / late.length).toBeGreaterThan(0.85);
});

test("an idle processor is for whoever wants it: long ticks that fit are all taken", () => {
  const worker = new TestWorker();
  const names = [0, 1, 2].map((i) => worker.open(`long ${i}`, 16).name);
  worker.settled().run(10_000);
  for (const name of names) expect(worker.late.get(name)).toHaveLength(200);
});

test("ticks that do not fit are those of rooms whose ticks are long", () => {
  const worker = new TestWorker();
  const names = neighbours(worker);
  for (let i = 0; i < 10; i++) worker.open(`long ${i}`, 11);
  worker.settled().run(10_000);
  expect(Math.max(...names.flatMap((name) => worker.late.get(name)!))).toBeLessThanOrEqual(11 + 2 * 50 * 0.1);
  expect(worker.late.get("long 3")!.length).toBeLessThan(150);
});

test("a room whose ticks are long does not catch up what it missed, the others do", () => {
  const worker = new TestWorker();
  const [neighbour] = neighbours(worker);
  worker.open("attacker", 60);
  worker.run(10_000);
  expect(
    worker.hurried
      .get("attacker")!
      .map((hurried) => !hurried)
      .indexOf(true),
  ).toBe(0);
  expect(new Set(worker.hurried.get("attacker")!.slice(1))).toEqual(new Set([true]));
  expect(new Set(worker.hurried.get(neighbour!))).toEqual(new Set([false]));
});

test("a room is not to blame for time that the machine spent elsewhere", () => {
  const worker = new TestWorker();
  const room = worker.open("one", 0);
  worker.turns.take(worker.now, () => {
    worker.now += 500;
    worker.elsewhere += 499;
  });
  worker.turns.set(room, worker.now);
  worker.turns.take(worker.now, (_, hurried) => expect(hurried).toBe(false));
  expect(worker.turns.takeHeldBack().size).toBe(0);
});

test("rooms that were long once and are short again do not wait for one another", () => {
  const worker = new TestWorker();
  const rooms = Array.from({ length: 200 }, (_, i) => worker.open(`room ${i}`, 10));
  worker.run(5000);
  for (const room of rooms) room.costMs = 0.1;
  worker.run(500);
  const before = rooms.map(({ name }) => worker.late.get(name)!.length);
  worker.run(1000);
  expect(rooms.map(({ name }, i) => worker.late.get(name)!.length - before[i]!)).toEqual(rooms.map(() => 20));
});

test("one slow boundary is forgotten after ten seconds", () => {
  const worker = new TestWorker();
  const room = worker.open("one", 200);
  worker.run(1);
  room.costMs = 0.1;
  worker.run(9900);
  expect(worker.hurried.get("one")!.slice(1)).not.toContain(false);
  worker.run(200);
  expect(worker.hurried.get("one")!.at(-1)).toBe(false);
});

test("who waits keeps its place whatever it is told, until it is no longer due", () => {
  const worker = new TestWorker();
  const [one, other] = [worker.open("one", 60), worker.open("other", 60)];
  worker.run(500);
  const order: string[] = [];
  for (let i = 0; i < 200; i++) {
    worker.now += 10;
    const { stepped } = worker.turns.take(worker.now, ({ name }) => {
      order.push(name);
      worker.now += 60;
    });
    for (const room of stepped) worker.turns.set(room, worker.now);
    worker.turns.set(one, worker.now + 5);
  }
  expect(order.filter((name) => name === "one").length).toBeGreaterThan(order.length / 3);
  expect(worker.turns.takeHeldBack()).toEqual(new Set([one, other]));
  worker.turns.set(one, Number.POSITIVE_INFINITY);
  worker.turns.set(other, Number.POSITIVE_INFINITY);
  expect(worker.turns.next).toBe(Number.POSITIVE_INFINITY);
});

test("a turn says how late it was for rooms whose boundaries are short, and is silent about the others", () => {
  const worker = new TestWorker();
  const room = worker.open("one", 0);
  worker.now += 7;
  expect(worker.turns.take(worker.now, () => (worker.now += 6))).toEqual({ stepped: [room], lateMs: 7 });
  worker.turns.set(room, worker.now);
  worker.now += 1000;
  expect(worker.turns.take(worker.now, () => undefined)).toEqual({ stepped: [room], lateMs: 0 });
});

test("a room that throws has taken what it took", () => {
  const worker = new TestWorker();
  const other = { name: "other", costMs: 0, hz: 20, dueAt: 0 };
  const room = worker.open("one", 0);
  const step = (): void => {
    // Somebody else is due later: alone it would not be held back.
    worker.turns.set(other, worker.now + 10_000);
    worker.now += 200;
    throw new Error("asked for");
  };
  expect(() => worker.turns.take(worker.now, step)).toThrow("asked for");
  worker.turns.set(room, worker.now);
  expect(worker.turns.take(worker.now, () => undefined).stepped).toEqual([]);
  expect(worker.turns.takeHeldBack()).toEqual(new Set([room]));
});

test("a room whose ticks take long, and that has its worker to itself, loses none", () => {
  const worker = new TestWorker();
  worker.open("large", 45);
  worker.settled().run(10_000);
  expect(worker.late.get("large")!.length).toBeGreaterThanOrEqual(199);
  worker.open("neighbour", 0.1);
  worker.settled().run(10_000);
  expect(worker.late.get("large")!.length).toBeLessThan(80);
});
