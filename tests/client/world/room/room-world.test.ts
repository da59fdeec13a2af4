/** The hub's own rules behind the page's port: people meet, walk, talk, lose the line, and are told why they cannot play. */
import { expect, test } from "vitest";
import { dayLength } from "../../../../contracts/phala-world/codes.ts";
import * as components from "../../../../contracts/phala-world/components.ts";
import { phalaWorld, type Move } from "../../../../contracts/phala-world/phala-world.ts";
import type { Carrier } from "../../carrier.ts";
import { Place, policy } from "../../place.ts";
import type { JoinOptions } from "#client/join-options.ts";
import { ClientError } from "#client/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { plainLook } from "#world/avatars/look.ts";
import { distance } from "#world/island/ground.ts";
import type { Push } from "#world/island/walk.ts";
import type { WorldEvent } from "#world/port.ts";
import { Hearing } from "#world/room/hearing.ts";
import { RoomWorld } from "#world/room/room-world.ts";
import { Visit, type HubRoom } from "#world/room/visit.ts";

const still: Push = { x: 0, z: 0, run: false };
const north: Push = { x: 0, z: 1, run: false };

/** Somebody's page, without the picture. */
class Page {
  readonly events: WorldEvent[] = [];
  readonly gates: string[] = [];
  readonly carrier: Carrier;
  readonly world: RoomWorld;
  readonly visit: Visit;
  readonly #place: Place;

  constructor(place: Place, room: RoomId, account: number, change: Partial<JoinOptions> = {}, latencyMs = 0) {
    this.#place = place;
    this.carrier = place.carrier(() => latencyMs);
    this.visit = new Visit({
      place: "http://127.0.0.1",
      world: new Uint8Array(32),
      contract: place.contractHash,
      policy,
      account: () => Promise.resolve({} as never),
      name: "",
      find: () => Promise.resolve(room),
      join: async (_, { components: listed, onStep }) =>
        (await place.join<typeof phalaWorld>(room, account, this.carrier, {
          components: listed!,
          onStep: onStep!,
          ...change,
        })) as unknown as HubRoom,
    });
    this.world = new RoomWorld({
      ask: (move: Move) => void this.visit.ask(move),
      playing: () => this.visit.playing,
      now: () => place.time.now() / 1000,
      onGate: (gate) => this.gates.push(gate),
    });
    this.world.listen((event) => this.events.push(event));
  }

  async enter(name: string): Promise<void> {
    this.world.enter(name, plainLook);
    const room = await this.visit.enter();
    if (room === null) return;
    this.world.attach(room);
    const hearing = new Hearing();
    room.on("message", (message) => {
      const event = hearing.hear(message);
      if (event !== undefined) this.world.hear(event);
    });
  }

  /** Frames at 20 Hz, as a room's. */
  async draw(seconds: number, push: Push = still): Promise<void> {
    for (let t = 0; t < seconds; t += 0.05) {
      this.world.advance(0.05, push);
      await this.#place.time.pass(50);
    }
  }

  get own() {
    return this.world.avatars.get(this.world.own!)!;
  }

  sees(name: string) {
    return [...this.world.avatars.values()].find((avatar) => avatar.name === name);
  }
}

test("two pages see each other where the room has them, and hear each other", async () => {
  const place = new Place(phalaWorld);
  const room = place.newRoom();
  const [ann, ben] = [new Page(place, room, 1), new Page(place, room, 2)];
  await ann.enter("Ann");
  await ben.enter("Ben");
  await ann.draw(1);
  await ben.draw(0.5);
  const from = { x: ann.own.x, z: ann.own.z };
  await ann.draw(1.5, north);
  await ann.draw(1);
  await ben.draw(0.5);
  expect(ann.own.z - from.z).toBeGreaterThan(4);
  const seen = ben.sees("Ann")!;
  expect(distance(seen.x - ann.own.x, seen.z - ann.own.z)).toBeLessThan(0.15);
  expect(seen.clip).toBe("idle");
  expect(ann.sees("RPC-100")).toBeDefined();
  ann.world.say("  hello there ");
  await ben.draw(0.5);
  expect(ben.events).toContainEqual({ kind: "said", from: ann.own.id, name: "Ann", text: "hello there" });
  expect(place.bugs).toEqual([]);
});

test("somebody who comes is announced once, and a line that was lost announces nobody", async () => {
  const place = new Place(phalaWorld);
  const room = place.newRoom();
  const [ann, ben] = [new Page(place, room, 1), new Page(place, room, 2)];
  await ann.enter("Ann");
  await ann.draw(1);
  await ben.enter("Ben");
  await ann.draw(1);
  const told = () => ann.events.filter(({ kind }) => kind === "arrived" || kind === "left");
  expect(told()).toEqual([expect.objectContaining({ kind: "arrived", name: "Ben" })]);
  const at = { x: ann.own.x, z: ann.own.z };
  ann.carrier.cut();
  expect(ann.visit.playing).toBe(false);
  ann.world.advance(0.5, north);
  expect(ann.own).toMatchObject(at);
  await ann.draw(4);
  expect(ann.visit.reach.value).toBe("joined");
  expect(told()).toHaveLength(1);
  await place.time.until(ben.visit.room!.leave());
  await ann.draw(2);
  expect(told().at(-1)).toMatchObject({ kind: "left", name: "Ben" });
});

test("the time of day goes by the room's tick, and is the same for whoever comes later", async () => {
  const place = new Place(phalaWorld);
  const room = place.newRoom();
  const ann = new Page(place, room, 1);
  await ann.enter("Ann");
  await ann.draw(3);
  const ben = new Page(place, room, 2);
  await ben.enter("Ben");
  await ben.draw(1);
  expect(Math.abs(ben.world.day - ann.world.day) * dayLength).toBeLessThan(0.3);
  const before = ann.world.day;
  await ann.draw(6);
  expect((ann.world.day - before) * dayLength).toBeCloseTo(6, 0);
});

test("a gate is noticed in its ring, and a wish that is refused says why", async () => {
  const place = new Place(phalaWorld);
  const ann = new Page(place, place.newRoom(), 1, {}, 100);
  await ann.enter("Ann");
  await ann.draw(1);
  ann.world.travel();
  expect(ann.gates).toEqual([]);
  for (const push of [
    { x: 1, z: 0.75, run: true },
    { x: -0.6, z: 1, run: true },
  ])
    await ann.draw(1.6, push);
  // In the very moment in which it is offered, the room has said that she stands there.
  const bodies = ann.visit.room!.entities(components.Body);
  const gates: (string | null)[] = [];
  ann.world.listen(({ kind }) => {
    const { seat, x, z } = bodies.columns;
    const own = bodies.ids.find((id) => seat[id] === ann.visit.room!.seat)!;
    if (kind === "gate") gates.push(ann.world.terrain.gateAt(x[own]!, z[own]!));
  });
  for (let i = 0; i < 120 && !ann.events.some(({ kind }) => kind === "gate"); i++) {
    await ann.draw(0.05, { x: Math.max(-1, Math.min(1, -ann.own.x)), z: 1, run: true });
  }
  ann.world.travel();
  expect(ann.gates).toEqual(["dot4"]);
  expect(gates).toEqual(["dot4"]);
  expect(await place.time.until(ann.visit.ask({ do: "hatch", origin: 99 }))).toBe(false);
  expect(ann.visit.refusal.value).toBe("There is no such thing.");
  expect(await place.time.until(ann.visit.ask({ do: "claim-spirit" }))).toBe(true);
  expect(ann.visit.refusal.value).toBeNull();
});

test("a frozen room stops play, and the shield turns until it goes on", async () => {
  const place = new Place(phalaWorld);
  const ann = new Page(place, place.newRoom(), 1);
  await ann.enter("Ann");
  await ann.draw(1);
  expect(ann.visit.playing).toBe(true);
  expect(ann.visit.proof).toMatchObject({ failure: null, frozen: null, checking: false });
  const at = { x: ann.own.x, z: ann.own.z };
  place.say({ type: "frozen", reason: "rolled-back" } as never);
  await place.time.pass(100);
  expect(ann.visit.status.value.phase).toBe("frozen");
  expect(ann.visit.playing).toBe(false);
  expect(ann.visit.proof.frozen).toBe("rolled-back");
  ann.world.advance(0.25, north);
  expect(ann.own).toMatchObject(at);
});

test("where a check fails nobody plays, and the shield says which", async () => {
  const place = new Place(phalaWorld);
  const ann = new Page(place, place.newRoom(), 1, { contract: new Uint8Array(32).fill(9) });
  await ann.enter("Ann");
  expect(ann.visit.failure.value?.code).toBe("wrong-contract");
  expect(ann.visit.proof).toMatchObject({ failure: "wrong-contract" });
  expect(ann.visit.playing).toBe(false);
  expect(ann.world.own).toBeNull();
});

test("a hub that is gone is looked for elsewhere, once", async () => {
  const place = new Place(phalaWorld);
  const asked: boolean[] = [];
  const gone = new ClientError("room-not-found", { source: "gateway" });
  const visit = new Visit({
    place: "http://127.0.0.1",
    world: new Uint8Array(32),
    contract: place.contractHash,
    policy,
    account: () => Promise.resolve({} as never),
    name: "",
    find: (lost) => Promise.resolve((asked.push(lost), "3fa2c01d9e8b7a654321" as unknown as RoomId)),
    join: () => Promise.reject(gone),
  });
  expect(await visit.enter()).toBeNull();
  expect(asked).toEqual([false, true]);
  expect(visit.failure.value?.code).toBe("room-not-found");
});

test("the page lists every component of the rules, as they do", () => {
  expect(
    Object.keys(components)
      .filter((name) => /^[A-Z]/.test(name))
      .sort(),
  ).toEqual(["Body", "Look", "Push", "Treasure"]);
});
