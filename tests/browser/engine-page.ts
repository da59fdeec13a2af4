/** The engines inside a page: the code that runs in the enclave, with what a page has instead of Node. */
import { pageEngine } from "#audit/page-engine.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { replay, type RecordedLog, type Replayed, type ReplayOptions } from "../determinism/recorded-log.ts";

let engine: Engine | undefined;

/** @param binary of QuickJS, in hex. */
export async function start(binary: string): Promise<void> {
  engine = await pageEngine(hexToBytes(binary));
}

export async function replayed(log: RecordedLog, options: ReplayOptions): Promise<Replayed> {
  if (engine === undefined) throw new Error("not started");
  return replay(engine, log, options);
}
