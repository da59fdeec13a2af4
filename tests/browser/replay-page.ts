/** Repeats logs inside a page. */
import { pageEngine } from "#audit/page-engine.ts";
import { replay } from "#audit/replay.ts";
import type { Report } from "#audit/report.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";

let contract: LoadedContract | undefined;

/** @param quickJs binary of QuickJS; all in hex, as it crosses into the page. */
export async function start(quickJs: string, bundle: string): Promise<void> {
  contract = await (await pageEngine(hexToBytes(quickJs))).load(hexToBytes(bundle));
}

export function replayed(log: string, head?: string): Report {
  if (contract === undefined) throw new Error("not started");
  return replay(hexToBytes(log), contract, head === undefined ? {} : { head: hexToBytes(head) });
}
