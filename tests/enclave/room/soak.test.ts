/** A minute of a room's time, with players who push, come and go: what it holds does not grow with what has happened. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Course } from "#enclave/room/course.ts";
import { RecordChain } from "#enclave/room/record-chain.ts";
import { Room } from "#enclave/room/room.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { encodeInputRows } from "#protocol/input-row.ts";
import { inProcess } from "#testing/in-process.ts";
import { push } from "../../contracts/fixtures/push/push.ts";
import { pushFormat } from "../../support/applied-rows.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const idOf = (number: number): PlayerId => number.toString(16).padStart(32, "0") as PlayerId;

function heapAfterCollection(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/** Everybody pushes at every tick; each second somebody leaves and somebody new comes, and somebody else comes back. */
class Hall {
  readonly room: Room;
  /** Bytes that were said. */
  said = 0;
  #now = 0;
  #ticks = 0;
  #newest = 0;
  #here: { readonly connection: number; readonly player: PlayerId; rows: number }[] = [];

  constructor() {
    const id = "0123456789abcdef0123" as RoomId;
    const contract = inProcess(push);
    const fault = (detail: string): void => expect.unreachable(detail);
    this.room = new Room({
      id,
      course: new Course({ contract, options: {}, seed: new Uint8Array(32), fault }),
      options: {},
      listed: false,
      output: {
        send: (_connection, message) => void (this.said += message.type === "entities" ? message.body.length : 1),
        close: () => undefined,
      },
      announce: () => undefined,
      journal: new RecordChain(new Uint8Array(32).fill(1), id, 1),
      now: 0,
    });
    for (let i = 0; i < push.players.max; i++) this.#come(idOf(i));
  }

  pass(ticks: number): void {
    for (let i = 0; i < ticks; i++) {
      this.#ticks += 1;
      this.#now += 50;
      for (const one of this.#here) {
        const row = { n: (one.rows += 1), seen: this.#ticks, values: [one.rows % 100, 1, 0, 0] };
        this.room.receive(one.connection, { type: "input", rows: encodeInputRows(pushFormat, [row]) }, this.#now);
      }
      this.room.boundary(this.#now);
      if (this.#ticks % 20 === 0) this.#change();
    }
  }

  #change(): void {
    const [leaving, returning] = this.#here.splice(0, 2);
    this.room.receive(leaving!.connection, { type: "leave" }, this.#now);
    this.room.drop(returning!.connection, this.#now);
    this.#come(returning!.player);
    this.#come(idOf(1000 + this.#ticks));
  }

  #come(player: PlayerId): void {
    const connection = (this.#newest += 1);
    const entry = { player, want: "play", name: "", entropy: new Uint8Array(32).fill(connection) } as const;
    this.room.enter(connection, entry, this.#now);
    this.#here.push({ connection, player, rows: 0 });
  }
}

test("memory does not grow with time", () => {
  const hall = new Hall();
  // Code is compiled, buffers have their size, and as many calls are kept as ever will be.
  hall.pass(800);
  const before = heapAfterCollection();
  hall.pass(400);
  expect(hall.said).toBeGreaterThan(0);
  // Less than a tenth of a kilobyte for each player and tick, most of it the engine's own.
  expect(heapAfterCollection() - before).toBeLessThan(448 * 1024);
});
