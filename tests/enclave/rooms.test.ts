/** Rooms of a contract that fails are opened again only as often as the worker can bear, and a full machine is not a fault. */
import { expect, test } from "vitest";
import { accept, type Contract } from "#contract/index.ts";
import { Rooms } from "#enclave/rooms.ts";
import { MachineError } from "#enclave/sandbox/machine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { inProcess } from "#testing/in-process.ts";

const faulty: Contract<null, null, null> = {
  name: "faulty",
  players: { min: 1, max: 1 },
  fuel: 200_000_000,
  moves: { "~standard": { version: 1, vendor: "test", validate: () => ({ value: null }) } },
  open() {
    throw new Error("boom");
  },
  apply: (state) => accept(state),
  view: () => null,
};

function hosting(...contracts: LoadedContract[]): Hosting {
  return hostingBy(undefined, ...contracts);
}

type Hosting = (contract: string, now: number) => string;

/** @param clock what faults take is counted by it. */
function hostingBy(clock: (() => number) | undefined, ...contracts: LoadedContract[]): Hosting {
  const rooms = new Rooms({
    contracts,
    output: { send: () => undefined, close: () => undefined },
    announce: () => undefined,
    gone: () => undefined,
    fault: () => undefined,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    ...(clock === undefined ? {} : { clock }),
  });
  return (contract, now) => {
    try {
      rooms.create({ contract, options: {}, listed: false }, now);
      return "created";
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  };
}

test("a contract that faults whenever it is opened keeps others waiting for a sixteenth of the time at most", () => {
  const create = hosting(inProcess(faulty), inProcess({ ...faulty, name: "sound", open: () => null }));
  const answers = Array.from({ length: 60_000 / 20 }, (_, i) => create("faulty", 1000 + 20 * i));
  const faults = answers.filter((code) => code === "room-faulted").length;
  expect(answers.filter((code) => code === "busy").length).toBe(answers.length - faults);
  // A budget of 200 million takes some 70 ms: two at once, then one in eleven hundred milliseconds.
  expect(faults).toBeGreaterThan(50);
  expect(faults).toBeLessThan(62);
  expect(create("sound", 61_000)).toBe("created");
});

test("a machine without memory for one more room is full, and the contract is not to blame", () => {
  const full: LoadedContract = {
    ...inProcess({ ...faulty, open: () => null }),
    instantiate() {
      throw new MachineError("no memory for one more instance");
    },
  };
  const create = hosting(full);
  expect(Array.from({ length: 100 }, () => create("faulty", 1000))).toEqual(Array(100).fill("busy"));
});

test("a contract whose faults take longer than their fuel says keeps nobody waiting for more than a sixteenth of the time either", () => {
  let at = 0;
  const slow = inProcess({
    ...faulty,
    fuel: 1_000_000,
    open() {
      at += 160;
      throw new Error("memory that is never enough");
    },
  });
  const create = hostingBy(() => at, slow);
  const answers = Array.from({ length: 60_000 / 20 }, (_, i) => create("faulty", 1000 + 20 * i));
  expect(answers.filter((code) => code === "room-faulted").length).toBeLessThan(26);
});

test("what faults at a boundary took is owed for as well: no room of that contract is made meanwhile", () => {
  let at = 0;
  const slow = inProcess({
    ...faulty,
    pace: "ticks",
    hz: 20,
    fuel: 1_000_000,
    open: () => null,
    tick() {
      at += 160;
      throw new Error("memory that is never enough");
    },
  });
  const rooms = new Rooms({
    contracts: [slow],
    output: { send: () => undefined, close: () => undefined },
    announce: () => undefined,
    gone: () => undefined,
    fault: () => undefined,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    clock: () => at,
  });
  const wish = { contract: "faulty", options: {}, listed: false };
  const hosted = rooms.create(wish, 1000);
  const player = "ab".repeat(16) as PlayerId;
  hosted.room.enter(1, { player, want: "play", name: "Ada", entropy: new Uint8Array(32) }, 1000);
  rooms.boundary(hosted, 1050, false);
  rooms.boundary(hosted, 1100, false);
  expect(() => rooms.create(wish, 2000)).toThrow(expect.objectContaining({ code: "busy" }));
  expect(rooms.create(wish, 60_000).room.phase).toBe("open");
});
