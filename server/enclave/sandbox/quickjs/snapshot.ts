/**
 * A room's memory as the pages in which it differs from its contract's image, compressed.
 *
 * ```text
 * "phatroom snapshot 1\0" [contract hash 32] [image hash 32] zstd( [pages u32 le] [stack u32 le] ([page u32 le] [4096 bytes])* )
 * ```
 *
 * The 4,096 bytes are the exclusive or of page and image: counts of references change all over the heap, little else.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { equalBytes } from "#protocol/bytes.ts";
import { SandboxError } from "../sandbox.ts";
import type { Host } from "./host.ts";
import { thaw, type Image } from "./image.ts";
import { wasmPageLength } from "./limits.ts";
import { changedPages, exclusiveOr, pageLength, pageOf } from "./pages.ts";

const label = Buffer.from("phatroom snapshot 1\0");
const hashLength = 32;
const bodyAt = label.length + 2 * hashLength;
const headLength = 8;
const entryLength = 4 + pageLength;

/** The fastest: a snapshot is sealed every few seconds, and level 3 gains a tenth. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function takeSnapshot(host: Host, image: Image, contractHash: Uint8Array): Uint8Array {
  const { memory } = host;
  const changed = changedPages(memory, image.memory, image.scratch);
  const body = Buffer.alloc(headLength + changed.length * entryLength);
  body.writeUInt32LE(host.pages, 0);
  body.writeUInt32LE(host.exports.__stack_pointer.value, 4);
  changed.forEach((page, i) => {
    const at = headLength + i * entryLength;
    body.writeUInt32LE(page, at);
    body.set(pageOf(memory, page), at + 4);
    exclusiveOr(body.subarray(at + 4, at + entryLength), image.memory, page);
  });
  return new Uint8Array(Buffer.concat([label, contractHash, image.hash, zstdCompressSync(body, compression)]));
}

/** @throws SandboxError "snapshot-refused". Nothing is built before contract and image are known to be the same. */
export function restoreSnapshot(
  snapshot: Uint8Array,
  image: Image,
  contractHash: Uint8Array,
  memoryPages: number,
  log: ((line: string) => void) | undefined,
): Host {
  if (!equalBytes(snapshot.subarray(0, label.length), label)) throw refused("not a snapshot");
  const hashes = snapshot.subarray(label.length, bodyAt);
  if (!equalBytes(hashes.subarray(0, hashLength), contractHash)) throw refused("of another contract");
  if (!equalBytes(hashes.subarray(hashLength), image.hash)) throw refused("of another image of this contract");
  const body = decompress(
    snapshot.subarray(bodyAt),
    headLength + memoryPages * (wasmPageLength / pageLength) * entryLength,
  );
  const pages = body.length < headLength ? 0 : body.readUInt32LE(0);
  if (pages < image.memory.length / wasmPageLength || pages > memoryPages || (body.length - headLength) % entryLength) {
    throw refused("a size that cannot be");
  }
  const host = thaw(image, { log });
  if (pages > host.pages) host.exports.memory.grow(pages - host.pages);
  const { memory } = host;
  for (let at = headLength; at < body.length; at += entryLength) {
    const page = body.readUInt32LE(at);
    if ((page + 1) * pageLength > memory.length) throw refused("a page out of bounds");
    const bytes = body.subarray(at + 4, at + entryLength);
    exclusiveOr(bytes, image.memory, page);
    memory.set(bytes, page * pageLength);
  }
  host.exports.__stack_pointer.value = body.readUInt32LE(4);
  return host;
}

function decompress(bytes: Uint8Array, maxOutputLength: number): Buffer {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength });
  } catch {
    throw refused("damaged");
  }
}

const refused = (detail: string): SandboxError => new SandboxError("snapshot-refused", detail);
