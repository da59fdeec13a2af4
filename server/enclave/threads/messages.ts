/** What a thread that has rooms and the first thread of the process say to each other. No key and nothing of a room is in it. */
import type { WorkerConfig } from "../config.ts";
import type { WorkerEvent } from "../worker-setup.ts";

/** What a thread is given when it starts. Keys it asks its platform for itself. */
export interface ThreadStart {
  readonly config: WorkerConfig;
  /** Counts from 1. */
  readonly number: number;
  /** One number, shared, that changes between one piece of the thread's work and the next. */
  readonly beats: Int32Array;
}

/** Said by a thread. */
export type ThreadWord =
  | { readonly said: "listening"; readonly address: string; readonly contracts: readonly string[] }
  | { readonly said: "event"; readonly event: WorkerEvent }
  | { readonly said: "inspect"; readonly line: string };

/** The one thing that a thread is told: to let go of its rooms, and end. */
export const stopWord = "stop";
