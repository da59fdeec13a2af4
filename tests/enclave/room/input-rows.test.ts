/** One row for each player and tick, whatever the network does. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { InputRows, waitingMax } from "../../../server/enclave/room/input-rows.ts";

/** A row of one byte, which says its number, too. */
const take = (rows: InputRows, seat: number, n: number): void => rows.take(seat, n, 0, Uint8Array.of(7, n), 1, 0);

/** Numbers of the rows that a tick uses, by seat. */
function tick(rows: InputRows): Record<number, number> {
  const used: Record<number, number> = {};
  rows.next(0, (seat, n, _, at) => {
    used[seat] = n;
    expect(rows.fields[at]).toBe(n & 0xff);
  });
  return used;
}

test("a steady player has each row used once, in the tick after it came", () => {
  const rows = new InputRows(2, 20, 1);
  for (let n = 1; n <= 100; n++) {
    take(rows, 1, n);
    expect(tick(rows)).toEqual({ 1: n });
    expect(rows.applied(1)).toBe(n);
  }
});

test("a tick without a row uses none, and the next one goes on", () => {
  const rows = new InputRows(1, 20, 1);
  take(rows, 0, 1);
  expect([tick(rows), tick(rows), tick(rows)]).toEqual([{ 0: 1 }, {}, {}]);
  take(rows, 0, 2);
  expect(tick(rows)).toEqual({ 0: 2 });
});

test("how long a row has waited for its tick is known, in parts of a tick", () => {
  const rows = new InputRows(1, 20, 0);
  const used = (now: number): number => (rows.next(now, () => undefined), rows.ahead(0));
  rows.take(0, 1, 0, new Uint8Array(0), 0, 1000);
  rows.take(0, 2, 0, new Uint8Array(0), 0, 1010);
  expect([used(1025), used(1075), used(1125)]).toEqual([16, 41, 0]);
  rows.take(0, 3, 0, new Uint8Array(0), 0, 1130);
  expect(used(9000)).toBe(255);
  rows.forget(0);
  expect(rows.ahead(0)).toBe(0);
});

test("a burst waits its turn; of a longer one the oldest are left out", () => {
  const rows = new InputRows(1, 20, 1);
  for (let n = 1; n <= waitingMax + 3; n++) take(rows, 0, n);
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
  const rows = new InputRows(1, 20, 1);
  let n = 0;
  for (let i = 0; i < 3; i++) take(rows, 0, ++n);
  const waiting: number[] = [];
  for (let i = 0; i < 100; i++) {
    take(rows, 0, ++n);
    tick(rows);
    if (i % 20 === 19) waiting.push(rows.waiting(0));
  }
  expect(waiting).toEqual([2, 1, 1, 1, 1]);
});

test("a player whose rows come in pairs is not", () => {
  const rows = new InputRows(1, 20, 1);
  const used: number[] = [];
  for (let n = 2; n <= 200; n += 2) {
    take(rows, 0, n - 1);
    take(rows, 0, n);
    for (const _ of [1, 2]) used.push(...Object.values(tick(rows)));
  }
  expect(used).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});

test("rows that come again or out of order end the connection", () => {
  const rows = new InputRows(1, 20, 1);
  take(rows, 0, 5);
  for (const n of [5, 4, 1]) expect(() => take(rows, 0, n)).toThrow(expect.objectContaining({ code: "malformed" }));
  rows.forget(0);
  take(rows, 0, 1);
  expect(tick(rows)).toEqual({ 0: 1 });
});

test("a seat that is forgotten is told of once, whoever sits there then", () => {
  const rows = new InputRows(3, 20, 1);
  const forgotten = (): number[] => {
    const seats: number[] = [];
    rows.forgotten((seat) => seats.push(seat));
    return seats;
  };
  take(rows, 1, 1);
  expect(forgotten()).toEqual([]);
  rows.forget(1);
  rows.forget(0);
  take(rows, 0, 1);
  expect([forgotten(), tick(rows), forgotten(), tick(rows)]).toEqual([[0, 1], { 0: 1 }, [], {}]);
  expect([rows.applied(0), rows.applied(1)]).toEqual([1, 0]);
});

test("whatever comes when, rows are used in order, at most one a tick, and no more wait than may", () => {
  const steps = fc.array(fc.oneof(fc.constant("tick" as const), fc.integer({ min: 1, max: 9 })), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (what) => {
      const rows = new InputRows(1, 20, 1);
      const used: number[] = [];
      let n = 0;
      for (const step of what) {
        if (step === "tick") used.push(...Object.values(tick(rows)));
        else take(rows, 0, (n += step));
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
