import { expect, test } from "vitest";
import { BusyShare, type LoopTimes } from "#enclave/busy.ts";

function counting() {
  let times: LoopTimes = { idle: 500, active: 1500 };
  const busy = new BusyShare(() => times);
  return {
    busy,
    pass: (idle: number, active: number): number => {
      times = { idle: times.idle + idle, active: times.active + active };
      busy.look();
      return busy.share;
    },
  };
}

test("what a thread did before anybody looked does not count, and what it did long ago counts little", () => {
  const { busy, pass } = counting();
  expect(busy.share).toBe(0);
  expect(pass(0, 1000)).toBe(0.5);
  expect(pass(0, 1000)).toBe(0.75);
  expect(pass(1000, 0)).toBe(0.375);
  for (let i = 0; i < 20; i++) pass(750, 250);
  expect(busy.share).toBeCloseTo(0.25, 3);
});

test("no time is no news, and clocks that are a little off make no share beyond all", () => {
  const { pass } = counting();
  expect(pass(0, 0)).toBe(0);
  for (let i = 0; i < 20; i++) expect(pass(-1, 1000)).toBeLessThanOrEqual(1);
});
