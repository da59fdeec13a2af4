/** The thread that watches: it looks at the beats of the main thread, and at the processor time of the whole process. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import type { Watched } from "./watchdog.ts";

const lookMs = 250;
const standardError = 2;

const { beats, cpuMsMax } = workerData as Watched;
let seen = Atomics.load(beats, 0);
let seenAtMs = cpuMs();

setInterval(() => {
  const beat = Atomics.load(beats, 0);
  const now = cpuMs();
  if (beat !== seen) {
    seen = beat;
    seenAtMs = now;
    return;
  }
  if (now - seenAtMs < cpuMsMax) return;
  // Not through the log: that is written by the thread which does not come back.
  writeSync(
    standardError,
    `The worker has spent ${Math.round(now - seenAtMs)} ms of processor time on one piece of work, and is stopped.\n`,
  );
  process.kill(process.pid, "SIGKILL");
}, lookMs);

/** Of all threads: a machine that pauses the process, or gives it nothing, does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
