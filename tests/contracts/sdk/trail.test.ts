/** What a player saw: the trail of rows says where they were, and of whom. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Trail } from "#contract/trail.ts";
import { inProcess } from "#testing/in-process.ts";
import { appliedRows } from "../../support/applied-rows.ts";
import * as components from "../fixtures/push/components.ts";
import { push } from "../fixtures/push/push.ts";

const rowsAt = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.double({ min: -9, max: 9, noNaN: true })), {
  minLength: 1,
  maxLength: 4,
});

test("any tick that is kept is told as it was, and one before all of them as the oldest", () => {
  const history = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), rowsAt), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 8 }), (ticks, kept) => {
      const trail = new Trail(4, kept);
      const told: { tick: number; rows: readonly (readonly [number, number])[] }[] = [];
      let tick = 0;
      for (const [later, rows] of ticks) {
        tick += later;
        trail.begin(tick);
        rows.forEach(([generation, x], row) => trail.put(row, generation, x, -x));
        told.push({ tick, rows });
      }
      const within = told.slice(-kept);
      for (let asked = Math.max(0, tick - 3 * kept); asked <= tick + 2; asked++) {
        const { rows } = within.findLast((one) => one.tick <= asked) ?? within[0]!;
        const found = trail.at(asked);
        for (let row = 0; row < 4; row++) {
          expect(trail.has(found, row, rows[row]?.[0] ?? 1)).toBe(rows[row] !== undefined);
          const [generation, x] = rows[row] ?? [];
          if (generation === undefined || x === undefined) continue;
          expect(trail.has(found, row, generation + 1)).toBe(false);
          expect([trail.x(found, row), trail.z(found, row)]).toEqual([Math.fround(x), Math.fround(-x)]);
        }
      }
    }),
  );
});

test("without gaps every tick asked for is the one that is found", () => {
  const trail = new Trail(1, 6);
  for (let tick = 1; tick <= 20; tick++) {
    trail.begin(tick);
    trail.put(0, 1, tick, 0);
  }
  expect([14, 15, 17, 20, 25].map((tick) => trail.x(trail.at(tick), 0))).toEqual([15, 15, 17, 20, 20]);
});

test("who shoots at what they saw hits it, though it has gone on; who shoots at where it is now does not", () => {
  const instance = inProcess(push).instantiate();
  const key = new Uint8Array(32);
  instance.call({ call: "open", tick: 0, key, options: {} });
  for (const seat of [0, 1])
    instance.call({ call: "join", tick: 0, key, player: { id: String(seat).repeat(32), seat } });
  const { Body } = components;
  const ben = { seat: 1, seen: 0, values: [127, 0, 0, 0] };
  instance.call({ call: "tick", tick: 1, rows: appliedRows([], [ben]) });
  for (let tick = 2; tick <= 6; tick++) instance.call({ call: "tick", tick });
  expect(instance.inside(() => Body.x[1])).toBeGreaterThan(2);
  const shot = (fire: number, seen: number, tick: number): number => {
    const ann = { seat: 0, seen, values: [0, 0, 0, fire] };
    instance.call({ call: "tick", tick, rows: appliedRows([], [ann]) });
    return instance.inside(() => Body.hits[1]!);
  };
  expect(shot(1, 6, 7)).toBe(0);
  expect(shot(2, 2, 8)).toBe(1);
  // That is too long ago: the oldest that is kept is what counts, and he was gone then.
  expect(shot(3, 1, 12)).toBe(1);
});
