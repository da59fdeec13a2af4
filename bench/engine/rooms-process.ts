/** The process that hosts rooms: what it uses is used by them alone. */
import { readFile } from "node:fs/promises";
import { setTimeout as after } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { contractEngine } from "../../server/enclave/sandbox/engine.ts";
import { answer } from "../processes/child.ts";
import { percentile } from "../statistics.ts";
import { Hosting, type Wanted } from "./hosting.ts";

/** How the rooms of one contract fared. */
export interface Fared {
  readonly ticks: number;
  readonly missed: number;
  readonly reopened: number;
  readonly p50LateMs: number;
  readonly p99LateMs: number;
  readonly maxLateMs: number;
}

export interface Window {
  readonly elapsedMs: number;
  /** Spent in rooms. */
  readonly busyMs: number;
  /** By contract. */
  readonly fared: Readonly<Record<string, Fared>>;
}

let hosting: Hosting | undefined;

answer({
  /** Loads contracts. Returns their names. */
  async load(paths: readonly string[]): Promise<readonly string[]> {
    const engine = await contractEngine();
    const contracts = [];
    for (const path of paths) contracts.push(await engine.load(await readFile(path)));
    hosting = new Hosting(contracts);
    return contracts.map(({ manifest }) => manifest.name);
  },
  open({ rooms, ...wanted }: Wanted & { readonly rooms: number }): void {
    hosting!.open(rooms, wanted);
  },
  close: (contract: string): void => hosting!.close(contract),
  start: (): void => hosting!.start(),
  save: (): void => hosting!.save(),
  /** Gives back what nobody holds, so that what is resident is what rooms take. */
  collect(): void {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
  },
  /** Lets rooms run, and says how they fared meanwhile. */
  async measure(seconds: number): Promise<Window> {
    hosting!.take();
    const from = performance.now();
    await after(seconds * 1000);
    const elapsedMs = performance.now() - from;
    const { busyMs, courses } = hosting!.take();
    const fared = Object.entries(courses).map(([name, { lateMs, missed, reopened }]) => [
      name,
      {
        ticks: lateMs.length,
        missed,
        reopened,
        p50LateMs: percentile(lateMs, 50),
        p99LateMs: percentile(lateMs, 99),
        maxLateMs: percentile(lateMs, 100),
      },
    ]);
    return { elapsedMs, busyMs, fared: Object.fromEntries(fared) as Window["fared"] };
  },
});
