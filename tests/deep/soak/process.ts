/** A process with nothing in it but a busy room, so that its memory is the room's: says after each fifth what there is. */
import { readFile } from "node:fs/promises";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { BusyRoom, type Busy } from "./busy-room.ts";

export interface SoakTask {
  /** The contract's file. */
  readonly bundle: string;
  readonly seed: number;
  readonly players: number;
  readonly ticks: number;
  readonly leaks: boolean;
}

export interface Part extends Busy {
  /** In use after everything was collected that nobody can reach: objects, and bytes outside of the heap. */
  readonly heldBytes: number;
  readonly sandboxBytes: number;
}

export const parts = 5;

const collect = (globalThis as { readonly gc?: () => void }).gc;
const { bundle, seed, players, ticks, leaks } = JSON.parse(process.argv[2]!) as SoakTask;
if (collect === undefined) throw new Error("start this with --expose-gc");

const contract = await (await contractEngine()).load(new Uint8Array(await readFile(bundle)));
const room = new BusyRoom(contract, players, seed, leaks);
for (let part = 0; part < parts; part++) {
  for (let tick = 0; tick < ticks / parts; tick++) room.tick();
  if (room.faults.length > 0) throw new Error(room.faults.join("\n"));
  const busy = room.takeBusy();
  // What finalizers let go of is collected the second time.
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const { sandboxBytes } = room;
  process.stdout.write(`${JSON.stringify({ ...busy, heldBytes: heapUsed + arrayBuffers, sandboxBytes })}\n`);
}
