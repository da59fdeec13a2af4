/**
 * A room that is busy for long holds no more in the end than when it had warmed up, and a tick costs no more: neither work
 * of the sandbox, nor frames, nor bytes. `npm run bench soak` does the same with real clients, by the clock.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundleOf } from "../support/bundles.ts";
import { rootFolder } from "../support/folders.ts";
import type { DeepCheck, DeepOptions, DeepResult } from "./deep.ts";
import type { Part, SoakTask } from "./soak/process.ts";

const entry = fileURLToPath(new URL("../../contracts/skirmish/assembly/skirmish.ts", import.meta.url));

/** From the second fifth, when all is compiled and every buffer has grown, to the last: what a process's own noise is. */
const grownBytesMax = 1024 * 1024;
/** The same for what a tick costs: where people stand makes some difference. */
const dearerMax = 1.3;

/** Minutes of the slice and of the whole are the same length: 1,200 ticks at 20 Hz. */
const manyTicks = 12_000;

/** @param leaks with a room that keeps what it has sent. @throws Error for what grew. */
export async function soak({ seed, count }: DeepOptions, leaks = false): Promise<DeepResult> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-soak-"));
  try {
    const bundle = join(folder, "skirmish.wasm");
    await writeFile(bundle, await bundleOf(entry));
    const players = count >= manyTicks ? 500 : 60;
    const parts = await play({ bundle, seed, players, ticks: count, leaks });
    return { count: check(parts, count), figures: { players, ...figuresOf(parts) } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const soakCheck: DeepCheck = {
  name: "soak",
  unit: "ticks of a busy room",
  // Twenty minutes.
  full: 24_000,
  // One.
  slice: 1200,
  run: (options) => soak(options),
};

async function play(task: SoakTask): Promise<readonly Part[]> {
  const file = fileURLToPath(new URL("soak/process.ts", import.meta.url));
  const args = ["--expose-gc", "--disable-warning=ExperimentalWarning", file, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: rootFolder });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Part);
}

/** Returns how many ticks there were. */
function check(parts: readonly Part[], wanted: number): number {
  const ticks = parts.reduce((sum, part) => sum + part.ticks, 0);
  if (ticks < wanted) throw new Error(`${ticks} ticks of ${wanted}`);
  const [early, late] = [parts[1]!, parts.at(-1)!];
  const grown = late.heldBytes - early.heldBytes;
  if (grown > grownBytesMax) {
    const held = parts.map(({ heldBytes }) => heldBytes).join(", ");
    throw new Error(`memory grew by ${grown} bytes: ${held}`);
  }
  if (late.sandboxBytes > early.sandboxBytes) throw new Error(`the sandbox grew to ${late.sandboxBytes} bytes`);
  for (const what of ["fuel", "frames", "bytes"] as const) {
    const [before, after] = [early[what] / early.ticks, late[what] / late.ticks];
    if (after > before * dearerMax) throw new Error(`a tick costs ${after} ${what}, and ${before} at first`);
  }
  return ticks;
}

function figuresOf(parts: readonly Part[]): { readonly [name: string]: number } {
  const [early, late] = [parts[1]!, parts.at(-1)!];
  return {
    heldMiBEarly: mebibytes(early.heldBytes),
    heldMiBLate: mebibytes(late.heldBytes),
    framesPerTick: Math.round(late.frames / late.ticks),
    fuelPerTick: Math.round(late.fuel / late.ticks),
  };
}

const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
