/** An instance that outlives its faults: what is repeated after one, what a machine that gives out costs, and sleep. */
import { expect, test } from "vitest";
import type { Answer, Call } from "#contract/abi.ts";
import { manifestLimits } from "#protocol/manifest.ts";
import { CheckpointedInstance } from "#enclave/room/checkpoint.ts";
import { MachineError } from "#enclave/sandbox/machine.ts";
import { SandboxError, type Instance, type LoadedContract } from "#enclave/sandbox/sandbox.ts";

const done: Answer = { answer: "done", reason: null, effects: [] };

/** A contract whose state is how often it was called; it does at the tick of a call what `troubles` says, once each. */
class Counting {
  /** Calls that ran in any instance. */
  ran = 0;
  restored = 0;
  snapshots = 0;
  readonly troubles: { readonly tick: number; readonly trouble: "fault" | "machine" }[] = [];
  readonly #fuel: number;

  constructor(fuel = 0) {
    this.#fuel = fuel;
  }

  readonly contract = {
    instantiate: () => this.#instance(0),
    restore: (snapshot: Uint8Array) => {
      this.restored += 1;
      return this.#instance(new DataView(snapshot.buffer).getUint32(0));
    },
  } as LoadedContract;

  #instance(count: number): Instance {
    let calls = count;
    let torn = false;
    return {
      call: (call) => {
        expect(torn).toBe(false);
        this.ran += 1;
        calls += 1;
        const at = this.troubles.findIndex(({ tick }) => "tick" in call && call.tick === tick);
        if (at === -1) return done;
        torn = true;
        const [{ trouble } = { trouble: "fault" }] = this.troubles.splice(at, 1);
        throw trouble === "fault" ? new SandboxError("call-faulted", "asked for") : new MachineError("asked for");
      },
      usage: { fuel: this.#fuel, pages: 1 },
      tables: () => new Uint8Array(),
      fingerprint: () => new Uint8Array(),
      snapshot: () => {
        expect(torn).toBe(false);
        this.snapshots += 1;
        const bytes = new Uint8Array(4);
        new DataView(bytes.buffer).setUint32(0, calls);
        return bytes;
      },
      close: () => (torn = true),
    };
  }
}

const tick = (at: number): Call => ({ call: "tick", tick: at });
const callsIn = (instance: CheckpointedInstance): number => new DataView(instance.snapshot().buffer).getUint32(0);

/** Past its first interval, whose length differs from room to room. */
function settled(counting: Counting): CheckpointedInstance {
  const instance = new CheckpointedInstance(counting.contract);
  while (counting.snapshots === 0) instance.call(tick(0));
  return instance;
}

test("a call that faults did not happen, and those before it did", () => {
  const counting = new Counting();
  const instance = settled(counting);
  const before = callsIn(instance);
  instance.call(tick(1));
  counting.troubles.push({ tick: 2, trouble: "fault" });
  expect(() => instance.call(tick(2))).toThrow(expect.objectContaining({ code: "call-faulted" }));
  expect(callsIn(instance)).toBe(before + 1);
  instance.call(tick(3));
  expect(callsIn(instance)).toBe(before + 2);
});

test("whoever faults again and again has what came before repeated once, not each time", () => {
  const counting = new Counting();
  const instance = settled(counting);
  for (let i = 0; i < 100; i++) instance.call(tick(0));
  for (let i = 0; i < 10; i++) counting.troubles.push({ tick: 1, trouble: "fault" });
  counting.ran = 0;
  for (let i = 0; i < 10; i++) expect(() => instance.call(tick(1))).toThrow(SandboxError);
  expect(counting.ran).toBe(100 + 10);
});

test.for([
  ["calls", 0, 256],
  ["work", manifestLimits.fuel / 8, 8],
  ["one call that may cost all", manifestLimits.fuel, 1],
] as const)("what a fault can make a worker repeat is bounded in %s", ([, fuel, most]) => {
  const counting = new Counting(fuel);
  const instance = settled(counting);
  for (let i = 0; i < 3 * most; i++) {
    counting.ran = 0;
    counting.troubles.push({ tick: 1, trouble: "fault" });
    expect(() => instance.call(tick(1))).toThrow(SandboxError);
    instance.call(tick(0));
    expect(counting.ran).toBeLessThanOrEqual(most + 2);
  }
  counting.snapshots = 0;
  for (let i = 0; i < most * 4; i++) instance.call(tick(0));
  expect(counting.snapshots).toBe(4);
});

test("rooms that open together are not saved together", () => {
  const counting = new Counting();
  const rooms = Array.from({ length: 64 }, () => new CheckpointedInstance(counting.contract));
  let most = 0;
  for (let at = 0; at < 600; at++) {
    counting.snapshots = 0;
    for (const room of rooms) room.call(tick(0));
    most = Math.max(most, counting.snapshots);
  }
  // 64 rooms in intervals of 256 calls: one in four calls, were they spread evenly.
  expect(most).toBeLessThanOrEqual(2);
});

test("a machine that gives out once is no fault: the call happens", () => {
  const counting = new Counting();
  const instance = settled(counting);
  const before = callsIn(instance);
  instance.call(tick(0));
  counting.troubles.push({ tick: 1, trouble: "machine" });
  expect(instance.call(tick(1))).toBe(done);
  expect(callsIn(instance)).toBe(before + 2);
});

test("a machine that gives out twice is told as such, and the room is as before the call", () => {
  const counting = new Counting();
  const instance = settled(counting);
  const before = callsIn(instance);
  instance.call(tick(0));
  counting.troubles.push({ tick: 1, trouble: "machine" }, { tick: 1, trouble: "machine" });
  expect(() => instance.call(tick(1))).toThrow(MachineError);
  expect(callsIn(instance)).toBe(before + 1);
});

test("a room that slept goes on where it was, and one that nothing happened to is not saved twice", () => {
  const counting = new Counting();
  const instance = settled(counting);
  instance.call(tick(0));
  const before = callsIn(instance);
  counting.snapshots = 0;
  instance.sleep();
  instance.snapshot();
  expect([instance.asleep, counting.snapshots]).toEqual([true, 0]);
  instance.call(tick(1));
  expect(callsIn(instance)).toBe(before + 1);
});
