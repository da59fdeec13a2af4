/**
 * A room's memory as the pages in which it differs from its contract's image, and its globals, compressed.
 *
 * ```text
 * "phatroom snapshot 2\0" [contract hash 32] [image hash 32] compressed(
 *   [pages of 64 KiB u32 le] [changed pages n u32 le] [global 8]* [page u32 le]{n} [4096 bytes]{n} )
 * ```
 *
 * The 4,096 bytes are the exclusive or of page and image: counts of references change all over the heap, little else.
 */
import { equalBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { bytesOf, globalBytes, growTo, setGlobals, type Cells, type Image } from "./image.ts";
import type { Machine } from "./machine.ts";
import { changedPages, exclusiveOr, pageLength, pageOf, wasmPageLength } from "./pages.ts";
import { SandboxError } from "./sandbox.ts";

/** What a snapshot is of. */
export interface SnapshotTerms {
  readonly contractHash: Uint8Array;
  readonly image: Image;
  /** Most pages of 64 KiB that a room of this contract may have. */
  readonly memoryPages: number;
  readonly machine: Machine;
}

/** A snapshot that was read and can be put into an instance. */
export interface Saved {
  /** Length of the memory. */
  readonly length: number;
  readonly globals: Uint8Array;
  readonly pages: readonly { readonly page: number; readonly bytes: Uint8Array }[];
}

const label = utf8ToBytes("phatroom snapshot 2\0");
const hashLength = 32;
const bodyAt = label.length + 2 * hashLength;
const headLength = 8;
const entryLength = 4 + pageLength;
const pagesPerWasmPage = wasmPageLength / pageLength;

export function takeSnapshot(cells: Cells, { contractHash, image, machine }: SnapshotTerms): Uint8Array {
  const memory = bytesOf(cells);
  const changed = changedPages(memory, image.memory, machine.comparing?.(memory, image.memory));
  const numbersAt = headLength + image.globals.length;
  const pagesAt = numbersAt + 4 * changed.length;
  const body = new Uint8Array(pagesAt + changed.length * pageLength);
  const view = new DataView(body.buffer);
  view.setUint32(0, memory.length / wasmPageLength, true);
  view.setUint32(4, changed.length, true);
  body.set(globalBytes(cells), headLength);
  changed.forEach((page, i) => {
    view.setUint32(numbersAt + 4 * i, page, true);
    const at = pagesAt + i * pageLength;
    body.set(pageOf(memory, page), at);
    exclusiveOr(body.subarray(at, at + pageLength), image.memory, page);
  });
  const compressed = machine.compress(body);
  const snapshot = new Uint8Array(bodyAt + compressed.length);
  snapshot.set(label);
  snapshot.set(contractHash, label.length);
  snapshot.set(image.hash, label.length + hashLength);
  snapshot.set(compressed, bodyAt);
  return snapshot;
}

/** @throws SandboxError "snapshot-refused". Nothing is unpacked before contract and image are known to be the same. */
export function readSnapshot(snapshot: Uint8Array, terms: SnapshotTerms): Saved {
  const { contractHash, image, memoryPages } = terms;
  if (!equalBytes(snapshot.subarray(0, label.length), label)) throw refused("not a snapshot");
  const hashes = snapshot.subarray(label.length, bodyAt);
  if (!equalBytes(hashes.subarray(0, hashLength), contractHash)) throw refused("of another contract");
  if (!equalBytes(hashes.subarray(hashLength), image.hash)) throw refused("of another image of this contract");
  const numbersAt = headLength + image.globals.length;
  const body = unpack(
    snapshot.subarray(bodyAt),
    numbersAt + memoryPages * pagesPerWasmPage * entryLength,
    terms.machine,
  );
  if (body.length < numbersAt) throw refused("too short");
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const length = view.getUint32(0, true) * wasmPageLength;
  const count = view.getUint32(4, true);
  if (length < image.memory.length || length > memoryPages * wasmPageLength) throw refused("a size that cannot be");
  if (body.length !== numbersAt + count * entryLength) throw refused("another number of pages than it says");
  const pagesAt = numbersAt + 4 * count;
  let next = 0;
  const pages = Array.from({ length: count }, (_, i) => {
    const page = view.getUint32(numbersAt + 4 * i, true);
    if (page < next || page >= length / pageLength) throw refused("a page out of bounds or out of order");
    next = page + 1;
    return { page, bytes: body.subarray(pagesAt + i * pageLength, pagesAt + (i + 1) * pageLength) };
  });
  return { length, globals: body.subarray(headLength, numbersAt), pages };
}

/**
 * Makes an instance that holds the image what the snapshot was taken of. Uses the snapshot up.
 *
 * @throws MachineError if the machine has not the memory.
 */
export function putSnapshot(cells: Cells, { length, globals, pages }: Saved, image: Image): void {
  growTo(cells.memory, length);
  const memory = bytesOf(cells);
  for (const { page, bytes } of pages) {
    exclusiveOr(bytes, image.memory, page);
    memory.set(bytes, page * pageLength);
  }
  setGlobals(cells, globals);
}

function unpack(bytes: Uint8Array, lengthMax: number, machine: Machine): Uint8Array {
  try {
    const body = machine.decompress(bytes, lengthMax);
    // Pages are read as words.
    return body.byteOffset % 4 === 0 ? body : new Uint8Array(body);
  } catch {
    throw refused("damaged");
  }
}

const refused = (detail: string): SandboxError => new SandboxError("snapshot-refused", detail);
