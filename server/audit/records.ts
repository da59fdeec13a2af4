/**
 * The records of a log, one after the other: each must stand behind the one before it and open under its own key.
 *
 * Written from the format's description and not with the enclave's own code (`server/enclave/vault/record.ts`), so that
 * each finds the other's mistakes; and without Node, so that pages can read logs as well.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { decodeBoundary } from "#enclave/room/boundary-codec.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import { CoveredKeys } from "#enclave/vault/key-tree.ts";
import { decodeOpening, type Opening } from "#enclave/vault/opening.ts";
import {
  associatedOf,
  bodyLengthMax,
  encodeHeader,
  headLength,
  macLength,
  readHeader,
  type RecordHeader,
} from "#enclave/vault/record-header.ts";
import { decodeReveal, type Reveal, type RevealedOpening } from "#enclave/vault/reveal.ts";
import { AuditError, type AuditErrorCode } from "./errors.ts";
import type { RoomLogFile } from "./log-file.ts";

export type OpenedRecord = { readonly index: number; /** 32 bytes. */ readonly head: Uint8Array } & (
  | { readonly kind: "opening"; readonly opening: Opening }
  | { readonly kind: "boundary"; readonly boundary: Boundary }
  | { readonly kind: "reveal"; readonly reveal: Reveal }
);

/** Unpacks what a development log has compressed: Zstandard. */
export type Decompress = (bytes: Uint8Array, lengthMax: number) => Uint8Array;

/**
 * What a log says about its own end; undefined for development logs, which may stop anywhere.
 *
 * @throws AuditError "no-keys" if it says nothing.
 */
export function revealOf({ keys, records }: RoomLogFile): Reveal | undefined {
  if (keys !== undefined) return undefined;
  const last = records.at(-1);
  const header = last === undefined ? undefined : readOr("no-keys", records.length - 1, () => readHeader(last));
  if (last === undefined || header?.kind !== "reveal") throw new AuditError("no-keys", null, "no reveal at its end");
  return revealIn(last, records.length - 1);
}

/** What a record of kind "reveal" says. @throws AuditError "unreadable". */
export const revealIn = (record: Uint8Array, index: number): Reveal =>
  readOr("unreadable", index, () => decodeReveal(record.subarray(clearLength("reveal"), -macLength)));

/** Reads a log from its first record to its last. */
export class RecordReader {
  readonly #file: RoomLogFile;
  readonly #openings: readonly RevealedOpening[];
  readonly #decompress: Decompress | undefined;
  #index = 0;
  #head: Uint8Array = new Uint8Array(headLength);
  #term = 0;
  /** Index of the newest opening, and whether its records are of the kind that can be revealed. */
  #first = 0;
  #revealable: boolean | undefined;
  #covered: CoveredKeys | undefined;
  #over = false;

  /** @param openings what opens its records. */
  constructor(file: RoomLogFile, openings: readonly RevealedOpening[], decompress?: Decompress) {
    this.#file = file;
    this.#openings = openings;
    this.#decompress = decompress;
  }

  /** Of the newest record that was read; zeros before the first. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** The next record; undefined behind the last. @throws AuditError. */
  next(): OpenedRecord | undefined {
    const bytes = this.#file.records[this.#index];
    if (bytes === undefined) return undefined;
    const index = this.#index;
    const header = readOr("out-of-place", index, () => readHeader(bytes));
    this.#checkPlace(header);
    if (header.kind === "opening") this.#begin(header);
    const head = sha256(lengthPrefixed("phatroom/1/head", this.#head, bytes));
    const opened = this.#open(header, bytes);
    this.#head = head;
    this.#index += 1;
    return { index, head, ...opened };
  }

  /** @throws AuditError "not-the-end" unless every opening whose keys there are was read to where they end. */
  checkAllRead(): void {
    if (this.#term !== this.#openings.length) this.#fail("not-the-end", "an opening is missing");
    this.#checkOpeningRead();
  }

  #checkPlace({ kind, term, index, revealable }: RecordHeader): void {
    if (this.#over) this.#fail("out-of-place", "a record behind the end");
    if (index !== this.#index) this.#fail("out-of-place", `it says that it is number ${index}`);
    if (term !== (kind === "opening" ? this.#term + 1 : this.#term) || term === 0) {
      this.#fail("out-of-place", `it says that it is of opening ${term}`);
    }
    if (this.#revealable !== undefined && revealable !== (this.#revealable || undefined)) {
      this.#fail("out-of-place", "another kind of record");
    }
  }

  #begin({ revealable = false }: RecordHeader): void {
    if (this.#term > 0) this.#checkOpeningRead();
    const opening = this.#openings[this.#term];
    if (opening === undefined) return this.#fail("no-keys", "of an opening");
    this.#term += 1;
    this.#first = this.#index;
    this.#revealable = revealable;
    this.#covered = revealable
      ? readOr("no-keys", this.#index, () => new CoveredKeys(opening.records, opening.nodes))
      : undefined;
  }

  #checkOpeningRead(): void {
    const { records } = this.#openings[this.#term - 1]!;
    const read = this.#index - this.#first - (this.#over ? 1 : 0);
    if (read !== records) this.#fail("out-of-place", `${records} records belong to opening ${this.#term}, not ${read}`);
  }

  #open(header: RecordHeader, bytes: Uint8Array) {
    if (header.kind === "reveal") {
      if (this.#file.keys !== undefined) this.#fail("out-of-place", "a log with keys in front of it reveals itself");
      this.#over = true;
      const reveal = revealIn(bytes, this.#index);
      if (!equalBytes(reveal.before, this.#head)) this.#fail("out-of-place", "it stands behind another record");
      return { kind: "reveal" as const, reveal };
    }
    const clear = encodeHeader(header);
    const sealed = bytes.subarray(clear.length, header.revealable === true ? -macLength : undefined);
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setBigUint64(4, BigInt(header.index), true);
    const padded = readOr("not-opened", this.#index, () =>
      chacha20poly1305(this.#key(), nonce, associatedOf(this.#file.place, clear, this.#head)).decrypt(sealed),
    );
    const body = readOr("unreadable", this.#index, () => unpadded(padded, this.#decompress));
    if (header.kind === "opening") {
      const opening = readOr("unreadable", this.#index, () => decodeOpening(body));
      if ((opening.reveal ?? false) !== this.#revealable) this.#fail("out-of-place", "an opening of another kind");
      return { kind: "opening" as const, opening };
    }
    return { kind: "boundary" as const, boundary: readOr("unreadable", this.#index, () => decodeBoundary(body)) };
  }

  #key(): Uint8Array {
    const offset = this.#index - this.#first;
    const { records, nodes } = this.#openings[this.#term - 1]!;
    if (this.#covered !== undefined) return this.#covered.keyOf(offset);
    if (offset >= records || nodes.length !== 1) throw new RangeError("no key");
    return nodes[0]!;
  }

  #fail(code: AuditErrorCode, detail: string): never {
    throw new AuditError(code, this.#index, detail);
  }
}

const clearLength = (kind: "reveal"): number => encodeHeader({ kind, term: 1, index: 0, revealable: true }).length;

/** [how u8: 0 as it is, 1 Zstandard] [length u32 le] [bytes] [zeros] */
function unpadded(padded: Uint8Array, decompress: Decompress | undefined): Uint8Array {
  const length = new DataView(padded.buffer, padded.byteOffset, padded.length).getUint32(1, true);
  const content = padded.subarray(5, 5 + length);
  if (content.length !== length || length > bodyLengthMax) throw new RangeError("shorter than it says");
  if (!equalBytes(padded.subarray(5 + length), new Uint8Array(padded.length - 5 - length))) {
    throw new RangeError("more than it says");
  }
  if (padded[0] === 0) return content.slice();
  if (padded[0] !== 1 || decompress === undefined) throw new RangeError("packed in another way");
  return decompress(content, bodyLengthMax);
}

function readOr<T>(code: AuditErrorCode, index: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const detail = error instanceof Error && "detail" in error ? String(error.detail) : String(error);
    throw new AuditError(code, index, detail);
  }
}
