/**
 * What the engine costs: the same workloads in plain V8 and in the sandbox's engines, with and without what the hardener
 * adds; then rooms as a worker has them.
 */
import type { Measured } from "./benches.ts";
import { measurePort } from "./engine/port.ts";
import { hardenedQuickJs, plainQuickJs } from "./engine/quickjs.ts";
import { workloadsModule, workloadsScript } from "./engine/portable.ts";
import { measureRooms } from "./engine/rooms.ts";
import { moverTwins } from "./engine/twins.ts";
import { plainV8 } from "./engine/v8.ts";
import { hardenedWasm, plainWasm } from "./engine/wasm.ts";
import { measureWorkloads, ratioOf, type Rounds } from "./engine/workloads.ts";
import type { Options } from "./options.ts";
import { progress } from "./progress.ts";
import { rounded } from "./statistics.ts";

export async function measureEngine({ quick }: Options): Promise<Measured> {
  progress("engine: workloads");
  const workloads = await measuredWorkloads(quick ? { rounds: 15, warmupMs: 500 } : { rounds: 601, warmupMs: 4000 });
  progress("engine: calls, new rooms, snapshots");
  const port = measurePort(await moverTwins(), quick ? { rounds: 15, warmupMs: 500 } : { rounds: 101, warmupMs: 4000 });
  const rooms = await measureRooms(quick);
  return { rows: [...workloads.rows, ...port, ...rooms], ratios: workloads.ratios };
}

async function measuredWorkloads(rounds: Rounds): Promise<Measured> {
  const [script, module] = [await workloadsScript(), await workloadsModule()];
  const candidates = [
    plainV8(script),
    plainWasm(module),
    hardenedWasm(module),
    await plainQuickJs(script),
    await hardenedQuickJs(script),
  ] as const;
  const { rows, times } = measureWorkloads(candidates, rounds);
  const [v8, wasm, wasmHardened, quickJs, quickJsHardened] = candidates;
  const compared = [
    [wasm, v8],
    [wasmHardened, v8],
    [wasmHardened, wasm],
    [quickJsHardened, v8],
    [quickJsHardened, quickJs],
  ] as const;
  const ratios = compared.flatMap(([one, other]) => Object.entries(ratioOf(times, one.name, other.name)));
  return { rows, ratios: Object.fromEntries(ratios.map(([key, ratio]) => [key, rounded(ratio)])) };
}
