/**
 * Contracts that attack their sandbox, in TypeScript's language. Each is stopped within its budget, at the same place on
 * every machine, and its room goes on from its last checkpoint.
 */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import type { Call, Player } from "#contract/abi.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import { SandboxError } from "#enclave/sandbox/sandbox.ts";
import { TornRooms } from "./torn-room.ts";

const ann: Player = { id: "a".repeat(32), seat: 0 };
const open: Call = { call: "open", tick: 0, key: new Uint8Array(32).fill(1), options: {} };
const view: Call = { call: "view", tick: 7, viewers: [{ kind: "spectator" }] };
const attack = (kind: string, name: string): Call => ({ call: "move", tick: 5, player: ann, move: { kind, name } });

const { bundle } = await buildContract(fileURLToPath(new URL("hostile-scripts/contract.js", import.meta.url)));
const contract = await (await installedQuickJs()).load(bundle);
const rooms = await TornRooms.load(bundle, contract.manifest);
const names = namesOf(rooms);

/** An overrun goes beyond its budget by one check at most, and the dearest is for moving all memory there is. */
const fuelMax = contract.manifest.fuel + (contract.manifest.memoryPages * 65_536) / 8;

/** How they end. The sly ones come back, or with an error of their own. */
const ends: Readonly<Record<string, RegExp>> = {
  endless: /^out of fuel/,
  deep: /^calls are nested too deeply|Maximum call stack|^out of fuel|out of memory/,
  greedy: /out of memory|^out of fuel|too long|too large|invalid array buffer length/,
};

test("each kind of attack is there many times", () => {
  expect(Object.values(names).map(({ length }) => length > 20)).toEqual([true, true, true, true]);
});

describe.for(Object.entries(names))("%s:", ([kind, attacks]) => {
  test.for(attacks)("%s is stopped, at the same place each time, and the room goes on", (name) => {
    const calls = [open, attack(kind, name)];
    const left = rooms.run(calls);
    expect(left.fuel).toBeLessThanOrEqual(fuelMax);
    expect(left.pages).toBeLessThanOrEqual(contract.manifest.memoryPages);
    const end = ends[kind];
    if (end !== undefined) expect(left.fault).toMatch(end);
    expect(rooms.run(calls)).toEqual(left);

    const victim = contract.instantiate();
    const neighbour = contract.instantiate();
    for (const room of [victim, neighbour]) room.call(open);
    const [checkpoint, before] = [victim.snapshot(), victim.fingerprint()];
    expect(faultOf(() => victim.call(calls[1]!))).toBe(left.fault);
    expect(victim.usage).toEqual({ fuel: left.fuel, pages: left.pages });
    const restored = contract.restore(checkpoint);
    for (const room of [restored, neighbour]) expect(room.fingerprint()).toEqual(before);
    expect(restored.call(view)).toEqual(neighbour.call(view));
  });
});

function namesOf(torn: TornRooms): Record<"endless" | "deep" | "greedy" | "sly", readonly string[]> {
  const { answer } = torn.run([open, attack("list", "")]);
  const [effect] = answer?.answer === "done" ? answer.effects : [];
  if (effect?.effect !== "send") throw new Error("no list");
  return effect.message as ReturnType<typeof namesOf>;
}

function faultOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return error.detail;
  }
}
