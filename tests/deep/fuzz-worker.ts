/**
 * A hostile gateway throws frames at a real worker process, and hostile players with genuine channels do the same from
 * inside. The worker must neither die nor grow nor find fault with itself, and must still serve.
 */
import type { RoomId } from "#protocol/identity.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";
import { HostileGateway } from "./hostile-gateway.ts";
import { HostilePlayers } from "./hostile-players.ts";
import { spawnWorker, type WorkerProcess } from "./worker-process.ts";

const framesPerBatch = 2000;
const roomCount = 20;
/** Memory that a worker may have gained over a run: V8 keeps what it once needed. */
const growthMax = 64 * 1024 * 1024;

export const fuzzWorker: DeepCheck = {
  name: "fuzz-worker",
  unit: "hostile frames",
  full: 10_000_000,
  slice: 30_000,
  async run({ seed, count, progress }) {
    const worker = await spawnWorker();
    const attack = new Attack(worker, seed);
    try {
      let warm = 0;
      while (attack.frames < count) {
        await attack.wave(count);
        progress?.(attack.frames);
        if (warm === 0 && attack.frames >= count / 10) warm = worker.process.residentBytes();
      }
      const grown = worker.process.residentBytes() - warm;
      if (grown > growthMax) throw new Error(`the worker grew by ${grown} bytes`);
      await expectService(worker.socket);
      worker.process.check("at the end");
      const figures = {
        inside: attack.inside,
        hang_ups: worker.process.events.get("gateway-gone") ?? 0,
        faults: worker.process.events.get("contract-faulted") ?? 0,
        grown_mib: Math.round(grown / 2 ** 20),
      };
      return { count: attack.frames, figures };
    } catch (cause) {
      throw new Error(`seed ${seed}, about frame ${attack.frames}`, { cause });
    } finally {
      await worker.stop();
    }
  },
};

class Attack {
  readonly #worker: WorkerProcess;
  readonly #numbers: SeededNumbers;
  readonly #insideNumbers: SeededNumbers;
  readonly #players = new HostilePlayers(() => this.#gateway!.create());
  #gateway: HostileGateway | undefined;
  #rooms: readonly RoomId[] = [];
  /** Hostile frames so far. */
  frames = 0;
  /** Those of them that came through genuine channels. */
  inside = 0;

  constructor(worker: WorkerProcess, seed: number) {
    this.#worker = worker;
    this.#numbers = new SeededNumbers(seed);
    this.#insideNumbers = new SeededNumbers(seed ^ 0x5eed);
  }

  /** One batch from outside, and one visit of the players inside. */
  async wave(count: number): Promise<void> {
    const gateway = await this.#open();
    const visit = this.#players.visit(gateway, this.#insideNumbers).catch((error: unknown) => {
      // Players lose their channels when the worker hangs up on their gateway.
      if (gateway.isOpen) throw error;
      return 0;
    });
    const frames = Math.min(framesPerBatch, count - this.frames);
    gateway.batch(this.#numbers, this.#rooms, frames);
    const [inside] = await Promise.all([visit, gateway.answered()]);
    this.frames += frames + inside;
    this.inside += inside;
    this.#worker.process.check("under fire");
    if (!gateway.isOpen && !gateway.misbehaved) throw new Error("the worker hung up for what clients had sent");
  }

  async #open(): Promise<HostileGateway> {
    if (this.#gateway?.isOpen !== true) this.#gateway = await HostileGateway.connect(this.#worker.socket);
    const gateway = this.#gateway;
    if (this.#rooms.length === 0) {
      this.#rooms = await Promise.all(Array.from({ length: roomCount }, () => gateway.create()));
    }
    return gateway;
  }
}

/** The worker still makes rooms. */
async function expectService(socket: string): Promise<void> {
  const gateway = await HostileGateway.connect(socket);
  await gateway.create();
  gateway.close();
}
