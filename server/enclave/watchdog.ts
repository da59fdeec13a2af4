/**
 * The backstop behind fuel: stops this process when one stretch of its work burns more processor time than any should.
 *
 * Fuel bounds every call of a contract. What is left is a mistake of ours, or of the machine: then no room of this worker
 * would move again, and nobody would say why. A thread beside watches; whoever started the worker starts it again.
 */
import { Worker } from "node:worker_threads";

export interface WatchdogTerms {
  /** The largest fuel of a contract takes under a second on a slow machine; a boundary is beaten room by room. */
  readonly cpuMsMax: number;
}

export interface Watchdog {
  /** Says that work goes on: to be called between one piece of work and the next. One store. */
  beat(): void;
  close(): Promise<void>;
}

/** What the thread is given. */
export interface Watched extends WatchdogTerms {
  /** One number that changes with every beat. */
  readonly beats: Int32Array;
}

export const watchdogTerms: WatchdogTerms = { cpuMsMax: 10_000 };

/** Whatever the event loop is busy with, it comes around: a beat for the times in which no room is stepped. */
const idleBeatMs = 250;

/** Beats from now on whenever this thread comes around. It keeps nothing running. */
export const beatWhenIdle = (beat: () => void): NodeJS.Timeout => setInterval(beat, idleBeatMs).unref();

/** Watches the thread that calls this. It keeps nothing running. */
export function startWatchdog(terms: WatchdogTerms = watchdogTerms): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const watched: Watched = { ...terms, beats };
  const thread = new Worker(new URL("./watchdog-thread.ts", import.meta.url), { workerData: watched });
  thread.unref();
  const beat = (): void => {
    beats[0]! += 1;
  };
  const idle = beatWhenIdle(beat);
  return {
    beat,
    async close() {
      clearInterval(idle);
      await thread.terminate();
    },
  };
}
