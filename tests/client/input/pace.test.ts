/** When rows are sent: in time for their ticks, over lines that are late and uneven, and by clocks that are off. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Pace } from "#client/input/pace.ts";
import { InputRows } from "#enclave/room/input-rows.ts";
import { aheadUnits } from "#protocol/entities/message.ts";
import { seeded } from "#testing/seeded.ts";

const nothing = new Uint8Array(0);

interface Line {
  /** One way, in ms. */
  readonly delay: () => number;
  /** How much faster the client's clock is than the room's. */
  readonly rate?: number;
}

/** Plays so many seconds at 20 Hz; returns what the last of them were like. */
function played(seconds: number, { delay, rate = 1 }: Line, last = 10) {
  const pace = new Pace(20);
  const rows = new InputRows(1, 20, 0);
  const up: { at: number; n: number }[] = [];
  const down: { at: number; tick: number; applied: number; ahead: number }[] = [];
  let [sent, applied, upAt, downAt] = [0, 0, 0, 0];
  let [missed, late, used] = [0, 0, 0];
  for (let ms = 0; ms < seconds * 1000; ms++) {
    while ((down[0]?.at ?? Infinity) <= ms) {
      const { tick, applied: told, ahead } = down.shift()!;
      pace.acknowledged(tick, told, ahead, sent);
    }
    for (let count = pace.take(ms * rate); count > 0; count--) {
      upAt = Math.max(upAt, ms + delay());
      up.push({ at: upAt, n: ++sent });
    }
    while ((up[0]?.at ?? Infinity) <= ms) rows.take(0, up.shift()!.n, 0, nothing, 0, ms);
    if (ms % 50 !== 0) continue;
    rows.next(ms, () => undefined);
    if (ms >= (seconds - last) * 1000) {
      if (rows.applied(0) === applied) missed += 1;
      late += rows.ahead(0) / aheadUnits;
      used += 1;
    }
    applied = rows.applied(0);
    downAt = Math.max(downAt, ms + delay());
    down.push({ at: downAt, tick: ms / 50, applied, ahead: rows.ahead(0) / aheadUnits });
  }
  return { missed, late: late / used, sent };
}

const random = seeded("pace", "1");
const uneven = (base: number, jitter: number) => () => base + random.unit() * jitter;

test.for<[string, Line, missedMax: number, lateMax: number]>([
  ["an even line", { delay: () => 40 }, 0, 0.15],
  ["a line that varies by half a tick", { delay: uneven(40, 25) }, 2, 0.5],
  ["a line that varies by two ticks", { delay: uneven(100, 100) }, 6, 1.5],
  ["a clock that is a thousandth fast", { delay: () => 60, rate: 1.001 }, 0, 0.25],
  ["a clock that is a thousandth slow", { delay: () => 60, rate: 0.999 }, 0, 0.25],
])("over %s nearly every tick has a row, and few wait", ([, line, missedMax, lateMax]) => {
  const { missed, late } = played(40, line);
  expect(missed).toBeLessThanOrEqual(missedMax);
  expect(late).toBeLessThanOrEqual(lateMax);
});

test("over a line that stalls now and then, rows are sent so early that few ticks go without", () => {
  const own = seeded("pace", "stalls");
  const { missed, late } = played(130, { delay: () => 75 + (own.unit() < 0.003 ? 200 : 0) }, 120);
  // Of 2,400, with some twelve stalls of two to four ticks each.
  expect(missed).toBeLessThanOrEqual(24);
  expect(late).toBeLessThanOrEqual(0.25);
});

test("after a pause of this device a few rows are sent at once, and not all that it slept through", () => {
  const pace = new Pace(20);
  expect(pace.take(0)).toBe(1);
  expect(pace.take(49)).toBe(0);
  expect(pace.take(50)).toBe(1);
  expect(pace.take(10_000)).toBe(4);
  expect(pace.take(10_001)).toBe(0);
  expect(pace.dueAt(10_001)).toBeGreaterThan(10_001);
});

test("whatever the room says, rows are sent at about the ticks' pace", () => {
  const said = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.double({ min: 0, max: 8, noNaN: true })), {
    minLength: 100,
    maxLength: 200,
  });
  fc.assert(
    fc.property(said, (acknowledgements) => {
      const pace = new Pace(20);
      let [sent, tick, applied] = [0, 0, 0];
      acknowledgements.forEach(([ticks, rows, ahead], i) => {
        sent += pace.take(i * 50);
        pace.acknowledged((tick += ticks), (applied += rows), ahead, sent);
      });
      const due = acknowledgements.length;
      // Each change is at most a tick, and is judged by what is sent after it.
      expect(sent).toBeGreaterThan(due / 3);
      expect(sent).toBeLessThan(2 * due);
    }),
  );
});
