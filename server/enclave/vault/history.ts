/**
 * Reading a room back: from a snapshot, or from the beginning, through every record behind it. What the store gives is
 * believed only as far as its seals and heads fit.
 */
import { decodeBoundary } from "../room/boundary-codec.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { decodeUpgrade } from "#protocol/upgrade.ts";
import type { Boundary } from "../room/inputs.ts";
import { VaultError } from "./errors.ts";
import { deriveSnapshotKey, type RoomKeys } from "./keys.ts";
import { decodeOpening, type Opening } from "./opening.ts";
import { openingKeys, RevealableKeys, type OpeningKeys } from "./opening-keys.ts";
import { readHeader, type Place, type RecordHeader } from "./record.ts";
import { decodeReveal } from "./reveal.ts";
import { beginning, type LogPosition } from "./room-log.ts";
import { openSnapshot, readSnapshotHeader } from "./sealed-snapshot.ts";
import { decodeSnapshotBody } from "./snapshot-body.ts";
import { noTrail } from "./trail.ts";

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
  #keysNow: OpeningKeys | undefined;
  #opening: Opening | undefined;
  /** The worker of the newest opening has let go: only another opening may follow. */
  #released = false;
  /** The rules that an upgrade has announced, 32 bytes; undefined as long as none has. */
  #announced: Uint8Array | undefined;

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
    const trail = body.trail ?? noTrail;
    const history = new History(place, keys, { terms: header.term, index, head, heads: body.heads, trail });
    history.#keysNow = history.#keysOf(body.recordNonce, trail.openings.at(-1)?.first);
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

  /** An upgrade to this contract was announced before what is read here. */
  announced(contract: Uint8Array): void {
    this.#announced = contract;
  }

  /**
   * Reads the next record. Returns its boundary, or undefined for an opening and for the reveal at a log's end.
   *
   * @throws VaultError "not-ours" unless it is the next record of this room, "damaged" if this version cannot read it.
   */
  read({ index, head, record }: StoredRecord): Boundary | undefined {
    const position = this.#position;
    if (index !== position.index) throw new VaultError("not-ours", "a record is missing");
    const header = readHeader(record);
    if (header.kind === "opening") return this.#readOpening(header, { index, head, record });
    if (this.#keysNow === undefined || header.term !== position.terms) throw new VaultError("not-ours", "no opening");
    if (position.trail.revealed !== undefined || this.#released)
      throw new VaultError("not-ours", "a record behind the end");
    this.#checkVersion(header);
    const body = this.#keysNow.open(this.#place, record, position.head, { index, head });
    if (header.kind === "reveal") {
      decodeReveal(body);
      this.#advance(head, { trail: { ...position.trail, revealed: { records: index + 1, head } } });
      return undefined;
    }
    const boundary = decodeBoundary(body);
    for (const input of boundary.inputs) {
      if (input.input === "released") this.#released = true;
      else if (input.input === "upgrade") this.announced(decodeUpgrade(input.upgrade).to);
    }
    this.#advance(head);
    return boundary;
  }

  #readOpening(header: RecordHeader, { index, head, record }: StoredRecord): undefined {
    const { terms, trail, head: before } = this.#position;
    if (header.term !== terms + 1) throw new VaultError("not-ours", "another opening");
    const nonce = header.nonce!;
    const keys = this.#keysOf(nonce, header.revealable === true ? index : undefined);
    const opening = decodeOpening(keys.open(this.#place, record, before, { index, head }));
    this.#checkSame(opening);
    this.#keysNow = keys;
    this.#opening = opening;
    this.#released = false;
    this.#checkVersion(header);
    const openings = opening.reveal === true ? [...trail.openings, { nonce, first: index }] : [];
    this.#advance(head, { terms: terms + 1, trail: { ...trail, openings } });
  }

  /** @param first where the opening is, if its records can be revealed. */
  #keysOf(nonce: Uint8Array, first: number | undefined): OpeningKeys {
    const { room } = this.#keys;
    return first === undefined ? openingKeys(room, nonce) : new RevealableKeys(room, nonce, first);
  }

  /**
   * A room keeps its options and its seed; its contract changes through upgrades only. That one was in force, says the
   * course that led to it (`moving/reopening.ts`).
   */
  #checkSame({ seed, contract, reveal }: Opening): void {
    if (this.#opening === undefined) return;
    const announced = [this.#opening.contract, this.#announced ?? this.#opening.contract];
    if (
      reveal !== this.#opening.reveal ||
      !equalBytes(seed, this.#opening.seed) ||
      !announced.some((known) => equalBytes(known, contract))
    ) {
      throw new VaultError("damaged", "an opening of another room");
    }
  }

  /** Records that can be revealed and records that cannot are never in one log. */
  #checkVersion({ revealable }: RecordHeader): void {
    if (revealable !== this.#opening?.reveal) throw new VaultError("not-ours", "another kind of log");
  }

  #advance(head: Uint8Array, change: Partial<Pick<LogPosition, "terms" | "trail">> = {}): void {
    const { heads, index } = this.#position;
    heads.add(head);
    this.#position = { ...this.#position, ...change, index: index + 1, head };
  }
}
