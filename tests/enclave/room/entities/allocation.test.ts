/** Replication takes no memory for each player at each tick: what it needs it has from the beginning. */
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { component, everyone, f32, near, range } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { RoomTables } from "#contract/room-tables.ts";
import { Audience, updateFor, type RoomOutput } from "#enclave/room/audience.ts";
import { Entities } from "#enclave/room/entities/entities.ts";
import type { Member } from "#enclave/room/members.ts";
import { Roster } from "#enclave/room/roster.ts";
import { Seats } from "#enclave/room/seats.ts";
import { Viewpoints } from "#enclave/room/viewpoints.ts";
import { playerOf } from "./stage.ts";

const players = 100;

/** Bytes of heap that are new since the last collection are all counted: nothing is collected in between. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

test("for a hundred players who all move and see most of each other, a tick leaves a few hundred bytes for each", () => {
  const Body = component(
    { x: f32, z: f32, speed: range(0, 4, 8) },
    { capacity: players, audience: near(60, { full: 20, far: 4 }), position: true },
  );
  const Score = component({ points: f32 }, { capacity: players, audience: everyone });
  const components = { Body, Score };
  const rooms = new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));
  const entities = new Entities({ tables: layoutsOf(components), pace: "ticks", frameBytes: 0 });
  const viewpoints = new Viewpoints();
  const seats = Array.from({ length: players }, (_, seat) => seat);
  const members: Member[] = seats.map((seat) => ({
    id: playerOf(seat),
    seat,
    name: "",
    present: true,
    pauseLeftMs: 0,
  }));
  const viewers = seats.map((seat) => ({ player: playerOf(seat), seat: { seat }, buffered: 0 }));
  const at = (seat: number): Member | undefined => members[seat];
  const { region } = rooms;
  rooms.show();
  for (const seat of seats) {
    viewpoints.focus(playerOf(seat), Body.entity(Body.spawn(seat)));
    Score.spawn(seat);
  }
  let told = 0;
  let tick = 0;
  const ticks = (count: number): void => {
    for (let i = 0; i < count; i++) {
      tick += 1;
      for (let row = 0; row < players; row++) {
        // They walk round one another: some come into sight at every tick, and some go out of it.
        Body.x[row] = 40 * Math.cos(tick / 40 + row);
        Body.z[row] = 40 * Math.sin(tick / 60 + row * row);
        Score.points[row] = tick;
      }
      const scene = { tick, region, members: { at }, viewpoints, busy: true };
      entities.look(scene);
      for (const viewer of viewers) told += entities.tell(viewer, scene)?.length ?? 0;
    }
  };
  ticks(300);
  rooms.hide();
  rooms.show();
  const growths: number[] = [];
  for (let round = 0; round < 8; round++) {
    collect();
    const before = process.memoryUsage().heapUsed;
    ticks(20);
    growths.push((process.memoryUsage().heapUsed - before) / (20 * players));
  }
  rooms.hide();
  expect(told).toBeGreaterThan(0);
  // That is the view that is handed out and little else: a number for each row that is seen would be ten times as much.
  // Compilers and other tests use the heap too, so the quietest round counts.
  expect(Math.min(...growths)).toBeLessThan(500);
});

test("a viewer to whom nothing is new takes no memory", () => {
  const output: RoomOutput = { send: () => undefined, close: () => undefined };
  const viewer = new Audience(output).add(1, playerOf(0), undefined);
  const roster = new Roster(new Seats({ players: { min: 1, max: 8 }, pauseMs: 0 }));
  const status = { phase: "playing", waiting: [], spectators: 0, ended: null } as const;
  const shared = { tick: 1, roster, status, statusVersion: 1, still: false };
  expect(updateFor(viewer, shared, undefined, false)).toMatchObject({ status });
  const times = 100_000;
  const pass = (): void => {
    for (let i = 0; i < times; i++) if (updateFor(viewer, shared, undefined, false) !== undefined) expect.unreachable();
  };
  pass();
  const growths = Array.from({ length: 8 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    pass();
    return (process.memoryUsage().heapUsed - before) / times;
  });
  // One object would be sixteen bytes at least.
  expect(Math.min(...growths)).toBeLessThan(8);
});
