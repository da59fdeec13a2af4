/** The inner half of a process of a bench: answers the questions of the process that started it. */
import { readFileSync } from "node:fs";
import { inspect } from "node:util";

export interface Usage {
  /** Processor time of all threads since the process began, in ms. */
  readonly cpuMs: number;
  /** Memory that is resident now, in bytes. */
  readonly rss: number;
  /** How long its main thread had work but no core, since it began, in ms. Null where the system does not say. */
  readonly waitMs: number | null;
}

export interface Question {
  readonly id: number;
  readonly ask: string;
  readonly about: unknown;
}

export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string }
  /** Not an answer: how far one is. */
  | { readonly progress: string };

// oxlint-disable-next-line no-explicit-any -- each question has its own argument; both sides are one program
export type Answers = Readonly<Record<string, (about: any) => unknown>>;

/** Answers until the other process is gone, and then ends this one, whatever it still holds open. */
export function answer(answers: Answers): void {
  const known: Answers = { usage, ...answers };
  process.on("message", ({ id, ask, about }: Question) => {
    void (async () => {
      try {
        const work = known[ask];
        if (work === undefined) throw new Error(`nobody answers "${ask}" here`);
        tell({ id, answer: await work(about) });
      } catch (error) {
        tell({ id, error: inspect(error) });
      }
    })();
  });
  process.on("disconnect", () => process.exit(0));
}

/** Says how far an answer is. */
export const report = (text: string): void => tell({ progress: text });

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss(), waitMs: waitMs() };
}

/** https://docs.kernel.org/scheduler/sched-stats.html: time on a core, time waiting for one, turns; of the main thread. */
function waitMs(): number | null {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e6;
  } catch {
    return null;
  }
}

function tell(reply: Reply): void {
  if (process.connected) process.send?.(reply);
}
