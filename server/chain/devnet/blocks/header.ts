/** Block headers (Polkadot specification, section 3.3 "Block Format"). */
import { concatBytes } from "#protocol/bytes.ts";
import { blake2b256 } from "../hashing.ts";
import { toHex } from "../hex.ts";
import { compact, littleEndian, prefixed, ScaleError, ScaleReader, vector } from "../scale.ts";

export interface Header {
  readonly parentHash: Uint8Array;
  readonly number: number;
  readonly stateRoot: Uint8Array;
  readonly extrinsicsRoot: Uint8Array;
  /** Digest items, each as SCALE. */
  readonly logs: readonly Uint8Array[];
}

/** `0x` and 64 digits. */
export type BlockHash = string;

export const hashOf = (header: Uint8Array): BlockHash => toHex(blake2b256(header));

export const encodeHeader = ({ parentHash, number, stateRoot, extrinsicsRoot, logs }: Header): Uint8Array =>
  concatBytes(parentHash, compact(number), stateRoot, extrinsicsRoot, vector(logs));

/** @throws ScaleError. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = new ScaleReader(bytes);
  const parentHash = reader.take(32);
  const number = reader.compact();
  const stateRoot = reader.take(32);
  const extrinsicsRoot = reader.take(32);
  const logs = reader.vector(() => readLog(bytes, reader));
  reader.end();
  return { parentHash, number, stateRoot, extrinsicsRoot, logs };
}

/** Kinds of digest items. */
const other = 0;
const engineLogs = new Set([4, 5, 6]);
const runtimeUpdated = 8;

function readLog(bytes: Uint8Array, reader: ScaleReader): Uint8Array {
  const from = reader.at;
  const kind = reader.u8();
  if (engineLogs.has(kind)) reader.take(4);
  if (kind === other || engineLogs.has(kind)) reader.prefixed();
  else if (kind !== runtimeUpdated) throw new ScaleError(`a digest item of kind ${kind}`);
  return bytes.subarray(from, reader.at);
}

const preRuntime = 6;
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** What a block's author says before the runtime runs: in which slot it is. */
export function slotLogs(slots: "aura" | "babe" | undefined, slot: number): Uint8Array[] {
  const number = littleEndian(slot, 8);
  if (slots === "aura") return [concatBytes(Uint8Array.of(preRuntime), ascii("aura"), prefixed(number))];
  if (slots === undefined) return [];
  // BABE: a secondary slot without a random number, of the first authority.
  const claim = concatBytes(Uint8Array.of(2), littleEndian(0, 4), number);
  return [concatBytes(Uint8Array.of(preRuntime), ascii("BABE"), prefixed(claim))];
}
