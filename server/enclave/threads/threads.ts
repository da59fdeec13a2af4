/**
 * The threads of a worker that have rooms, seen from the first thread of the process, which has none: it starts them, keeps
 * the log, and starts again those that end. One that ends takes its own rooms with it and nobody else's.
 */
import { Worker, type ResourceLimits } from "node:worker_threads";
import type { WorkerConfig } from "../config.ts";
import { socketMask } from "../link-server.ts";
import { watchdogTerms } from "../watchdog.ts";
import { Restarts, type RestartTimes } from "./restarts.ts";
import { RoomThread, type ThreadEvent, type ThreadTerms } from "./room-thread.ts";

export interface ThreadsSetup {
  readonly config: WorkerConfig;
  readonly log: (thread: number, event: ThreadEvent) => void;
  /** What contracts do wrong; development only. May hold secrets. */
  readonly inspect: (thread: number, line: string) => void;
  /** They ended too often, and are not started again; those that were left have been stopped. */
  readonly gaveUp: () => void;
  /** What tests have otherwise. */
  readonly entry?: URL;
  readonly memory?: ResourceLimits;
  readonly cpuMsMax?: number;
  readonly stopMs?: number;
  readonly restarts?: RestartTimes;
}

export interface Threads {
  close(): Promise<void>;
}

/** How often it is looked whether threads come back from their work. */
const lookMs = 250;

/** How long a thread may take to stop when asked: less than a supervisor waits for the whole process. */
const usualStopMs = 4000;

/** Starts all of them. @throws Error on a Node that is too old; what one of them ended of before it listened; none is left then. */
export async function startThreads(setup: ThreadsSetup): Promise<Threads> {
  // What tells a thread that is stuck from one that nobody gives a processor; older ones cannot say it from outside.
  if (!("cpuUsage" in Worker.prototype)) throw new Error('"threads" needs Node 24.6 or newer');
  const threads = new RunningThreads(setup);
  try {
    await threads.start();
  } catch (error) {
    await threads.close();
    throw error;
  }
  return threads;
}

class RunningThreads implements Threads {
  readonly #setup: ThreadsSetup;
  readonly #terms: ThreadTerms;
  readonly #running = new Map<number, RoomThread>();
  readonly #restarts: Restarts;
  readonly #waiting = new Set<NodeJS.Timeout>();
  #looking: NodeJS.Timeout | undefined;
  #umask = 0;
  #started = false;
  #closing: Promise<void> | undefined;

  constructor(setup: ThreadsSetup) {
    const { config, memory, entry, cpuMsMax, stopMs, restarts } = setup;
    this.#setup = setup;
    this.#terms = {
      config,
      entry: entry ?? new URL("./thread.ts", import.meta.url),
      memory,
      cpuMsMax: cpuMsMax ?? watchdogTerms.cpuMsMax,
      stopMs: stopMs ?? usualStopMs,
    };
    this.#restarts = new Restarts(restarts);
  }

  async start(): Promise<void> {
    // Threads cannot choose with which mode the system makes files. Sockets are all that this process makes meanwhile.
    this.#umask = process.umask(socketMask);
    const { threads } = this.#setup.config;
    this.#looking = setInterval(() => {
      for (const thread of this.#running.values()) thread.look();
    }, lookMs);
    await Promise.all(Array.from({ length: threads }, (_, i) => this.#run(i + 1)));
    this.#started = true;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    clearInterval(this.#looking);
    for (const timer of this.#waiting) clearTimeout(timer);
    await Promise.all([...this.#running.values()].map((thread) => thread.stop()));
    process.umask(this.#umask);
  }

  #run(number: number): Promise<void> {
    const { log, inspect } = this.#setup;
    const startedAt = performance.now();
    let listened = this.#started;
    const thread = new RoomThread(number, this.#terms, {
      log: (event) => log(number, event),
      inspect: (line) => inspect(number, line),
      ended: (reason) => {
        this.#running.delete(number);
        // Of one that never listened, whoever starts all of them hears.
        if (listened && this.#closing === undefined) this.#again(number, startedAt, reason);
      },
    });
    this.#running.set(number, thread);
    return thread.listening.then(() => void (listened = true));
  }

  #again(number: number, startedAt: number, reason: unknown): void {
    const { log, gaveUp } = this.#setup;
    const now = performance.now();
    const restartMs = this.#restarts.ended(number, now - startedAt, now);
    log(number, { event: "thread-ended", error: said(reason), restartMs: restartMs ?? null });
    if (restartMs === undefined) return void this.close().then(gaveUp);
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      void this.#run(number).catch(() => undefined);
    }, restartMs);
    this.#waiting.add(timer);
  }
}

const said = (reason: unknown): string => (reason instanceof Error ? (reason.stack ?? reason.name) : typeof reason);
