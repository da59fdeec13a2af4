/** When kept rooms are saved: often enough that reading one back holds up nobody for long. */
import { expect, test } from "vitest";
import { accept, type Contract } from "#contract/index.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { MachineError } from "#enclave/sandbox/machine.ts";
import { Rooms, type HostedRoom } from "#enclave/rooms.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk } from "../support/memory-store.ts";
import { Machine } from "./machine.ts";

const counter: Contract<number, null, number> = {
  name: "counter",
  players: { min: 1, max: 1 },
  moves: { "~standard": { version: 1, vendor: "test", validate: () => ({ value: null }) } },
  open: () => 0,
  apply: (state) => accept(state + 1),
  view: (state) => state,
};

/** Each call of which costs so much, as far as anybody can tell. */
function costing(fuel: number): LoadedContract {
  const loaded = inProcess(counter);
  const dear = (instance: Instance): Instance =>
    new Proxy(instance, {
      get: (target, name) => {
        if (name === "usage") return { fuel, pages: 1 };
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  return {
    ...loaded,
    instantiate: () => dear(loaded.instantiate()),
    restore: (snapshot) => dear(loaded.restore(snapshot)),
  };
}

/** Which the machine cannot hold twice any more, once it says so. */
function toldOff(machine: { gaveOut: boolean }): LoadedContract {
  const loaded = inProcess(counter);
  return {
    ...loaded,
    instantiate() {
      const instance = loaded.instantiate();
      return new Proxy(instance, {
        get: (target, name) => {
          const value = Reflect.get(target, name, target) as unknown;
          if (typeof value !== "function") return value;
          return (...given: unknown[]): unknown => {
            if (name === "snapshot" && machine.gaveOut) throw new MachineError("no memory");
            return value.apply(target, given) as unknown;
          };
        },
      });
    },
  };
}

/** A room after so many moves, and how many snapshots the store was given of it. */
async function played(fuel: number, moves: number): Promise<number> {
  const machine = new Machine(new Disk(), costing(fuel));
  let saved = 0;
  const save = machine.store.save.bind(machine.store);
  machine.store.save = (snapshot) => {
    saved += 1;
    return save(snapshot);
  };
  const { id } = machine.create("counter").room;
  const connection = await machine.enter(id, "aa".repeat(16) as PlayerId);
  for (let n = 1; n <= moves; n++) {
    machine.move(id, connection, n, null);
    await machine.pass(100);
    await machine.rooms.save((error) => expect.unreachable(String(error)));
  }
  return saved;
}

test("a room that works much is saved after few records, one that works little after many", async () => {
  expect(await played(1000, 20)).toBe(0);
  expect(await played(100_000_000, 20)).toBeGreaterThanOrEqual(2);
});

test("a room that the machine can neither save nor put to sleep is given up alone", async () => {
  const state = { gaveOut: false };
  const machine = new Machine(new Disk(), toldOff(state));
  const { room } = machine.create("counter");
  const connection = await machine.enter(room.id, "aa".repeat(16) as PlayerId);
  for (let n = 1; n <= 300; n++) {
    machine.move(room.id, connection, n, null);
    await machine.pass(20);
  }
  state.gaveOut = true;
  const unsaved: unknown[] = [];
  await machine.rooms.save((error) => unsaved.push(error));
  expect(unsaved).toEqual([expect.any(MachineError)]);
  expect(machine.rooms.find(room.id)).toBeDefined();

  const failed: HostedRoom[] = [];
  const rooms = new Rooms({
    contracts: [toldOff(state)],
    output: { send: () => undefined, close: () => undefined },
    announce: () => undefined,
    gone: () => undefined,
    fault: () => undefined,
    failed: (hosted) => failed.push(hosted),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const all = [0, 1].map(() => rooms.create({ contract: "counter", options: {}, listed: true }, 0));
  expect(rooms.tidy(60_000)).toEqual([]);
  expect(failed).toEqual(all);
});
