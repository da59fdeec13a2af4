import { expect, test } from "vitest";
import { Restarts } from "#enclave/threads/restarts.ts";

const times = { restartMs: 100, restartMaxMs: 500, settledMs: 1000, endsMax: 5, recentMs: 10_000 };

test("who ends young again and again waits longer each time, and each for itself", () => {
  const restarts = new Restarts(times);
  expect([1, 1, 2, 1].map((thread) => restarts.ended(thread, 10, 0))).toEqual([100, 200, 100, 400]);
  expect(restarts.ended(1, 10, 0)).toBe(500);
});

test("who has lived for a while is started again at once", () => {
  const restarts = new Restarts(times);
  expect([10, 10, 1001, 10].map((livedMs) => restarts.ended(1, livedMs, 0))).toEqual([100, 200, 100, 200]);
});

test("too many ends in a short time are the end of it; what is long ago does not count", () => {
  const restarts = new Restarts(times);
  for (let i = 0; i < 5; i++) expect(restarts.ended(i, 5000, 0)).toBe(100);
  expect(new Restarts(times).ended(1, 5000, 0)).toBe(100);
  expect(restarts.ended(9, 5000, 9999)).toBeUndefined();
  const patient = new Restarts(times);
  for (let i = 0; i < 50; i++) expect(patient.ended(1, 5000, i * 2001)).toBe(100);
});
