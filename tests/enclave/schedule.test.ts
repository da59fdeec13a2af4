import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Schedule } from "#enclave/schedule.ts";

test("items come out by time, each once, at its newest time", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(1000))), (entries) => {
      const schedule = new Schedule<number>();
      const newest = new Map<number, number>();
      for (const [item, at] of entries) {
        schedule.set(item, at);
        newest.set(item, at);
      }
      const taken: number[] = [];
      for (let item = schedule.take(1000); item !== undefined; item = schedule.take(1000)) taken.push(item);
      expect([...taken].sort((a, b) => a - b)).toEqual([...newest.keys()].sort((a, b) => a - b));
      const times = taken.map((item) => newest.get(item)!);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }),
  );
});

test("what is not due stays, and what was taken out is gone", () => {
  const schedule = new Schedule<string>();
  schedule.set("late", 50);
  schedule.set("never", Number.POSITIVE_INFINITY);
  schedule.set("withdrawn", 10);
  schedule.set("withdrawn", Number.POSITIVE_INFINITY);
  schedule.set("deleted", 5);
  schedule.delete("deleted");
  expect(schedule.next).toBe(50);
  expect(schedule.take(49)).toBeUndefined();
  expect(schedule.take(50)).toBe("late");
  expect(schedule.next).toBe(Number.POSITIVE_INFINITY);
});

test("times that were given up are not kept until they would have come", () => {
  const schedule = new Schedule<string>();
  const held = (): number => {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
    return process.memoryUsage().heapUsed;
  };
  const tomorrow = 86_400_000;
  // As a room with a timer for tomorrow in which somebody moves.
  const move = (now: number): void => {
    schedule.set("mine", now);
    schedule.take(now);
    schedule.set("mine", tomorrow);
  };
  schedule.set("other", tomorrow + 1);
  for (let now = 1; now <= 10_000; now++) move(now);
  const before = held();
  for (let now = 10_001; now <= 200_000; now++) move(now);
  expect(held() - before).toBeLessThan(1_000_000);
  expect([schedule.size, schedule.next]).toEqual([2, tomorrow]);
  expect([schedule.take(tomorrow + 1), schedule.take(tomorrow + 1), schedule.size]).toEqual(["mine", "other", 0]);
});
