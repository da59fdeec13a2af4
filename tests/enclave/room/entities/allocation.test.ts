/** Replication takes no memory for each player at each tick: what it needs it has from the beginning. */
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { angle16, component, everyone, f32, i8, near, range } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { RoomTables } from "#contract/room-tables.ts";
import { Audience, updateFor, type RoomOutput } from "#enclave/room/audience.ts";
import { Entities } from "#enclave/room/entities/entities.ts";
import { InputDesk } from "#enclave/room/input-desk.ts";
import type { Member } from "#enclave/room/members.ts";
import { Roster } from "#enclave/room/roster.ts";
import { Seats } from "#enclave/room/seats.ts";
import { Viewpoints } from "#enclave/room/viewpoints.ts";
import { dataLead } from "#protocol/envelope.ts";
import { encodeInputRow, inputFormatOf } from "#protocol/input-row.ts";
import { linkKinds, LinkWriter } from "#protocol/link.ts";
import { encodeWorkerMessage } from "#protocol/message.ts";
import { channelsOf } from "../../../protocol/support/channels.ts";
import { suites } from "../../../protocol/support/suites.ts";
import { buffersMadeBy } from "../../../support/buffers-made.ts";
import { playerOf } from "./stage.ts";

const players = 100;

/** Bytes of heap that are new since the last collection are all counted: nothing is collected in between. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** A hundred players on a field, who all move and see most of each other. */
class Walk {
  /** Bytes of what everybody was told. */
  told = 0;
  readonly #body = component(
    { x: f32, z: f32, speed: range(0, 4, 8) },
    { capacity: players, audience: near(60, { full: 20, far: 4 }), position: true },
  );
  readonly #score = component({ points: f32 }, { capacity: players, audience: everyone });
  readonly #rooms: RoomTables;
  readonly #entities: Entities;
  readonly #viewpoints = new Viewpoints();
  readonly #members: readonly Member[];
  readonly #viewers = Array.from({ length: players }, (_, seat) => ({
    player: playerOf(seat),
    seat: { seat },
    buffered: 0,
  }));
  readonly #tell: (body: Uint8Array) => void;
  #tick = 0;

  /** @param tell what is done with the body of each message. */
  constructor(tell: (body: Uint8Array) => void = () => undefined) {
    const components = { Body: this.#body, Score: this.#score };
    this.#tell = tell;
    this.#rooms = new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));
    this.#entities = new Entities({ tables: layoutsOf(components), pace: "ticks", frameBytes: 0 });
    const common = { name: "", present: true, pauseLeftMs: 0 };
    this.#members = Array.from({ length: players }, (_, seat) => ({ id: playerOf(seat), seat, ...common }));
    this.#inside(() => {
      for (let seat = 0; seat < players; seat++) {
        this.#viewpoints.focus(playerOf(seat), this.#body.entity(this.#body.spawn(seat)));
        this.#score.spawn(seat);
      }
    });
    // Everything that grows has its size after it, and code is compiled.
    this.pass(300);
  }

  pass(ticks: number): void {
    this.#inside(() => {
      for (let i = 0; i < ticks; i++) this.#step();
    });
  }

  #step(): void {
    const tick = (this.#tick += 1);
    const [body, score] = [this.#body, this.#score];
    for (let row = 0; row < players; row++) {
      // They walk round one another: some come into sight at every tick, and some go out of it.
      body.x[row] = 40 * Math.cos(tick / 40 + row);
      body.z[row] = 40 * Math.sin(tick / 60 + row * row);
      score.points[row] = tick;
    }
    const { region } = this.#rooms;
    const at = (seat: number): Member | undefined => this.#members[seat];
    const scene = { tick, region, members: { at }, viewpoints: this.#viewpoints, busy: true };
    this.#entities.look(scene);
    for (const viewer of this.#viewers) {
      const said = this.#entities.tell(viewer, scene);
      if (said === undefined) continue;
      this.told += said.length;
      this.#tell(said);
    }
  }

  #inside(work: () => void): void {
    this.#rooms.show();
    work();
    this.#rooms.hide();
  }
}

/** Bytes of the heap for each player and tick. Compilers and other tests use the heap too: the quietest round counts. */
function heapFor(walk: Walk): number {
  const growths = Array.from({ length: 8 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    walk.pass(20);
    return (process.memoryUsage().heapUsed - before) / (20 * players);
  });
  return Math.min(...growths);
}

/** The way of what is told, from there to what a gateway is sent. */
async function wayOut(): Promise<(body: Uint8Array) => void> {
  const [sodium] = suites;
  const { room } = await channelsOf(1, sodium!);
  const writer = new LinkWriter();
  const taker = { take: (sealed: Uint8Array): void => writer.put(linkKinds.frame, 1, sealed) };
  let waiting = 0;
  return (told) => {
    const { type, body } = encodeWorkerMessage({ type: "entities", body: told });
    room.encryptTo(taker, type, body, 0, dataLead);
    waiting += 1;
    if (waiting % players !== 0) return;
    const batch = writer.take()!;
    writer.giveBack(batch);
  };
}

test("for a hundred players who all move and see most of each other, a tick leaves a few hundred bytes for each", () => {
  const walk = new Walk();
  // That is the view that is handed out and little else: a number for each row that is seen would be ten times as much.
  expect(heapFor(walk)).toBeLessThan(500);
  expect(walk.told).toBeGreaterThan(0);
});

test("until it is encrypted and handed to the link, no buffer is made for anybody, and a kilobyte of the heap is used", async () => {
  const walk = new Walk(await wayOut());
  expect(buffersMadeBy(() => walk.pass(20))).toBe(0);
  expect(heapFor(walk)).toBeLessThan(1024);
  expect(buffersMadeBy(() => void new Uint8Array(1).slice())).toBe(2);
});

test("what players push takes no buffer for any of them: a tick makes the one that is written down", () => {
  const Stick = component({ x: i8, aim: angle16 }, { capacity: players });
  const tables = layoutsOf({ Stick });
  const manifest = { tables, input: "Stick", players: { min: 1, max: players }, hz: 20 };
  const desk = new InputDesk(manifest);
  const format = inputFormatOf(manifest)!;
  const messages = Array.from({ length: 20 }, (_, i) => encodeInputRow(format, { n: i + 1, seen: i, values: [i, 1] }));
  const made = buffersMadeBy(() => {
    for (const [tick, message] of messages.entries()) {
      for (let seat = 0; seat < players; seat++) desk.receive(seat, message, tick);
      desk.next(tick, tick);
    }
  });
  expect(made).toBe(messages.length);
  expect(desk.applied(players - 1)).toBe(messages.length);
});

test("a viewer to whom nothing is new takes no memory", () => {
  const output: RoomOutput = { send: () => undefined, close: () => undefined };
  const viewer = new Audience(output).add(1, playerOf(0), undefined);
  const roster = new Roster(new Seats({ players: { min: 1, max: 8 }, pauseMs: 0 }));
  const status = { phase: "playing", waiting: [], spectators: 0, ended: null } as const;
  const shared = { tick: 1, roster, status, statusVersion: 1, still: false, whole: false, space: { left: 0 } };
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
