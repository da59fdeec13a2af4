/** Rooms on their way: whatever goes wrong with one of them, or meanwhile, the others arrive. */
import { EventEmitter } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { StoreError, type ChainState, type Store } from "#protocol/store.ts";
import type { GatewayEvent } from "#gateway/log.ts";
import { Moves } from "#gateway/moves.ts";
import type { KnownWorker, Workers } from "#gateway/workers.ts";

/** Moves between two workers that are not there; what becomes of each room `move` decides. */
function emptying(rooms: readonly string[], move: (room: RoomId, from: KnownWorker) => void) {
  const events: GatewayEvent[] = [];
  const worker = { draining: false, rooms: new Set(rooms as RoomId[]) } as unknown as KnownWorker;
  const other = { draining: false } as KnownWorker;
  const workers = {
    forRoom(room: RoomId) {
      move(room, worker);
      return other;
    },
    // It is there already.
    holder: () => other,
  } as unknown as Workers;
  const moves = new Moves({ workers, store: undefined, log: (event) => events.push(event) });
  return { drained: moves.drain([worker]), events };
}

test("a mistake about one room is logged, and keeps no other room and no gateway from going on", async () => {
  const { drained, events } = emptying(["a", "b", "c"], (room) => {
    if (room === "b") throw new TypeError("a mistake");
  });
  expect(await drained).toMatchObject({ moved: 2 });
  expect(events).toEqual([{ event: "bug", error: "TypeError" }]);
});

test("a worker that may have rooms again keeps those that have not left", async () => {
  const rooms = Array.from({ length: 20 }, (_, i) => `${i}`);
  const { drained } = emptying(rooms, (_room, worker) => {
    Object.assign(worker, { draining: false });
  });
  expect((await drained).moved).toBeLessThan(5);
});

/** Two workers that are there, rooms that nobody has, and a store that answers as `list` says. */
function following(
  rooms: readonly RoomId[],
  list: (chains: readonly ChainState[]) => Promise<readonly ChainState[]>,
  open: (room: RoomId) => Promise<void> = () => Promise.resolve(),
) {
  const opened: RoomId[] = [];
  const link = {
    async ask({ room }: { readonly room: RoomId }) {
      await open(room);
      opened.push(room);
    },
  };
  const workers = Object.assign(new EventEmitter(), {
    all: [{ ready: true }, { ready: true }],
    holder: (room: RoomId) => (opened.includes(room) ? {} : undefined),
    moving: () => undefined,
    forRoom: () => ({ link }),
  });
  const chains = rooms.map((room) => ({ chain: `room-${room}-${"0".repeat(16)}` }) as ChainState);
  const store = { list: () => list(chains) } as unknown as Store;
  const events: GatewayEvent[] = [];
  const moves = new Moves({ workers: workers as unknown as Workers, store, log: (event) => events.push(event) });
  onTestFinished(() => moves.stop());
  moves.follow();
  return { workers, opened, events };
}

const rooms = ["a", "b"].map((digit) => digit.repeat(20) as RoomId);

test("rooms of a worker that is lost while others are brought back come back, too", async () => {
  let asked = 0;
  const { workers, opened } = following(rooms, async (chains) => {
    asked += 1;
    if (asked > 1) return chains;
    workers.emit("lost");
    // It is noticed before this answer is there.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return chains.slice(0, 1);
  });
  workers.emit("ready");
  await expect.poll(() => opened).toEqual(rooms);
});

test("a room that is long in coming back keeps no other from it, and eight at most are opened at once", async () => {
  const many = Array.from({ length: 40 }, (_, i) => i.toString(16).padStart(20, "0") as RoomId);
  const slow = Promise.withResolvers<void>();
  let [opening, most] = [0, 0];
  const { workers, opened } = following(
    many,
    async (chains) => chains,
    async (room) => {
      opening += 1;
      most = Math.max(most, opening);
      await (room === many[0] ? slow.promise : new Promise((resolve) => setImmediate(resolve)));
      opening -= 1;
    },
  );
  workers.emit("ready");
  await expect.poll(() => opened.toSorted()).toEqual(many.slice(1));
  slow.resolve();
  await expect.poll(() => opened.at(-1)).toBe(many[0]);
  expect(most).toBe(8);
});

test("rooms are brought back once a store that failed works again", async () => {
  let asked = 0;
  const { workers, opened, events } = following(rooms, async (chains) => {
    asked += 1;
    if (asked === 1) throw new StoreError("store-failed", "ECONNREFUSED");
    return chains;
  });
  workers.emit("ready");
  await expect.poll(() => opened, { timeout: 5000 }).toEqual(rooms);
  expect(events).toEqual([]);
});

test("a mistake while rooms are brought back is logged, and ends no gateway", async () => {
  const { workers, events } = following(rooms, () => Promise.reject(new TypeError("a mistake")));
  workers.emit("ready");
  await expect.poll(() => events).toEqual([{ event: "bug", error: "TypeError" }]);
});

test("a room that does not exist is refused, and logged as no failure to open one", async () => {
  const events: GatewayEvent[] = [];
  const asked: string[] = [];
  const worker = (name: string): KnownWorker =>
    ({
      link: {
        async ask() {
          asked.push(name);
          throw new ProtocolError("room-not-found");
        },
      },
    }) as unknown as KnownWorker;
  const workers = {
    holder: () => undefined,
    whileMoving: (_room: RoomId, work: () => Promise<void>) => work(),
    forRoom: () => worker("other"),
  } as unknown as Workers;
  const moves = new Moves({ workers, store: undefined, log: (event) => events.push(event) });
  await expect(moves.move(rooms[0]!, worker("one"))).rejects.toMatchObject({ code: "room-not-found" });
  expect([asked, events]).toEqual([["one"], []]);
});
