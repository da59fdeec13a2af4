/** Rows of benches: what was measured, under keys that say their units. */
import { describe, expect, test } from "vitest";
import { clientRatios, clientRow } from "../../bench/client.ts";
import { dot4Row, type Measured } from "../../bench/dot4.ts";
import { roomsRow } from "../../bench/engine/rooms.ts";
import { frameRatios, frameRow } from "../../bench/frames.ts";
import { joinRow } from "../../bench/join.ts";
import { waitsRow } from "../../bench/move.ts";
import { victimsRow } from "../../bench/neighbours.ts";
import type { Usage } from "../../bench/processes/child.ts";

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

describe("a row of frames", () => {
  const laptop = { name: "laptop", width: 1920, height: 1080, density: 1, slower: 1 };
  const pace = { renderer: "a card", playedMs: [15, 17, 21, 27], scriptMs: 2, aloneMs: [4, 5, 4, 6] };
  const row = frameRow(laptop, "high", 100, pace);

  test("has these keys, units included", () => {
    expect(row).toEqual({
      name: "laptop, high, 100 avatars",
      screen: "laptop",
      pixels: "1920x1080",
      processor_slowed: 1,
      level: "high",
      avatars: 100,
      renderer: "a card",
      frames_per_s: 50,
      frame_p99_ms: 27,
      frame_script_ms: 2,
      frame_alone_p50_ms: 4,
      frame_alone_p99_ms: 6,
    });
  });

  test("stands beside the time that its screen gives it", () => {
    const name = "time at 60 frames a second / frame_alone_p50_ms: laptop, high, 100 avatars";
    expect(frameRatios([row])).toEqual({ [name]: 4.17 });
  });
});

test("a row of client has these keys, and stands beside the lowest level and the smallest crowd", () => {
  const times = { firstFrameMs: 3000, readyMs: 3500, cpuMs: 1000, scriptMs: 4, heapBytes: 2 ** 21, networkBytes: 2048 };
  const rows = [
    clientRow("low", 20, { ...times, frames: 10 }),
    clientRow("low", 100, { ...times, frames: 5 }),
    clientRow("high", 20, { ...times, frames: 4 }),
    clientRow("high", 100, { ...times, frames: 0 }),
  ];
  expect(rows[0]).toEqual({
    name: "low, 20 avatars",
    level: "low",
    avatars: 20,
    first_frame_ms: 3000,
    ready_ms: 3500,
    frames: 10,
    frame_cpu_ms: 100,
    frame_script_ms: 4,
    heap_mib: 2,
    network_kib_gzipped: 2,
  });
  expect(clientRatios(rows)).toEqual({
    "frame_cpu_ms: 100 / 20 avatars, low": 2,
    "frame_cpu_ms: high / low, 20 avatars": 2.5,
  });
});
