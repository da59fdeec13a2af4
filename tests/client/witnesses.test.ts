/** What players remember of rooms: kept as it comes, shown on every way back in, and dropped when the room says so. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, expect, test } from "vitest";
import { concatBytes } from "#protocol/bytes.ts";
import { encodeWorkerEnvelope } from "#protocol/envelope.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Status } from "#protocol/message.ts";
import { encodeStatement } from "#protocol/witness.ts";
import { folderWitnessStore } from "#client/node.ts";
import { memoryWitnessStore, type WitnessStore } from "#client/witness-store.ts";
import { tally } from "../enclave/room/contracts.ts";
import { Place } from "./place.ts";

type Tally = typeof tally;

const witness = (index: number, mac = 1): Uint8Array =>
  concatBytes(encodeStatement({ term: 1, index, head: new Uint8Array(32).fill(index) }), new Uint8Array(32).fill(mac));

/** Two players in one room, the first with a device that remembers; and what the worker is shown from then on. */
async function playing(witnesses: WitnessStore = memoryWitnessStore()) {
  const place = new Place(tally);
  const id = place.newRoom();
  const presented: Uint8Array[] = [];
  place.present = (_room, bytes) => void presented.push(bytes);
  const carrier = place.carrier();
  const room = await place.join<Tally>(id, 1, carrier, { witnesses });
  await place.join<Tally>(id, 2);
  await place.time.pass(100);
  return { place, id, carrier, room, witnesses, presented };
}

test("whoever remembers nothing presents nothing, and gets in", async () => {
  const { presented, room, carrier, place } = await playing();
  carrier.cut();
  await place.time.pass(2000);
  expect(room.connection).toBe("joined");
  expect(presented).toEqual([]);
});

test("a resumption presents the newest", async () => {
  const { place, room, carrier, presented } = await playing();
  place.say({ type: "witness", witness: witness(4) });
  place.say({ type: "witness", witness: witness(6) });
  place.say({ type: "witness", witness: witness(5) });
  await place.time.pass(10);
  carrier.cut();
  await place.time.pass(2000);
  expect(room.connection).toBe("joined");
  expect(presented).toEqual([witness(6)]);
});

test("a full handshake presents the newest, after the worker was verified", async () => {
  const { place, id, carrier, presented } = await playing();
  place.say({ type: "witness", witness: witness(4) });
  await place.time.pass(10);
  place.forgetResumptions(id);
  carrier.cut();
  await place.time.pass(2000);
  expect(presented).toEqual([witness(4)]);
});

test("a page that is loaded again presents what the device kept, for this room and this account", async () => {
  const { place, id, room, witnesses, presented } = await playing();
  place.say({ type: "witness", witness: witness(4) });
  await place.time.pass(10);
  room.close();
  await place.join<Tally>(id, 1, place.carrier(), { witnesses });
  expect(presented).toEqual([witness(4)]);
  await place.join<Tally>(id, 2, place.carrier(), { witnesses });
  await place.join<Tally>(place.newRoom(), 1, place.carrier(), { witnesses });
  expect(presented).toHaveLength(1);
});

test("what the room calls none of its own is forgotten, and the player gets in by themselves", async () => {
  const { place, id, room, witnesses, presented } = await playing();
  place.say({ type: "witness", witness: witness(4, 9) });
  await place.time.pass(10);
  place.present = (_room, bytes) => {
    presented.push(bytes);
    throw new ProtocolError("witness-refused");
  };
  room.close();
  await expect(place.join<Tally>(id, 1, place.carrier(), { witnesses })).rejects.toMatchObject({
    code: "witness-refused",
    source: "room",
  });
  const again = await place.join<Tally>(id, 1, place.carrier(), { witnesses });
  expect(again.connection).toBe("joined");
  expect(presented).toHaveLength(1);
});

test("a gateway that says so changes nothing", async () => {
  const { place, id, room, carrier, presented } = await playing();
  place.say({ type: "witness", witness: witness(4) });
  await place.time.pass(10);
  carrier.cut();
  carrier.toClient = () => [encodeWorkerEnvelope({ kind: "refused", code: "witness-refused" })];
  await place.time.pass(3000);
  carrier.toClient = (envelope) => [envelope];
  place.forgetResumptions(id);
  await place.time.pass(20_000);
  expect(room.connection).toBe("joined");
  expect(presented.at(-1)).toEqual(witness(4));
});

test("a device that keeps nothing keeps nobody out", async () => {
  const broken: WitnessStore = {
    load: () => Promise.reject(new Error("a private window")),
    keep: () => Promise.reject(new Error("a private window")),
  };
  const { place, room, carrier, presented } = await playing(broken);
  place.say({ type: "witness", witness: witness(4) });
  await place.time.pass(10);
  carrier.cut();
  await place.time.pass(2000);
  expect(room.connection).toBe("joined");
  expect(presented).toEqual([witness(4)]);
});

test("a slow device keeps the newest of those that came meanwhile", async () => {
  const kept: Uint8Array[] = [];
  let written = (): void => undefined;
  const slow: WitnessStore = {
    load: () => Promise.resolve(undefined),
    keep: (_key, bytes) => {
      kept.push(bytes!);
      return new Promise((resolve) => (written = resolve));
    },
  };
  const { place } = await playing(slow);
  for (const index of [4, 5, 6]) place.say({ type: "witness", witness: witness(index) });
  await place.time.pass(10);
  written();
  await place.time.pass(10);
  expect([kept[0]![4], kept.at(-1)![4]]).toEqual([kept[0]![4], 6]);
  expect(kept.length).toBeLessThan(3);
});

/** What a room is shown from now on: by everybody, or by whoever has this connection. */
function shownTo(place: Place, id: RoomId, by?: number): Uint8Array[] {
  const shown: Uint8Array[] = [];
  const { room } = place.rooms.find(id)!;
  const receive = room.receive.bind(room);
  room.receive = (connection, message, now) => {
    if (message.type === "witness" && (by ?? connection) === connection) shown.push(message.witness);
    receive(connection, message, now);
  };
  return shown;
}

test("a room of all is shown what this device has kept of it, and not before it is kept", async () => {
  let written = (): void => undefined;
  let writes = 0;
  const slow: WitnessStore = {
    load: () => Promise.resolve(undefined),
    keep: () => new Promise((resolve) => ((writes += 1), (written = resolve))),
  };
  const { place, id, room } = await playing(slow);
  const shown = shownTo(place, id, 1);
  place.say({ type: "witness", witness: witness(4) });
  await place.time.pass(100);
  expect(shown).toEqual([]);
  written();
  await place.time.pass(100);
  expect(shown).toEqual([witness(4)]);
  // Of several that come meanwhile the newest speaks for all.
  for (const index of [5, 6, 7]) place.say({ type: "witness", witness: witness(index) });
  await place.time.pass(100);
  written();
  await place.time.pass(100);
  expect([writes, shown]).toEqual([3, [witness(4)]]);
  written();
  await place.time.pass(100);
  expect(shown).toEqual([witness(4), witness(7)]);
  expect(room.connection).toBe("joined");
});

test("a room that goes on without some is shown nothing, nor is any by whoever watches", async () => {
  for (const { contract, want } of [
    { contract: { ...tally, presence: "any" as const }, want: "play" as const },
    { contract: tally, want: "watch" as const },
  ]) {
    const place = new Place(contract);
    const id = place.newRoom();
    await place.join<Tally>(id, 1, place.carrier(), { want });
    const shown = shownTo(place, id);
    place.say({ type: "witness", witness: witness(4) });
    await place.time.pass(1000);
    expect(shown).toEqual([]);
  }
});

test("whoever is handed a witness before they are told how things stand shows it at once, and once", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const shown = shownTo(place, id);
  const { room: hosted } = place.rooms.find(id)!;
  const enter = hosted.enter.bind(hosted);
  hosted.enter = (...given) => {
    enter(...given);
    place.say({ type: "witness", witness: witness(4) });
  };
  await place.join<Tally>(id, 1);
  await place.time.pass(1000);
  expect(shown).toEqual([witness(4)]);
});

test("what names a revealed log is told once, and stays to be asked for", async () => {
  const { place, room } = await playing();
  const told: unknown[] = [];
  room.on("revealed", (log) => told.push(log));
  expect(room.revealed).toBeNull();
  const log = { records: 9, head: new Uint8Array(32).fill(3) };
  place.say({ type: "revealed", ...log });
  place.say({ type: "revealed", records: 10, head: new Uint8Array(32).fill(4) });
  await place.time.pass(10);
  expect([told, room.revealed]).toEqual([[log], log]);
});

test("what cannot be a witness costs the line and is not kept", async () => {
  const { place, room, presented } = await playing();
  place.say({ type: "witness", witness: new Uint8Array(76) });
  await place.time.pass(0);
  expect(room.connection).not.toBe("joined");
  expect(presented).toEqual([]);
});

test("a frozen room says so in its status, stands still, and goes on", async () => {
  const { place, room } = await playing();
  const told: Status[] = [];
  room.on("status", (status) => told.push(status));
  place.say({ type: "frozen", reason: "store-full" });
  place.say({ type: "frozen", reason: "store-full" });
  await place.time.pass(10);
  expect(room.status).toMatchObject({ phase: "frozen", frozen: "store-full", ended: null });
  const tick = room.tickNow();
  await place.time.pass(1000);
  expect(room.tickNow()).toBe(tick);
  place.say({ type: "frozen", reason: null });
  await place.time.pass(10);
  expect(room.status).toEqual({ phase: "playing", waiting: [], spectators: 0, ended: null });
  expect(told.map(({ phase }) => phase)).toEqual(["frozen", "playing"]);
});

test("whoever comes to a frozen room knows it from the first moment", async () => {
  const { place, id, room } = await playing();
  room.close();
  await place.time.pass(100);
  place.rooms.find(id)!.room.freeze("rolled-back", place.time.now());
  const again = await place.join<Tally>(id, 1, place.carrier());
  expect(again.status).toMatchObject({ phase: "frozen", frozen: "rolled-back" });
  expect(again.view).toBeNull();
});

test("a player can ask whether a room goes on without some", async () => {
  const { room } = await playing();
  expect(room.presence).toBe("all");
});

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  folder = undefined;
});

test("a folder keeps witnesses for programs, whole or not at all", async () => {
  folder = joinPath(await mkdtemp(joinPath(tmpdir(), "phatroom-witnesses-")), "made", "when needed");
  const store = folderWitnessStore(folder);
  expect(await store.load("a/b")).toBeUndefined();
  await store.keep("a/b", witness(1));
  await store.keep("../c", witness(2));
  expect(await folderWitnessStore(folder).load("a/b")).toEqual(witness(1));
  expect(await store.load("../c")).toEqual(witness(2));
  await store.keep("a/b", witness(3));
  expect(await store.load("a/b")).toEqual(witness(3));
  const files = await readdir(folder);
  expect(files).toHaveLength(2);
  for (const file of files) await writeFile(joinPath(folder, file), "torn");
  expect(await store.load("a/b")).toBeUndefined();
  await store.keep("a/b", undefined);
  await store.keep("a/b", undefined);
  expect(await readdir(folder)).toHaveLength(1);
});
