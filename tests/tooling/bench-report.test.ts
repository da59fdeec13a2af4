/** What a report of a bench says: percentiles, shape, table, and when a row does not count. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sightOf } from "../../bench/probe/sight.ts";
import { ratiosTo, roundedRow, type Report } from "../../bench/report.ts";
import { percentile, rounded } from "../../bench/statistics.ts";
import { renderTable } from "../../bench/table.ts";

describe("percentiles", () => {
  test.for([
    [[5], 50, 5],
    [[5], 99, 5],
    [[1, 2, 3, 4], 50, 2],
    [[4, 1, 3, 2], 75, 3],
    [[4, 1, 3, 2], 76, 4],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 95, 10],
    [[100, 20, 3], 1, 3],
    [[-1, 0, 1], 100, 1],
  ] as const)("of %j at %d is %d", ([samples, percent, expected]) => {
    expect(percentile(samples, percent)).toBe(expected);
  });

  test("are samples, of which at least so many per cent are not larger and no fewer would do", () => {
    const samples = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const value = percentile(all, percent);
        expect(all.some((sample) => sample === value)).toBe(true);
        expect(all.filter((sample) => sample <= value).length / all.length).toBeGreaterThanOrEqual(percent / 100);
        expect(all.filter((sample) => sample < value).length / all.length).toBeLessThan(percent / 100);
      }),
    );
  });

  test.for([[[], 50] as const, [[1], 0] as const, [[1], 101] as const, [[1], Number.NaN] as const])(
    "of %j at %d do not exist",
    ([samples, percent]) => {
      expect(() => percentile(samples, percent)).toThrow(RangeError);
    },
  );

  test("are shown with three digits", () => {
    expect([12.3456, 0.000123456, 98_765.4, 0].map(rounded)).toEqual([12.3, 0.000123, 98_800, 0]);
  });
});

const report: Report = {
  bench: "join",
  commit: "abc1234",
  machine: { cpu: "AMD EPYC", cores: 2, node: "24.21.0", load_1min: 0.25 },
  rows: [
    {
      name: "phatroom",
      joins: 200,
      p95_ms: 40,
      valid: true,
      invalid_because: null,
      operator_sees: "sizes and timing of ciphertext",
    },
    {
      name: "Colyseus 0.18",
      joins: 200,
      p95_ms: 16,
      valid: false,
      invalid_because: "a reason",
      operator_sees: "everything",
    },
  ],
  ratios: { "p95_ms: phatroom / Colyseus 0.18": 2.5 },
};

describe("reports", () => {
  test("compare one row with all others that have a number", () => {
    const rows = [...report.rows, { name: "slow", p95_ms: 0 }, { name: "mute" }];
    expect(ratiosTo(rows, "phatroom", "p95_ms")).toEqual(report.ratios);
    expect(ratiosTo(rows, "absent", "p95_ms")).toEqual({});
  });

  test("round measured numbers and leave counts, words and gaps alone", () => {
    const row = { name: "a", rooms: 12_345, p50_ms: 1.23456, valid: true, max_ms: null };
    expect(roundedRow(row)).toEqual({ ...row, p50_ms: 1.23 });
  });

  test("show what only some rows have beside what they have in common", () => {
    const rows = [
      { name: "a", gateway_cores: 1, worker_cores: 2, sees: "x" },
      { name: "b", server_cores: 3, sees: "y" },
    ];
    const keys = renderTable({ ...report, rows, ratios: {} })
      .split("\n")
      .slice(3, 8);
    expect(keys.map((line) => line.split(" ")[0])).toEqual([
      "",
      "server_cores",
      "gateway_cores",
      "worker_cores",
      "sees",
    ]);
  });

  test("are a line for each row where there are many", () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ name: `room ${i}`, late_ms: i }));
    const lines = renderTable({ ...report, rows: many, ratios: {} }).split("\n");
    expect(lines.slice(3, 5)).toEqual(["         late_ms", "room 0   0"]);
    expect(lines[3 + many.length]).toBe("room 19  19");
  });

  test("are tables for people", () => {
    expect(renderTable(report)).toBe(
      [
        "join at abc1234",
        "AMD EPYC, 2 cores, Node 24.21.0, load 0.25 at the start",
        "",
        "                 phatroom             Colyseus 0.18",
        "joins            200                  200",
        "p95_ms           40                   16",
        "valid            yes                  no",
        "invalid_because  –                    a reason",
        "operator_sees    sizes and timing of  everything",
        "                 ciphertext",
        "",
        "p95_ms: phatroom / Colyseus 0.18 = 2.5",
        "",
      ].join("\n"),
    );
  });
});

describe("the sentences of a report", () => {
  const host = { bombs: false, names: false, bytes: 2048 };
  const others = { bombs: false, bytes: 1024 };
  const memory = { found: false, bytes: 3 * 2 ** 20 };

  test.for([
    [
      { host, memory },
      "sizes and timing of ciphertext: neither bombs nor names in 2 KiB of traffic and 3 MiB of memory",
    ],
    [{ host, memory: undefined }, "sizes and timing of ciphertext: neither bombs nor names in 2 KiB of traffic"],
    [{ host, memory: { ...memory, found: true } }, "names in memory"],
    [{ host: { ...host, bombs: true }, memory }, "bombs in 2 KiB of traffic"],
    [
      { host: { ...host, bombs: true, names: true }, memory: { ...memory, found: true } },
      "everything: bombs and names in 2 KiB of traffic, names in memory",
    ],
  ] as const)("say of an operator what was found: %#", ([found, sentence]) => {
    expect(sightOf({ others, seed: undefined, ...found }).operator_sees).toBe(sentence);
  });

  test.for([
    [{ others, seed: undefined }, "no bombs of the other in 1 KiB"],
    [{ others, seed: false }, "no bombs of the other in 1 KiB"],
    [{ others, seed: true }, "the seed of all draws, bombs that the room places included, in 1 KiB"],
    [{ others: { ...others, bombs: true }, seed: undefined }, "the other's bombs, in 1 KiB"],
  ] as const)("say of an opponent what was found: %#", ([found, sentence]) => {
    expect(sightOf({ host, memory, ...found }).opponent_sees).toBe(sentence);
  });
});
