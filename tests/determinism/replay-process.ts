/** Replays the recorded logs in a process of its own, and prints what it found as one line of JSON: by name. */
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { logNames, readLog } from "./logs.ts";
import { replay, type Replayed } from "./recorded-log.ts";

const engine = await contractEngine();
const found: Record<string, Replayed> = {};
for (const name of process.argv.length > 2 ? process.argv.slice(2) : logNames)
  found[name] = await replay(engine, readLog(name));
process.stdout.write(`${JSON.stringify(found)}\n`);
