/**
 * Reading a room back: from a snapshot, or from the beginning, through every record behind it. What the store gives is
 * believed only as far as its seals and heads fit.
 */
import { decodeBoundary } from "../room/boundary-codec.ts";
import { equalBytes } from "#protocol/bytes.ts";
import type { Boundary } from "../room/inputs.ts";
import { VaultError } from "./errors.ts";
import { deriveRecordKey, deriveSnapshotKey, type RoomKeys } from "./keys.ts";
import { decodeOpening, type Opening } from "./opening.ts";
import { openRecord, readHeader, type Place } from "./record.ts";
import { beginning, type LogPosition } from "./room-log.ts";
import { openSnapshot, readSnapshotHeader } from "./sealed-snapshot.ts";
import { decodeSnapshotBody } from "./snapshot-body.ts";

export interface StoredSnapshot {
  readonly index: number;
  readonly head: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface StoredRecord {
  readonly index: number;
  readonly head: Uint8Array;
  readonly record: Uint8Array;
}

export class History {
  readonly #place: Place;
  readonly #keys: RoomKeys;
  #position: LogPosition;
  #recordKey: Uint8Array | undefined;
  #opening: Opening | undefined;

  private constructor(place: Place, keys: RoomKeys, position: LogPosition) {
    this.#place = place;
    this.#keys = keys;
    this.#position = position;
  }

  static fromBeginning(place: Place, keys: RoomKeys): History {
    return new History(place, keys, beginning());
  }

  /** @throws VaultError if it is not a snapshot of this room, or says another index or head than the store does. */
  static fromSnapshot(
    place: Place,
    keys: RoomKeys,
    { index, head, bytes }: StoredSnapshot,
  ): { readonly history: History; readonly course: Uint8Array } {
    const header = readSnapshotHeader(bytes);
    if (header.index !== index) throw new VaultError("not-ours", "another index");
    const body = decodeSnapshotBody(openSnapshot(place, deriveSnapshotKey(keys.room, header.nonce), bytes, head));
    if (body.heads.length !== index) throw new VaultError("damaged", "heads of another length");
    const history = new History(place, keys, { terms: header.term, index, head, heads: body.heads });
    history.#recordKey = deriveRecordKey(keys.room, body.recordNonce);
    history.#opening = body.opening;
    return { history, course: body.course };
  }

  /** Where the next record belongs. */
  get position(): LogPosition {
    return this.#position;
  }

  /** What the room is played by, as of the newest opening that was read; undefined before the first. */
  get opening(): Opening | undefined {
    return this.#opening;
  }

  /**
   * Reads the next record. Returns its boundary, or undefined for an opening.
   *
   * @throws VaultError "not-ours" unless it is the next record of this room, "damaged" if this version cannot read it.
   */
  read({ index, head, record }: StoredRecord): Boundary | undefined {
    const position = this.#position;
    if (index !== position.index) throw new VaultError("not-ours", "a record is missing");
    const header = readHeader(record);
    if (header.kind === "opening") {
      if (header.term !== position.terms + 1) throw new VaultError("not-ours", "another opening");
      const key = deriveRecordKey(this.#keys.room, header.nonce!);
      const opening = decodeOpening(openRecord(this.#place, key, record, position.head, { index, head }));
      this.#checkSame(opening);
      this.#recordKey = key;
      this.#opening = opening;
      this.#advance(head, position.terms + 1);
      return undefined;
    }
    if (this.#recordKey === undefined || header.term !== position.terms) throw new VaultError("not-ours", "no opening");
    const boundary = decodeBoundary(openRecord(this.#place, this.#recordKey, record, position.head, { index, head }));
    this.#advance(head, position.terms);
    return boundary;
  }

  /** A room keeps its options and its seed; its contract changes through upgrades only. */
  #checkSame({ seed, contract }: Opening): void {
    if (this.#opening === undefined) return;
    if (!equalBytes(seed, this.#opening.seed) || !equalBytes(contract, this.#opening.contract)) {
      throw new VaultError("damaged", "an opening of another room");
    }
  }

  #advance(head: Uint8Array, terms: number): void {
    const { heads, index } = this.#position;
    heads.add(head);
    this.#position = { terms, index: index + 1, head, heads };
  }
}
