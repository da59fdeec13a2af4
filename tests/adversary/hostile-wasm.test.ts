/**
 * Contracts that attack their sandbox, in WebAssembly itself. Each is refused with a reason, or stopped within its budget at
 * the same place every time; its room goes on from its last checkpoint, and its neighbours notice nothing.
 */
import { describe, expect, test } from "vitest";
import type { Call } from "#contract/abi.ts";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { SandboxError } from "#enclave/sandbox/sandbox.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { rawWasm, type RawWasm } from "../support/raw-wasm.ts";
import type { Attacks } from "./hostile-wasm/attack.ts";
import { deep } from "./hostile-wasm/deep.ts";
import { endless } from "./hostile-wasm/endless.ts";
import { lying } from "./hostile-wasm/lying.ts";
import { refused } from "./hostile-wasm/refused.ts";
import { sly } from "./hostile-wasm/sly.ts";
import { TornGuests } from "./torn-guest.ts";

const open: Call = { call: "open", tick: 0, key: new Uint8Array(32).fill(1), options: {} };
const tick: Call = { call: "tick", tick: 7 };
const done = { answer: "done", reason: null, effects: [] };

/** Makes a room with the first call, and attacks with every other. */
const armed = ({ fields = "", call = "", ...more }: RawWasm): Uint8Array =>
  rawWasm({
    ...more,
    fields: `
      ${fields}
      (global $armed (mut i32) (i32.const 0))
      (func $attack (param $length i32) (result i32) ${call})`,
    call: `
      (if (result i32) (global.get $armed)
        (then (call $attack (local.get $length)))
        (else (global.set $armed (i32.const 1)) (call $done)))`,
  });

/** How they end, and what their rooms answer afterwards. */
const kinds: readonly (readonly [kind: string, attacks: Attacks, fault: RegExp])[] = [
  ["endless", endless, /^out of fuel/],
  ["deep", deep, /^calls are nested too deeply/],
  ["lying", lying, /^(?!out of fuel|calls are nested)/],
];

describe.for(kinds)("%s:", ([, attacks, end]) => {
  test.for(Object.entries(attacks))(
    "%s is stopped, at the same place each time, and the room goes on",
    async ([, attack]) => {
      const bundle = armed(attack);
      const contract = await wasmEngine(nodeMachine).load(bundle);
      const rooms = await TornGuests.load(bundle, contract.manifest);
      const left = rooms.run([open, tick]);
      expect(left.fault).toMatch(end);
      expect(left.fuel).toBeLessThanOrEqual(fuelMax(contract.manifest));
      expect(left.pages).toBeLessThanOrEqual(contract.manifest.memoryPages);
      expect(rooms.run([open, tick])).toEqual(left);

      const victim = contract.instantiate();
      const neighbour = contract.instantiate();
      for (const room of [victim, neighbour]) expect(room.call(open)).toEqual(done);
      const [checkpoint, before] = [victim.snapshot(), victim.fingerprint()];
      expect(faultOf(() => victim.call(tick))).toBe(left.fault);
      expect(victim.usage).toEqual({ fuel: left.fuel, pages: left.pages });
      const restored = contract.restore(checkpoint);
      for (const room of [restored, neighbour]) expect(room.fingerprint()).toEqual(before);
      expect(faultOf(() => restored.call(tick))).toBe(left.fault);
    },
  );
});

/** An overrun goes beyond its budget by one check at most, and the dearest is for moving all memory there is. */
const fuelMax = ({ fuel, memoryPages }: { fuel: number; memoryPages: number }): number =>
  fuel + (memoryPages * 65_536) / 8;

describe("sly:", () => {
  test.for(Object.entries(sly))("%s gains nothing", async ([, attack]) => {
    const bundle = armed(attack);
    const contract = await wasmEngine(nodeMachine).load(bundle);
    const rooms = await TornGuests.load(bundle, contract.manifest);
    const left = rooms.run([open, tick, tick, tick]);
    expect(left.answer).toEqual(done);
    expect(left.pages).toBeLessThanOrEqual(contract.manifest.memoryPages);
    expect(rooms.run([open, tick, tick, tick])).toEqual(left);

    const [room, neighbour] = [contract.instantiate(), contract.instantiate()];
    for (const one of [room, neighbour]) expect(one.call(open)).toEqual(done);
    const before = neighbour.fingerprint();
    for (let i = 0; i < 3; i++) expect(contract.restore(room.snapshot()).call(tick)).toEqual(room.call(tick));
    expect(neighbour.fingerprint()).toEqual(before);
    expect(contract.restore(room.snapshot()).fingerprint()).toEqual(room.fingerprint());
  });
});

describe("refused:", () => {
  test.for(Object.entries(refused))("%s", async ([, [told, bundle]]) => {
    const load = wasmEngine(nodeMachine).load(bundle());
    await expect(load).rejects.toMatchObject({ code: "bundle-refused", detail: expect.stringMatching(told) as string });
  });
});

function faultOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return error.detail;
  }
}
