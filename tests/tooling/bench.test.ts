/** What a bench says is what was measured: percentiles, shape, table, when a row does not count, and what a search finds. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boardAfter, scriptLength, writeScript } from "../../bench/bots/script.ts";
import { dot4Row, type Measured } from "../../bench/dot4.ts";
import type { Candidate } from "../../bench/engine/candidate.ts";
import { workloadsScript } from "../../bench/engine/portable.ts";
import { hardenedQuickJs, plainQuickJs } from "../../bench/engine/quickjs.ts";
import { roomsRow } from "../../bench/engine/rooms.ts";
import { plainV8 } from "../../bench/engine/v8.ts";
import { measureWorkloads, ratioOf } from "../../bench/engine/workloads.ts";
import { joinRow } from "../../bench/join.ts";
import { waitsRow } from "../../bench/move.ts";
import { victimsRow } from "../../bench/neighbours.ts";
import { parseOptions, UsageError } from "../../bench/options.ts";
import { payloads } from "../../bench/probe/payloads.ts";
import { holdsCells, holdsText } from "../../bench/probe/search.ts";
import { sightOf } from "../../bench/probe/sight.ts";
import type { Usage } from "../../bench/processes/child.ts";
import { ratiosTo, roundedRow, type Report } from "../../bench/report.ts";
import { percentile, rounded } from "../../bench/statistics.ts";
import { renderTable } from "../../bench/table.ts";
import type { Cell } from "../../contracts/dot4/dot4.ts";
import { encodeMsgpack } from "../../server/protocol/msgpack.ts";
import { utf8ToBytes } from "../../server/protocol/bytes.ts";

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

const usage = (cpuMs: number, mib: number, waitMs: number | null = 0): Usage => ({ cpuMs, rss: mib * 2 ** 20, waitMs });

test("a row of join has these keys, units included", () => {
  const from = { at: 0, usages: { server: usage(10, 1, null), bots: usage(20, 1) } };
  const to = { at: 100, usages: { server: usage(18, 1, null), bots: usage(40, 1) } };
  expect(joinRow("phatroom, attested", [5, 30, 10, 20], { from, to, servers: ["server"] })).toEqual({
    name: "phatroom, attested",
    joins: 4,
    p50_ms: 10,
    p95_ms: 30,
    max_ms: 30,
    server_cpu_ms_per_join: 2,
    client_cpu_ms_per_join: 5,
    wait_for_core_share: null,
  });
});

describe("a row of dot4", () => {
  const measured = (botsMs: number, moves: number): Measured => ({
    before: { at: 0, usages: { gateway: usage(50, 80), worker: usage(100, 100) } },
    from: { at: 1000, usages: { gateway: usage(200, 90), worker: usage(400, 120), bots: usage(0, 50) } },
    to: {
      at: 11_000,
      usages: { gateway: usage(1200, 90), worker: usage(3400, 150, 500), bots: usage(botsMs, 60, 250) },
    },
    latencies: { moves, p50: 10, p99: 30, max: 55 },
  });

  test("has these keys, units included", () => {
    expect(dot4Row("phatroom", { rooms: 110, rate: 1 }, measured(5000, 1100))).toEqual({
      name: "phatroom",
      valid: true,
      invalid_because: null,
      rooms: 110,
      moves_per_s: 110,
      p50_ms: 10,
      p99_ms: 30,
      max_ms: 55,
      gateway_cores: 0.1,
      worker_cores: 0.3,
      rooms_per_core: 275,
      server_cpu_ms_per_move: expect.closeTo(400 / 110),
      servers_rss_mib: 240,
      gateway_kib_per_room: expect.closeTo(102.4),
      worker_kib_per_room: 512,
      client_core_share: 0.5,
      wait_for_core_share: 0.075,
    });
  });

  test.for([
    ["the bots were slow", measured(8600, 1100), "the bots used 86 % of their core"],
    ["moves are missing", measured(5000, 1000), "91 % of the moves were made in time"],
  ] as const)("does not count if %s", ([, numbers, reason]) => {
    const row = dot4Row("phatroom", { rooms: 110, rate: 1 }, numbers);
    expect(row).toMatchObject({ valid: false, invalid_because: reason });
  });
});

describe("the engine's workloads", () => {
  const once = { rounds: 1, warmupMs: 0 };

  test("are the same work in V8 and in QuickJS, hardened or not", async () => {
    const script = await workloadsScript();
    const candidates = [plainV8(script), await plainQuickJs(script), await hardenedQuickJs(script)];
    const { rows, times } = measureWorkloads(candidates, once);
    expect(rows.map(({ name }) => name)).toEqual(["plain V8", "QuickJS", "QuickJS, hardened"]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["name", "w1_tick_us", "w2_views_us", "w3_card_us", "w4_echo_us", "state"]);
    }
    expect(Object.keys(ratioOf(times, "QuickJS, hardened", "QuickJS"))).toEqual(
      ["w1_tick", "w2_views", "w3_card", "w4_echo"].map((work) => `${work}: QuickJS, hardened / QuickJS`),
    );
  });

  test("do not count where one engine computes something else", async () => {
    const right = plainV8(await workloadsScript());
    const other = plainV8(await workloadsScript());
    const wrong: Candidate = { ...other, name: "wrong", call: (work) => other.call(work === 4 ? 1 : work, 100) };
    expect(() => measureWorkloads([right, wrong], once)).toThrow(/wrong ends in another state/);
  });
});

const window = { elapsedMs: 10_000, busyMs: 2500 };
const fared = { ticks: 990, missed: 10, reopened: 0, p50LateMs: 0.5, p99LateMs: 3, maxLateMs: 7 };

test("a row of rooms has these keys, units included", () => {
  const usages = [usage(1000, 100, 50), usage(4000, 150, 1050)] as const;
  expect(roomsRow("200 rooms", 200, fared, window, ...usages)).toEqual({
    name: "200 rooms",
    rooms: 200,
    core_share: 0.3,
    busy_share: 0.25,
    missed_share: 0.01,
    p99_late_ms: 3,
    max_late_ms: 7,
    wait_for_core_share: 0.1,
  });
});

test("a row of neighbours says how late the victims were, and how the attackers fared", () => {
  const all = { victims: fared, hostile: { ...fared, ticks: 20, reopened: 20 } };
  const row = { p50_late_ms: 0.5, p99_late_ms: 3, max_late_ms: 7, missed_share: 0.01, busy_share: 0.25 };
  expect(victimsRow({ ...window, fared: all }, "victims", "hostile")).toEqual({
    ...row,
    attackers_ticks: 20,
    attackers_stopped: 20,
  });
  expect(victimsRow({ ...window, fared: all }, "victims")).toMatchObject({ ...row, attackers_ticks: null });
});

test("what players wait while their room moves is said of every window, not of every move", () => {
  expect(waitsRow("a room", 2, [30, 10, 20, 400])).toEqual({
    name: "a room",
    players: 2,
    windows: 4,
    p50_ms: 20,
    p99_ms: 400,
    max_ms: 400,
  });
});

describe("the command line", () => {
  test("has defaults, and smaller ones for --quick", () => {
    expect(parseOptions(["dot4"])).toMatchObject({ bench: "dot4", json: false, rooms: 500, rate: 1, seconds: 30 });
    expect(parseOptions(["join", "--quick", "--json"])).toMatchObject({ bench: "join", json: true, joins: 30 });
    expect(parseOptions(["dot4", "--quick", "--rooms", "7"])).toMatchObject({ rooms: 7 });
    expect(parseOptions(["dot4", "--only", "boardgame.io", "--rate", "0.5"]).only).toBe("boardgame.io");
  });

  test.for([
    [[]],
    [["dance"]],
    [["join", "dot4"]],
    [["join", "--fast"]],
    [["dot4", "--rooms", "many"]],
    [["dot4", "--rooms", "-1"]],
    [["dot4", "--rooms", "1.5"]],
    [["dot4", "--only", "nakama"]],
    [["dot4", "--rate", "3"]],
    [["dot4", "--rate", "100"]],
  ] as const)("%j is refused with a sentence", ([args]) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});

describe("games for bots", () => {
  test("are the same every time, differ from each other, and go on to the end", () => {
    const [first, again, other] = [writeScript(1, scriptLength), writeScript(1, scriptLength), writeScript(2, 8)];
    expect(again).toEqual(first);
    expect(first.drops).toHaveLength(scriptLength);
    expect(other.drops).not.toEqual(first.drops.slice(0, 8));
  });

  test("are played by the rules: the board after them has both players' stones", () => {
    const script = writeScript(3, 12);
    expect(boardAfter(script, 0).every((stone) => stone === null)).toBe(true);
    expect(boardAfter(script, 1).filter((stone) => stone === 0).length).toBeLessThanOrEqual(1);
    expect(new Set(boardAfter(script, 12))).toEqual(new Set([null, 0, 1]));
  });
});

describe("a search for secrets", () => {
  const bombs: readonly Cell[] = [
    [6, 2],
    [2, 7],
    [8, 8],
  ];
  const patch = bombs.map((value, i) => ({ op: "add", path: `/G/bombs/${i}`, value }));
  const schema = bombs.flat().flatMap((value, i) => [0x80, i, value]);

  test.for([
    ["msgpack", encodeMsgpack({ kind: "place", bombs: bombs.map((cell) => [...cell]) })],
    ["JSON", utf8ToBytes(JSON.stringify({ bombs }))],
    ["JSON with other numbers around", utf8ToBytes(JSON.stringify([[1, 1], ...bombs, [9, 9]]))],
    ["a JSON patch", utf8ToBytes(JSON.stringify(patch))],
    ["operations of a schema", Uint8Array.from(schema)],
    ["the bare numbers", Uint8Array.from(bombs.flat())],
  ] as const)("finds bombs in %s", ([, bytes]) => {
    const around = new Uint8Array([...utf8ToBytes("before"), ...bytes, ...utf8ToBytes("after")]);
    expect(holdsCells(around, bombs)).toBe(true);
  });

  test.for([
    [
      "another order",
      encodeMsgpack([
        [2, 7],
        [6, 2],
        [8, 8],
      ]),
    ],
    [
      "two of three",
      encodeMsgpack([
        [6, 2],
        [2, 7],
      ]),
    ],
    ["longer numbers", utf8ToBytes("[[16,2],[2,7],[8,88]]")],
    ["numbers far apart", Uint8Array.from(bombs.flat().flatMap((value) => [value, 99, 99, 99, 99]))],
    ["nothing", new Uint8Array(0)],
  ] as const)("does not find them in %s", ([, bytes]) => {
    expect(holdsCells(bytes, bombs)).toBe(false);
  });

  test("finds names as they are", () => {
    expect(holdsText(utf8ToBytes('{"name":"owner-1"}'), "owner-1")).toBe(true);
    expect(holdsText(utf8ToBytes('{"name":"owner-2"}'), "owner-1")).toBe(false);
  });

  test("looks behind the masks of WebSocket frames", () => {
    const head = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    // RFC 6455 section 5.7: a masked and an unmasked "Hello".
    const masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    const plain = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    const long = [0x82, 126, 0, 200, ...Array.from({ length: 200 }, () => 0x2e)];
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from([...masked, ...plain, ...long])]);
    expect(payloads(bytes).toString()).toBe(`${head}HelloHello${".".repeat(200)}`);
    expect(payloads(Buffer.from("GET / HTTP/1.1\r\n\r\nbody")).toString()).toBe("GET / HTTP/1.1\r\n\r\nbody");
  });

  test("refuses to vouch for compressed frames", () => {
    const bytes = Buffer.from("HTTP/1.1 101 x\r\nupgrade: websocket\r\n\r\n\xc1\x01x", "latin1");
    expect(() => payloads(bytes)).toThrow(/compressed/);
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
