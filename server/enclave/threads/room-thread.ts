/** One thread that has rooms, from its start to its end, watched: it is ended if it never comes back from a piece of work. */
import { Worker, type ResourceLimits } from "node:worker_threads";
import type { WorkerConfig } from "../config.ts";
import type { WorkerEvent } from "../worker-setup.ts";
import { stopWord, type ThreadStart, type ThreadWord } from "./messages.ts";

export type ThreadEvent =
  | WorkerEvent
  | { readonly event: "listening"; readonly address: string; readonly contracts: readonly string[] }
  /** It came to nothing good: its rooms are gone, or with other threads. `error` is ours, and says nothing of a room. */
  | { readonly event: "thread-ended"; readonly error: string; readonly restartMs: number | null };

/** What every thread is started with. */
export interface ThreadTerms {
  readonly config: WorkerConfig;
  /** What it runs; in tests, something else. */
  readonly entry: URL;
  /** Of its JavaScript's memory; default: what V8 thinks right. */
  readonly memory?: ResourceLimits | undefined;
  /** Processor time that one piece of its work may take, in ms. */
  readonly cpuMsMax: number;
  /** How long it may take to stop when asked, in ms. */
  readonly stopMs: number;
}

export interface ThreadPorts {
  readonly log: (event: ThreadEvent) => void;
  readonly inspect: (line: string) => void;
  /** Once, whatever the reason; undefined if it was asked to stop. */
  readonly ended: (reason: unknown) => void;
}

export class RoomThread {
  readonly #terms: ThreadTerms;
  readonly #ports: ThreadPorts;
  readonly #beats = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #seen = 0;
  /** What it had spent when it was first found at the piece of work it is at. */
  #spentBefore: number | undefined;
  #asking = false;
  #stopping = false;
  #reason: unknown;

  /** Resolves once it listens. Rejects with what it ended of before. */
  readonly listening: Promise<void>;

  constructor(number: number, terms: ThreadTerms, ports: ThreadPorts) {
    this.#terms = terms;
    this.#ports = ports;
    const start: ThreadStart = { config: terms.config, number, beats: this.#beats };
    const worker = (this.#worker = new Worker(terms.entry, {
      name: `rooms ${number}`,
      workerData: start,
      ...(terms.memory === undefined ? {} : { resourceLimits: terms.memory }),
    }));
    const listening = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    this.listening = listening.promise;
    this.#gone = gone.promise;
    // Whoever does not wait for it hears of its end.
    listening.promise.catch(() => undefined);
    worker.on("message", (word: ThreadWord) => {
      if (word.said === "listening") listening.resolve();
      this.#hear(word);
    });
    worker.on("error", (error) => (this.#reason = error));
    worker.once("exit", () => {
      const reason = this.#reason ?? new Error("it ended by itself");
      listening.reject(reason);
      gone.resolve();
      ports.ended(this.#stopping ? undefined : reason);
    });
  }

  /** To be called every quarter of a second or so. */
  look(): void {
    const beat = Atomics.load(this.#beats, 0);
    if (beat !== this.#seen) {
      this.#seen = beat;
      this.#spentBefore = undefined;
      return;
    }
    if (this.#asking) return;
    this.#asking = true;
    this.#worker
      .cpuUsage()
      .then(({ user, system }) => this.#judge(beat, (user + system) / 1000))
      // It is ending.
      .catch(() => undefined)
      .finally(() => (this.#asking = false));
  }

  /** Lets it write down what it has, and ends it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#worker.postMessage(stopWord);
    const impatience = setTimeout(() => void this.#worker.terminate(), this.#terms.stopMs);
    await this.#gone;
    clearTimeout(impatience);
  }

  #hear(word: ThreadWord): void {
    switch (word.said) {
      case "event":
        return this.#ports.log(word.event);
      case "inspect":
        return this.#ports.inspect(word.line);
      case "listening":
        return this.#ports.log({ event: "listening", address: word.address, contracts: word.contracts });
    }
  }

  #judge(beat: number, spent: number): void {
    if (beat !== Atomics.load(this.#beats, 0)) return;
    this.#spentBefore ??= spent;
    const ms = spent - this.#spentBefore;
    if (ms < this.#terms.cpuMsMax) return;
    this.#reason ??= new Error(`it spent ${Math.round(ms)} ms of processor time on one piece of work`);
    void this.#worker.terminate();
  }
}
