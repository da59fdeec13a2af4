/** When rooms are stepped: at each of their boundaries, whatever arrives meanwhile. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Boundaries } from "#enclave/boundaries.ts";
import type { HostedRoom } from "#enclave/rooms.ts";

const gridMs = 50;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A room that ticks for ever; between two boundaries its worker's thread is given to others for a while. */
function stage() {
  let now = 0;
  let boundaryAt = 0;
  const steps: number[] = [];
  const hosted = {
    room: {
      manifest: { hz: 1000 / gridMs },
      get dueAt() {
        return boundaryAt + gridMs;
      },
    },
  } as HostedRoom;
  const boundaries = new Boundaries({
    here: () => true,
    step: (_room, at) => {
      boundaryAt += Math.floor((at - boundaryAt) / gridMs) * gridMs;
      steps.push(boundaryAt);
    },
    stepped: () => undefined,
    spoken: () => undefined,
    failed: (_room, error) => {
      throw error;
    },
    late: () => undefined,
    beat: () => undefined,
    now: () => now,
    spent: () => 0,
  });
  const pass = (ms: number): void => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  const beLate = (ms: number): void => void (now += ms);
  return { boundaries, hosted, steps, pass, beLate };
}

test("what arrives when a room's boundary has come, and its turn has not, does not cost the room that boundary", () => {
  const { boundaries, hosted, steps, pass, beLate } = stage();
  boundaries.touch(hosted);
  for (let tick = 1; tick <= 5; tick++) {
    pass(gridMs - 1);
    beLate(2);
    boundaries.touch(hosted);
    boundaries.touch(hosted);
    vi.advanceTimersByTime(1);
    expect(steps.at(-1)).toBe(tick * gridMs);
    beLate(-1);
  }
  boundaries.stop();
});

test("a room that was idle is stepped at its next boundary, however late it hears of something", () => {
  const { boundaries, hosted, steps, pass, beLate } = stage();
  beLate(10 * gridMs + 20);
  boundaries.touch(hosted);
  pass(10);
  boundaries.touch(hosted);
  expect(steps).toEqual([]);
  pass(20);
  expect(steps).toEqual([11 * gridMs]);
  boundaries.stop();
});
