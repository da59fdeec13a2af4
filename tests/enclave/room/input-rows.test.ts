/** One row for each player and tick, whatever the network does. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { InputRows, waitingMax, type WaitingRow } from "../../../server/enclave/room/input-rows.ts";

const row = (n: number): WaitingRow => ({ n, seen: 0, fields: Uint8Array.of(n & 0xff) });

/** Numbers of the rows that a tick uses, by seat. */
function tick(rows: InputRows): Record<number, number> {
  const used: Record<number, number> = {};
  rows.next((seat, { n }) => (used[seat] = n));
  return used;
}

test("a steady player has each row used once, in the tick after it came", () => {
  const rows = new InputRows(2, 20);
  for (let n = 1; n <= 100; n++) {
    rows.take(1, row(n));
    expect(tick(rows)).toEqual({ 1: n });
    expect(rows.applied(1)).toBe(n);
  }
});

test("a tick without a row uses none, and the next one goes on", () => {
  const rows = new InputRows(1, 20);
  rows.take(0, row(1));
  expect([tick(rows), tick(rows), tick(rows)]).toEqual([{ 0: 1 }, {}, {}]);
  rows.take(0, row(2));
  expect(tick(rows)).toEqual({ 0: 2 });
});

test("a burst waits its turn; of a longer one the oldest are left out", () => {
  const rows = new InputRows(1, 20);
  for (let n = 1; n <= waitingMax + 3; n++) rows.take(0, row(n));
  expect(rows.waiting(0)).toBe(waitingMax);
  expect([tick(rows), tick(rows), tick(rows), tick(rows), tick(rows)]).toEqual([
    { 0: 4 },
    { 0: 5 },
    { 0: 6 },
    { 0: 7 },
    {},
  ]);
});

test("a player who is always far ahead is brought back, one row a second, up to the last", () => {
  const rows = new InputRows(1, 20);
  let n = 0;
  for (let i = 0; i < 3; i++) rows.take(0, row(++n));
  const waiting: number[] = [];
  for (let i = 0; i < 100; i++) {
    rows.take(0, row(++n));
    tick(rows);
    if (i % 20 === 19) waiting.push(rows.waiting(0));
  }
  expect(waiting).toEqual([2, 1, 1, 1, 1]);
});

test("a player whose rows come in pairs is not", () => {
  const rows = new InputRows(1, 20);
  const used: number[] = [];
  for (let n = 2; n <= 200; n += 2) {
    rows.take(0, row(n - 1));
    rows.take(0, row(n));
    for (const _ of [1, 2]) used.push(...Object.values(tick(rows)));
  }
  expect(used).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});

test("rows that come again or out of order end the connection", () => {
  const rows = new InputRows(1, 20);
  rows.take(0, row(5));
  for (const n of [5, 4, 1]) expect(() => rows.take(0, row(n))).toThrow(expect.objectContaining({ code: "malformed" }));
  rows.forget(0);
  rows.take(0, row(1));
  expect(tick(rows)).toEqual({ 0: 1 });
});

test("a seat that is forgotten is told of once, whoever sits there then", () => {
  const rows = new InputRows(3, 20);
  const forgotten = (): number[] => {
    const seats: number[] = [];
    rows.forgotten((seat) => seats.push(seat));
    return seats;
  };
  rows.take(1, row(1));
  expect(forgotten()).toEqual([]);
  rows.forget(1);
  rows.forget(0);
  rows.take(0, row(1));
  expect([forgotten(), tick(rows), forgotten(), tick(rows)]).toEqual([[0, 1], { 0: 1 }, [], {}]);
  expect([rows.applied(0), rows.applied(1)]).toEqual([1, 0]);
});

test("whatever comes when, rows are used in order, at most one a tick, and no more wait than may", () => {
  const steps = fc.array(fc.oneof(fc.constant("tick" as const), fc.integer({ min: 1, max: 9 })), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (what) => {
      const rows = new InputRows(1, 20);
      const used: number[] = [];
      let n = 0;
      for (const step of what) {
        if (step === "tick") used.push(...Object.values(tick(rows)));
        else rows.take(0, row((n += step)));
        expect(rows.waiting(0)).toBeLessThanOrEqual(waitingMax);
      }
      expect(used).toEqual(used.toSorted((a, b) => a - b));
      expect(new Set(used).size).toBe(used.length);
      for (let i = 0; i < waitingMax; i++) used.push(...Object.values(tick(rows)));
      // The newest is never left out, or a player who stops pressing would go on.
      if (n > 0) expect(used.at(-1)).toBe(n);
    }),
  );
});
