/**
 * From rows that have all changed, and given sets of rows that each viewer sees, to every viewer's bytes before encryption:
 * our entities, and `@colyseus/schema` with a StateView for each viewer.
 *
 * Processor time of the process is counted, not time that passes, so that other work on the machine disturbs less. Both
 * take turns. What costs Colyseus something when a field is set is not counted; that we compare all rows is.
 */
import { ColyseusEncoding } from "./encode/colyseus.ts";
import { OurEncoding } from "./encode/ours.ts";
import { expectedRows, makeScene, moveAll, type Encoding, type Reader, type Scene } from "./encode/scene.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile, rounded } from "./statistics.ts";

const sizes: readonly (readonly [players: number, visible: number])[] = [
  [100, 20],
  [500, 60],
  [1000, 60],
  [500, 500],
];

/** Rows seen in a round at least, whose processor time is one sample; and ticks. */
const rowsPerRound = 500_000;
const ticksPerRound = 10;
/** Ticks before and after, at which every viewer's bytes are decoded and compared. */
const checkedTicks = 3;

/** What it takes to look at the processor time twice, which is a part of what is seen. */
const lookUs = ((): number => {
  let sum = 0;
  const looks = 20_000;
  for (let i = 0; i < 2 * looks; i++) {
    const { user, system } = process.cpuUsage(process.cpuUsage());
    if (i >= looks) sum += user + system;
  }
  return sum / looks;
})();

const systems = [
  ["phatroom", OurEncoding],
  ["Colyseus", ColyseusEncoding],
] as const;

// oxlint-disable-next-line require-await -- a bench is asynchronous
export async function measureEncode({ quick }: Options): Promise<Measured> {
  const rows: Row[] = [];
  const ratios: Record<string, number> = {};
  for (const [players, visible] of sizes) {
    const scene = makeScene(players, visible);
    progress(`encode: ${scene.name}`);
    const runs = systems.map(([name, System]) => new Run(name, scene, new System(scene)));
    for (const run of runs) run.warmUp(quick ? 500 : 2000);
    for (let round = 0; round < (quick ? 5 : 40); round++) for (const run of runs) run.round();
    for (const run of runs) run.check();
    const measured = runs.map((run) => run.row());
    rows.push(...measured);
    const [ours, theirs] = measured.map((row) => row["cpu_ms_per_tick_p50"] as number) as [number, number];
    ratios[`${scene.name}: processor time, Colyseus / phatroom`] = rounded(theirs / ours);
  }
  return { rows, ratios };
}

class Run {
  readonly #name: string;
  readonly #scene: Scene;
  readonly #encoding: Encoding;
  readonly #readers: readonly Reader[];
  readonly #samples: number[] = [];
  #tick = 0;
  #bytes = 0;
  #compared = 0;

  constructor(name: string, scene: Scene, encoding: Encoding) {
    this.#name = name;
    this.#scene = scene;
    this.#encoding = encoding;
    this.#readers = scene.seen.map(() => encoding.reader());
  }

  /** Until the engine has compiled what it runs. @param ms of processor time. */
  warmUp(ms: number): void {
    this.check();
    const before = process.cpuUsage();
    for (let spent = 0; spent < ms * 1000;) {
      this.#move();
      this.#encoding.encode();
      const { user, system } = process.cpuUsage(before);
      spent = user + system;
    }
  }

  round(): void {
    const { players, visible } = this.#scene;
    const ticks = Math.max(ticksPerRound, Math.ceil(rowsPerRound / (players * visible)));
    let spentUs = 0;
    for (let i = 0; i < ticks; i++) {
      this.#move();
      const before = process.cpuUsage();
      this.#bytes = this.#encoding.encode();
      const { user, system } = process.cpuUsage(before);
      spentUs += user + system - lookUs;
    }
    this.#samples.push(spentUs / ticks / 1000);
  }

  /** What every viewer gets is what it must see: everything in a row is in the bytes of every tick. */
  check(): void {
    for (let i = 0; i < checkedTicks; i++) {
      this.#move();
      this.#encoding.encode((viewer, bytes) => this.#readers[viewer]!.read(bytes.slice()));
      this.#readers.forEach((reader, viewer) => this.#compare(reader, viewer));
    }
  }

  row(): Row {
    const { name, players, visible } = this.#scene;
    return {
      name: `${this.#name} ${name}`,
      players,
      visible,
      cpu_ms_per_tick_p50: percentile(this.#samples, 50),
      cpu_ms_per_tick_p95: percentile(this.#samples, 95),
      cpu_ns_per_row_seen: (percentile(this.#samples, 50) * 1e6) / (players * visible),
      bytes_per_viewer_per_tick: Math.round(this.#bytes / players),
      views_compared: this.#compared,
    };
  }

  #move(): void {
    moveAll(this.#scene, (this.#tick += 1));
    this.#encoding.take();
  }

  #compare(reader: Reader, viewer: number): void {
    const [rows, expected] = [reader.rows(), expectedRows(this.#scene, viewer)];
    if (rows.length !== expected.length || rows.some((row, i) => row !== expected[i])) {
      throw new Error(`${this.#name}: viewer ${viewer} of ${this.#scene.name} sees other rows than it must`);
    }
    this.#compared += 1;
  }
}
