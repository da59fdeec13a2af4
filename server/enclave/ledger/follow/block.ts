/** What was said in a block: remarks of RMRK that count, and words that workers leave for each other. */
import { utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { executedCalls } from "#rmrk/extrinsic/executed.ts";
import { remarksOf } from "#rmrk/extrinsic/remarks.ts";
import type { Remark } from "#rmrk/remark.ts";
import { verifyBody } from "../proof/body.ts";
import type { Header } from "../proof/header.ts";
import { eventsKey, runtimeKey } from "../proof/storage-keys.ts";
import { verifyStorage } from "../proof/storage.ts";
import { decodeEvents, extrinsicOf } from "../runtime/extrinsics.ts";
import { decodeRuntimeVersion, type Runtimes } from "../runtime/runtimes.ts";
import type { ChainSource } from "./source.ts";

/** A remark that begins with `wordHead`. */
export interface Word {
  readonly block: number;
  readonly extrinsic: number;
  readonly caller: AccountId;
  readonly bytes: Uint8Array;
}

export interface Said {
  readonly remarks: readonly Remark[];
  readonly words: readonly Word[];
}

export const wordHead = utf8ToBytes("PHATROOM::");
const remarkHead = utf8ToBytes("RMRK::");

/**
 * Bodies are read whole: nothing that was said can be left out. Only where somebody said something are the block's events
 * proven too, for they tell what was executed.
 *
 * @throws ProofError of bodies, proofs and runtimes; whatever the source throws.
 */
export async function saidIn(header: Header, source: ChainSource, runtimes: Runtimes): Promise<Said> {
  const body = await source.body(header.hash);
  verifyBody(header, body);
  // A remark stands in its extrinsic byte for byte.
  const telling = Array.from(body.entries()).filter(([, bytes]) => holds(bytes, remarkHead) || holds(bytes, wordHead));
  if (telling.length === 0) return { remarks: [], words: [] };
  const keys = [eventsKey, runtimeKey];
  const [events, version] = verifyStorage(header.stateRoot, await source.storage(header.hash, keys), keys);
  const { metadata } = await runtimes.of(decodeRuntimeVersion(version), header.parentHash);
  const told = decodeEvents(metadata, events);
  const remarks: Remark[] = [];
  const words: Word[] = [];
  for (const [index, bytes] of telling) {
    const extrinsic = extrinsicOf(metadata, bytes, { block: header.number, index }, told);
    remarks.push(...remarksOf(extrinsic));
    for (const { call, origin } of executedCalls(extrinsic)) {
      const { remark } = call.args;
      if (call.section !== "system" || !/^remark(?:WithEvent)?$/.test(call.method)) continue;
      if (!(remark instanceof Uint8Array) || !begins(remark, 0, wordHead)) continue;
      words.push({ block: header.number, extrinsic: index, caller: origin, bytes: remark.slice() });
    }
  }
  return { remarks, words };
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (begins(bytes, at, wanted)) return true;
  }
  return false;
}

function begins(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  return wanted.every((byte, i) => bytes[at + i] === byte);
}
