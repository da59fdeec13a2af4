/** Between rooms, through the gate: tickets are good once, records follow their player, and the moderator is known by a key. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { UpdateMessage } from "#protocol/message.ts";
import { applyPatch } from "#protocol/patch.ts";
import { ReportReader } from "#protocol/report-reader.ts";
import { reportsChain } from "#protocol/report.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { accept, type Arrival, type Contract } from "#contract/index.ts";
import { Disk, MemoryStore } from "../support/memory-store.ts";
import { openGate, unsignedPlatform, world, type GateUnderTest, type HandClient } from "./gate-harness.ts";

interface Seen {
  readonly record: Value;
  readonly arrival: Arrival | null;
  readonly moderator: boolean;
}

type HubMove = { readonly go: string } | { readonly keep: Value } | { readonly report: Value };

const anything = <T>(): Contract<never, T, never>["moves"] => ({
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as T }) },
});

/** Tells everybody what they came with. */
const hub: Contract<{ seen: (Seen | null)[] }, HubMove, { mine: Seen | null }> = {
  name: "hub",
  players: { min: 1, max: 16 },
  records: true,
  graceMs: 0,
  moves: anything(),
  open: () => ({ seen: [] }),
  join(state, { seat, record, arrival, moderator }) {
    state.seen[seat] = { record, arrival, moderator };
  },
  returned(state, { seat, arrival }) {
    state.seen[seat] = { ...state.seen[seat]!, arrival };
  },
  apply(state, move, context) {
    if ("go" in move) context.travel(context.player, { room: move.go, contract: "game" }, { said: "hello" });
    else if ("keep" in move) context.record(context.player, move.keep);
    else context.report(move.report);
    return accept(state);
  },
  view: ({ seen }, viewer) => ({ mine: viewer.kind === "player" ? seen[viewer.seat]! : null }),
};

const game: Contract<{ arrival: Arrival | null }, { readonly winner: number }, Arrival | null> = {
  name: "game",
  players: { min: 1, max: 2 },
  presence: "any",
  moves: anything(),
  open: () => ({ arrival: null }),
  join(state, { arrival }) {
    state.arrival ??= arrival;
  },
  apply(state, move, context) {
    context.end({ winner: move.winner });
    return accept(state);
  },
  view: ({ arrival }) => arrival,
};

/** Keeps something for whoever goes. */
const parting: Contract<{ gone: number; seen: Value[] }, never, { mine: Value }> = {
  name: "parting",
  players: { min: 1, max: 16 },
  presence: "any",
  records: true,
  graceMs: 0,
  moves: anything(),
  open: () => ({ gone: 0, seen: [] }),
  join(state, { seat, record }) {
    state.seen[seat] = record;
  },
  leave(state, player, context) {
    state.gone += 1;
    context.record(player, `gone ${state.gone}`);
  },
  apply: (state) => accept(state),
  view: ({ seen }, viewer) => ({ mine: viewer.kind === "player" ? seen[viewer.seat]! : null }),
};

const secret = new Uint8Array(32).fill(77);
const moderator = bytesToHex(ed25519.getPublicKey(secret));

const openWorld = (disk?: Disk): Promise<GateUnderTest> =>
  openGate(hub, unsignedPlatform(), {
    contracts: [game],
    moderator,
    store: () => (disk === undefined ? undefined : new MemoryStore(disk)),
  });

/** What was done for a store is done by then. */
async function settle(it: GateUnderTest): Promise<void> {
  for (let i = 0; i < 4; i++) {
    it.pass(50);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

let seats = 0;

async function join(it: GateUnderTest, room: RoomId, account: number, ticket?: Uint8Array): Promise<HandClient> {
  const client = it.client((seats += 1), room, account);
  await client.join(ticket === undefined ? {} : { ticket });
  await settle(it);
  return client;
}

const updates = (client: HandClient): readonly UpdateMessage[] =>
  client.messages.filter((message) => message.type === "update");

const viewOf = (client: HandClient): Value =>
  updates(client).reduce<Value>((view, { patch }) => (patch === undefined ? view : applyPatch(view, patch)), null);

const mine = (client: HandClient): Seen => (viewOf(client) as unknown as { mine: Seen }).mine;

const ticketsOf = (client: HandClient): readonly TicketEntry[] =>
  updates(client).flatMap(({ tickets }) => tickets ?? []);

async function move(
  it: GateUnderTest,
  client: HandClient,
  n: number,
  what: HubMove | { readonly winner: number },
): Promise<void> {
  client.say({ type: "move", n, move: what as Value });
  await settle(it);
}

/** Ann has gone from the hub to a game, by a ticket. */
async function travelled(): Promise<{
  it: GateUnderTest;
  home: RoomId;
  table: RoomId;
  ticket: Uint8Array;
  ann: HandClient;
}> {
  const it = await openWorld();
  const [home, table] = [it.room(), it.room("game")];
  const inHub = await join(it, home, 1);
  await move(it, inHub, 1, { go: table });
  const [{ ticket }] = ticketsOf(inHub) as [TicketEntry];
  const ann = await join(it, table, 1, ticket);
  return { it, home, table, ticket, ann };
}

test("who goes through a gate arrives with what the hub gave along, and comes back with the result", async () => {
  const { it, home, ann } = await travelled();
  expect(viewOf(ann)).toEqual({ room: home, contract: "hub", payload: { said: "hello" }, back: null });
  await move(it, ann, 1, { winner: 0 });
  const [back] = ticketsOf(ann);
  expect(back).toMatchObject({ room: home, contract: "hub" });
  const again = await join(it, home, 1, back!.ticket);
  expect(mine(again).arrival).toMatchObject({ contract: "game", back: { seat: 0, result: { winner: 0 } } });
  expect(it.bugs).toEqual([]);
});

test("who was away when it ended is let back when they look again, by the same ticket as far as it counts", async () => {
  const { it, home, table, ann } = await travelled();
  await move(it, ann, 1, { winner: 0 });
  const later = await join(it, table, 1);
  const tickets = [...ticketsOf(ann), ...ticketsOf(later)].map(({ ticket }) => ticket);
  expect(tickets).toHaveLength(2);
  const back = await join(it, home, 1, tickets[0]);
  expect(mine(back).arrival?.back).toMatchObject({ seat: 0 });
  back.say({ type: "leave" });
  await settle(it);
  expect((await join(it, home, 1, tickets[1])).closed).toBe("ticket-refused");
});

describe("a ticket is refused", () => {
  test("to whoever uses it again, and to everybody else", async () => {
    const { it, home, table, ticket, ann } = await travelled();
    expect((await join(it, table, 2, ticket)).closed).toBe("ticket-refused");
    expect((await join(it, it.room("game"), 1, ticket)).closed).toBe("ticket-refused");
    expect((await join(it, home, 1, ticket)).closed).toBe("ticket-refused");
    ann.say({ type: "leave" });
    await settle(it);
    expect((await join(it, table, 1, ticket)).closed).toBe("ticket-refused");
    expect((await join(it, table, 1)).closed).toBeUndefined();
  });

  test("if any byte of it is another", async () => {
    const { it, table, ticket } = await travelled();
    const forged = ticket.slice();
    forged[60]! ^= 1;
    expect((await join(it, table, 3, forged)).closed).toBe("ticket-refused");
  });

  test("unless the one who shows it is here by it already: a line that broke is no fraud", async () => {
    const { it, table, ticket } = await travelled();
    const second = await join(it, table, 1, ticket);
    expect(second.closed).toBeUndefined();
  });
});

describe("a record", () => {
  test("is there in another room and in another worker, for its player alone", async () => {
    const disk = new Disk();
    const it = await openWorld(disk);
    const ann = await join(it, it.room(), 1);
    expect(mine(ann).record).toBeNull();
    await move(it, ann, 1, { keep: { found: 3 } });
    expect(mine(await join(it, it.room(), 1)).record).toEqual({ found: 3 });
    expect(mine(await join(it, it.room(), 2)).record).toBeNull();
    const other = await openWorld(disk);
    expect(mine(await join(other, other.room(), 1)).record).toEqual({ found: 3 });
    expect(it.bugs).toEqual([]);
  });

  test("that is kept as somebody leaves is what they come back with in the same moment", async () => {
    const it = await openGate(parting, unsignedPlatform(), { store: () => new MemoryStore(new Disk()) });
    const room = it.room();
    await join(it, room, 3);
    const ann = await join(it, room, 1);
    const back = it.client((seats += 1), room, 1);
    ann.say({ type: "leave" });
    await back.join();
    await settle(it);
    expect(viewOf(back)).toEqual({ mine: "gone 1" });
    expect(it.bugs).toEqual([]);
  });

  test("that was read before a newer one was kept is read again", async () => {
    const disk = new Disk();
    let held: Promise<unknown> = Promise.resolve();
    const slow = (): MemoryStore => {
      const store = new MemoryStore(disk);
      const read = store.state.bind(store);
      store.state = async (chain) => {
        const [state] = [await read(chain), await held];
        return state;
      };
      return store;
    };
    const it = await openGate(parting, unsignedPlatform(), { store: slow });
    const room = it.room();
    await join(it, room, 3);
    const ann = await join(it, room, 1);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    held = promise;
    const back = it.client((seats += 1), room, 1);
    await back.join();
    ann.say({ type: "leave" });
    await settle(it);
    resolve(undefined);
    await settle(it);
    expect(viewOf(back)).toEqual({ mine: "gone 1" });
    expect(it.bugs).toEqual([]);
  });

  test("that a host took back to an earlier state lets nobody in, until it is the newest again", async () => {
    let disk = new Disk();
    const it = await openGate(hub, unsignedPlatform(), { store: () => new MemoryStore(disk) });
    const room = it.room();
    const ann = await join(it, room, 1);
    await move(it, ann, 1, { keep: "first" });
    const earlier = disk.copy();
    await move(it, ann, 2, { keep: "second" });
    ann.say({ type: "leave" });
    await settle(it);
    const newest = disk;
    disk = earlier;
    expect((await join(it, room, 1)).closed).toBe("record-rolled-back");
    disk = newest;
    expect(mine(await join(it, room, 1)).record).toBe("second");
  });

  test("that went on in another room costs the seat here: nobody keeps two", async () => {
    const it = await openWorld(new Disk());
    const [here, there] = [await join(it, it.room(), 1), await join(it, it.room(), 1)];
    await move(it, there, 1, { keep: "there" });
    expect(here.closed).toBeUndefined();
    await move(it, here, 1, { keep: "here" });
    expect(here.closed).toBe("record-elsewhere");
    expect(mine(await join(it, here.room, 1)).record).toBe("there");
  });

  test("while nobody offers a store lives with the worker", async () => {
    const it = await openWorld();
    await move(it, await join(it, it.room(), 1), 1, { keep: "held" });
    expect(mine(await join(it, it.room(), 1)).record).toBe("held");
  });
});

test("the moderator is whoever has the world's key, and reads what was reported", async () => {
  const disk = new Disk();
  const it = await openWorld(disk);
  const room = it.room();
  const [ann, keeper] = [await join(it, room, 1), await join(it, room, 77)];
  expect([mine(ann).moderator, mine(keeper).moderator]).toEqual([false, true]);
  await move(it, ann, 1, { report: { about: "ben" } });
  const { records } = disk.chains.get(reportsChain(world))!;
  // By the key that the moderator's own welcome names, which evidence binds.
  const { reportKey, lineage } = keeper.welcome!.claims;
  const reader = new ReportReader({ world, secret, reportKey, lineage });
  expect(records.map(({ record }) => reader.read(record!))).toEqual([
    { report: { room, contract: "hub", lineage, report: { about: "ben" } }, doubt: null },
  ]);
});
