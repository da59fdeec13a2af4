/** All deep checks, in the order in which they run. */
import type { DeepCheck } from "./deep.ts";
import { fuzzGateway } from "./fuzz-gateway.ts";
import { fuzzWorker } from "./fuzz-worker.ts";
import { secrecyDot4, secrecyDot4Engine } from "./secrecy-dot4.ts";

export const checks: readonly DeepCheck[] = [fuzzWorker, fuzzGateway, secrecyDot4, secrecyDot4Engine];
