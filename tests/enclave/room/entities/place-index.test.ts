/** Whoever is near is found, wherever that is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlaceIndex } from "#enclave/room/entities/place-index.ts";

const width = 40;
const place = fc.oneof(
  fc.double({ min: -200, max: 200, noNaN: true }),
  fc.integer({ min: -5, max: 5 }).map((cell) => cell * width),
  fc.constantFrom(1e12, -1e12, Number.POSITIVE_INFINITY, Number.NaN),
);

test("every row is in the index once, where it is; and whoever is nearer than a cell is wide is in one of the nine around", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 40 }), (places) => {
      const index = new PlaceIndex(64, width);
      const [xs, zs] = [places.map(([x]) => x), places.map(([, z]) => z)];
      const given = Uint16Array.from(places.keys()).reverse();
      // What was there before leaves nothing behind.
      index.fill(given, given.length, [...zs].reverse(), xs);
      index.fill(given, given.length, xs, zs);
      expect([...index.rows.subarray(0, places.length)].toSorted((a, b) => a - b)).toEqual([...places.keys()]);
      expect(Array.from(index.rows.subarray(0, places.length), (row) => places[row])).toEqual(
        Array.from({ length: places.length }, (_, at) => [index.xs[at], index.zs[at]]),
      );
      const [x, z] = places[0]!;
      const around = new Set<number>();
      for (const i of [-1, 0, 1]) {
        for (const j of [-1, 0, 1]) {
          const chain = index.chainOf((index.cellOf(x) + i) | 0, (index.cellOf(z) + j) | 0);
          for (let at = index.starts[chain]!; at < index.starts[chain + 1]!; at++) around.add(index.rows[at]!);
        }
      }
      const near = places.flatMap(([otherX, otherZ], row) => (Math.hypot(otherX - x, otherZ - z) < width ? [row] : []));
      expect([...around]).toEqual(expect.arrayContaining(near));
    }),
  );
});
