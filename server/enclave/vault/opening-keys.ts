/**
 * What seals and opens the records of one opening of a room.
 *
 * Most rooms never show their log, and one key seals all records of an opening. A contract may declare that the log is
 * revealed when the room has ended. Its records differ in three ways:
 *
 * ```text
 * record = [version u8 = 2] [kind u8] [term u32 le] [index u64 le] ([opening nonce 32]) [sealed] [mac 32]
 * sealed = as in version 1, under the tree's key of (index - index of the opening), padded but never compressed
 * mac    = HMAC-SHA-256(authentication key, lp("phatroom/1/record-mac", world, lineage, room, head before, all before mac))
 * root of the tree   = HKDF(room key, "revealable", opening nonce)
 * authentication key = HKDF(room key, "record-mac", opening nonce)
 * ```
 *
 * Each record has a key of its own, so that what is revealed opens exactly the records of this log: if a host had another
 * worker go on from an older record, under an opening that both histories share, the other history stays closed. And
 * whoever can read records cannot write any: a worker believes the mac, whose key never leaves.
 */
import { createHmac } from "node:crypto";
import { concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { VaultError } from "./errors.ts";
import { deriveAuthenticationKey, deriveRecordKey, deriveTreeRoot } from "./keys.ts";
import { KeyTree } from "./key-tree.ts";
import { padAsIs, unpad } from "./padding.ts";
import { headOf, openRecord, sealRecord, type SealedRecord } from "./record.ts";
import {
  associatedOf,
  bodyLengthMax,
  encodeHeader,
  headerLength,
  macLength,
  readHeader,
  type Place,
  type RecordHeader,
} from "./record-header.ts";
import { seal, unseal } from "./seal.ts";

export interface OpeningKeys {
  /** @param before 32 bytes: the head of the record before this one. */
  seal(place: Place, header: RecordHeader, before: Uint8Array, body: Uint8Array): SealedRecord;
  /** The body. @throws VaultError "not-ours" unless this very record stands at this index behind this head. */
  open(place: Place, bytes: Uint8Array, before: Uint8Array, expected: Expected): Uint8Array;
}

interface Expected {
  readonly index: number;
  readonly head: Uint8Array;
}

/** @param nonce 32 bytes: of this opening. */
export function openingKeys(roomKey: Uint8Array, nonce: Uint8Array): OpeningKeys {
  const key = deriveRecordKey(roomKey, nonce);
  return {
    seal: (place, header, before, body) => sealRecord(place, key, header, before, body),
    open: (place, bytes, before, expected) => openRecord(place, key, bytes, before, expected),
  };
}

/** Keys of an opening whose records can be revealed without revealing others, and without letting anybody forge them. */
export class RevealableKeys implements OpeningKeys {
  readonly #tree: KeyTree;
  readonly #authentication: Uint8Array;
  readonly #first: number;

  /** @param first the index of the opening record. */
  constructor(roomKey: Uint8Array, nonce: Uint8Array, first: number) {
    this.#tree = new KeyTree(deriveTreeRoot(roomKey, nonce));
    this.#authentication = deriveAuthenticationKey(roomKey, nonce);
    this.#first = first;
  }

  /** A record of kind "reveal" is not sealed: everybody may read it, and only this worker can have written it. */
  seal(place: Place, header: RecordHeader, before: Uint8Array, body: Uint8Array): SealedRecord {
    const clear = encodeHeader(header);
    const { index, kind } = header;
    const content =
      kind === "reveal" ? body : seal(this.#keyOf(index), index, associatedOf(place, clear, before), padAsIs(body));
    const record = concatBytes(clear, content);
    const bytes = concatBytes(record, this.#mac(place, before, record));
    return { bytes, head: headOf(before, bytes) };
  }

  open(place: Place, bytes: Uint8Array, before: Uint8Array, { index, head }: Expected): Uint8Array {
    const header = readHeader(bytes);
    if (header.index !== index) throw new VaultError("not-ours", "another index");
    if (!equalBytes(headOf(before, bytes), head)) throw new VaultError("not-ours", "another head");
    const record = bytes.subarray(0, -macLength);
    const clear = record.subarray(0, headerLength(header.kind));
    if (bytes.length < clear.length + macLength) throw new VaultError("not-ours", "no record");
    if (!equalBytes(this.#mac(place, before, record), bytes.subarray(-macLength))) {
      throw new VaultError("not-ours", "no worker of this lineage wrote it");
    }
    const content = record.subarray(clear.length);
    if (header.kind === "reveal") return content;
    return unpad(unseal(this.#keyOf(index), index, associatedOf(place, clear, before), content), bodyLengthMax);
  }

  /** What opens the first `count` records of this opening, and nothing else. */
  cover(count: number): Uint8Array[] {
    return this.#tree.cover(count);
  }

  #keyOf(index: number): Uint8Array {
    return this.#tree.keyOf(index - this.#first);
  }

  #mac({ world, lineage, room }: Place, before: Uint8Array, record: Uint8Array): Uint8Array {
    return new Uint8Array(
      createHmac("sha256", this.#authentication)
        .update(lengthPrefixed("phatroom/1/record-mac", world, lineage, room, before, record))
        .digest(),
    );
  }
}
