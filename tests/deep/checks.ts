/** All deep checks, in the order in which they run. */
import type { DeepCheck } from "./deep.ts";
import { fuzzWorker } from "./fuzz-worker.ts";

export const checks: readonly DeepCheck[] = [fuzzWorker];
