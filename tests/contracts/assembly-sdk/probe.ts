/** The contract that does what a move asks of the SDK, loaded by the engine and asked. */
import { fileURLToPath } from "node:url";
import type { Call, Effect } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Value } from "#protocol/value.ts";
import { bundleOf } from "../../support/bundles.ts";

export const ann = { id: "a".repeat(32), seat: 0 };
export const ben = { id: "b".repeat(32), seat: 11 };
export const anyKey = new Uint8Array(32).fill(5);

/** What the compiler takes when nobody has built it yet, in ms. */
export const buildTimeoutMs = 120_000;

/** @param lines what the contract prints for its author is added here. */
export async function loadProbe(lines: string[] = []): Promise<LoadedContract> {
  const bundle = await bundleOf(fileURLToPath(new URL("../fixtures/assembly/probe.ts", import.meta.url)));
  return (await contractEngine()).load(bundle, { log: (line) => lines.push(line) });
}

/** A room in which Ann sits, who drew from this key when she joined. */
export function openedRoom(probe: LoadedContract, key: Uint8Array = anyKey): Instance {
  const room = probe.instantiate();
  room.call({ call: "open", tick: 0, key: anyKey, options: { speed: "fast", board: "small" } });
  room.call({ call: "join", tick: 1, key, player: ann });
  return room;
}

export function effectsOf(room: Instance, call: Call): readonly Effect[] {
  const answer = room.call(call);
  if (answer.answer !== "done") throw new Error(answer.answer);
  if (answer.reason !== null) throw new Error(answer.reason);
  return answer.effects;
}

export const ask = (room: Instance, what: string, value: Value): Value | undefined => {
  const [effect] = effectsOf(room, { call: "move", tick: 2, player: ann, move: { ask: what, value } });
  return effect?.effect === "send" ? effect.message : undefined;
};
