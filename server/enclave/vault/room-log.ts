/**
 * One opening of a room, as it writes: every boundary becomes a sealed record behind the one before it. The store says
 * which of them are durable.
 */
import { encodeManifest, type Manifest } from "#protocol/manifest.ts";
import { encodeBoundary } from "../room/boundary-codec.ts";
import type { Boundary } from "../room/inputs.ts";
import type { RoomJournal } from "../room/journal.ts";
import type { Finale } from "../room/finale.ts";
import { compareWitness, type Comparison } from "./comparison.ts";
import { HeadHistory } from "./heads.ts";
import { deriveSnapshotKey, type RoomKeys } from "./keys.ts";
import { encodeOpening, type Opening } from "./opening.ts";
import { openingKeys, RevealableKeys, type OpeningKeys } from "./opening-keys.ts";
import { headLength, type Place, type RecordHeader, type SealedRecord } from "./record.ts";
import { bodyLengthMax } from "./record-header.ts";
import { encodeReveal, revealedOpeningsMax, revealedRecordsMax } from "./reveal.ts";
import { noTrail, type Revealed, type Trail } from "./trail.ts";
import { encodeSnapshotBody } from "./snapshot-body.ts";
import { sealSnapshot } from "./sealed-snapshot.ts";
import { makeWitness, readWitness } from "./witness.ts";

/** Where a log is when it is opened: at its beginning, or behind what was read of it. */
export interface LogPosition {
  /** Openings before this one. */
  readonly terms: number;
  /** Records before this opening. */
  readonly index: number;
  /** 32 bytes: of the newest of them; zeros at the beginning. */
  readonly head: Uint8Array;
  readonly heads: HeadHistory;
  /** Empty unless the log may be revealed. */
  readonly trail: Trail;
}

export const beginning = (): LogPosition => ({
  terms: 0,
  index: 0,
  head: new Uint8Array(headLength),
  heads: HeadHistory.empty(),
  trail: noTrail,
});

/** A record on its way to the store. */
export interface Outgoing extends SealedRecord {
  /** 32 bytes: the head it stands behind. */
  readonly expected: Uint8Array;
}

export interface RoomLogSetup {
  readonly place: Place;
  readonly keys: RoomKeys;
  readonly opening: Opening;
  readonly position: LogPosition;
  /** Secret randomness of the enclave. */
  readonly random: (length: number) => Uint8Array;
  /** In order; each is confirmed by `stored`, in the same order. */
  readonly send: (record: Outgoing, log: RoomLog) => void;
}

export class RoomLog implements RoomJournal {
  readonly term: number;
  readonly #setup: RoomLogSetup;
  readonly #nonce: Uint8Array;
  readonly #keys: OpeningKeys;
  readonly #heads: HeadHistory;
  /** Heads of records that are not durable yet. */
  readonly #outstanding: Uint8Array[] = [];
  #head: Uint8Array;
  #durableHead: Uint8Array;
  #recorded = 0;
  #trail: Trail;
  /** What waits for exactly so many records to be durable. */
  #mark: { readonly records: number; readonly work: () => void } | undefined;

  /** Writes the opening record. */
  constructor(setup: RoomLogSetup) {
    const { position, keys, opening, random } = setup;
    this.#setup = setup;
    this.term = position.terms + 1;
    this.#nonce = random(32);
    const first = position.index;
    if (opening.reveal === true) this.#keys = new RevealableKeys(keys.room, this.#nonce, first);
    else this.#keys = openingKeys(keys.room, this.#nonce);
    const { openings, revealed } = position.trail;
    this.#trail =
      opening.reveal === true ? { openings: [...openings, { nonce: this.#nonce, first }], revealed } : noTrail;
    this.#heads = position.heads;
    this.#head = position.head;
    this.#durableHead = position.head;
    this.#write({ kind: "opening", term: this.term, index: first, nonce: this.#nonce }, encodeOpening(opening));
  }

  /** Whether all of it may be revealed yet. */
  get revealable(): boolean {
    return this.#setup.opening.reveal === true && this.length < revealedRecordsMax;
  }

  /** What names the log that was revealed; undefined as long as nothing is, or it is not durable. */
  get revealed(): Revealed | undefined {
    const { revealed } = this.#trail;
    return revealed !== undefined && revealed.records <= this.length ? revealed : undefined;
  }

  /** Hash of the contract it is a log of, 32 bytes. */
  get contract(): Uint8Array {
    return this.#setup.opening.contract;
  }

  get head(): Uint8Array {
    return this.#durableHead;
  }

  get recorded(): number {
    return this.#recorded;
  }

  get durable(): number {
    return this.#recorded - this.#outstanding.length;
  }

  /** Durable records of the room, of all openings. */
  get length(): number {
    return this.#setup.position.index + this.durable;
  }

  record(boundary: Boundary): void {
    const index = this.#setup.position.index + this.#recorded;
    this.#write({ kind: "boundary", term: this.term, index }, encodeBoundary(boundary));
  }

  /**
   * Writes what opens this log to everybody as its last record, once. Not if the log is longer than what is revealed, or
   * none that may be.
   *
   * @param manifest of the contract it was played by.
   */
  reveal(finale: Finale, manifest: Manifest): void {
    const { place, keys, opening, position } = this.#setup;
    const index = position.index + this.#recorded;
    const { openings, revealed } = this.#trail;
    if (opening.reveal !== true || revealed !== undefined) return;
    if (index >= revealedRecordsMax || openings.length > revealedOpeningsMax) return;
    const opened = openings.map(({ nonce, first }, i) => {
      const records = (openings[i + 1]?.first ?? index) - first;
      return { records, nodes: new RevealableKeys(keys.room, nonce, first).cover(records) };
    });
    this.#write(
      { kind: "reveal", term: this.term, index },
      encodeReveal({
        place,
        contract: opening.contract,
        manifest: encodeManifest(manifest),
        before: this.#head,
        finale,
        openings: opened,
      }),
    );
    this.#trail = { openings, revealed: { records: index + 1, head: this.#head } };
  }

  /** The oldest record that was not durable is durable now. */
  stored(): void {
    const head = this.#outstanding.shift();
    if (head === undefined) throw new RangeError("nothing is outstanding");
    this.#heads.add(head);
    this.#durableHead = head;
    if (this.#mark?.records !== this.durable) return;
    const { work } = this.#mark;
    this.#mark = undefined;
    work();
  }

  /**
   * Calls back when all that is recorded now is durable and nothing more is: a room that is never still has no other moment
   * at which its course and its log agree. Only the newest call counts, and none once the log is lost.
   */
  onceDurable(work: () => void): void {
    if (this.#outstanding.length === 0) work();
    else this.#mark = { records: this.#recorded, work };
  }

  /** What players keep of this room, as of the newest durable record. */
  witness(): Uint8Array {
    const { place, keys } = this.#setup;
    return makeWitness(place, keys.witness, { term: this.term, index: this.length, head: this.#durableHead });
  }

  /**
   * What a returning player's witness says of this history.
   *
   * @throws VaultError "not-ours" if no worker of this room made it.
   */
  compare(witness: Uint8Array): Comparison {
    const { place, keys } = this.#setup;
    return compareWitness(readWitness(place, keys.witness, witness), this.#heads, this.#outstanding);
  }

  /** The head of record `index` out of heads that the store gave. @throws VaultError "not-ours" if they are not ours. */
  headIn(heads: Uint8Array, index: number): Uint8Array {
    return this.#heads.headIn(heads, index);
  }

  /**
   * Seals all it takes to go on from the newest durable record.
   *
   * @param course of exactly that moment, encoded.
   * @param records of this opening that it stands for.
   */
  snapshot(
    course: Uint8Array,
    records = this.#recorded,
  ): { readonly index: number; readonly head: Uint8Array; readonly bytes: Uint8Array } {
    if (this.durable !== records) throw new RangeError("a course of another moment");
    const { place, keys, opening, random } = this.#setup;
    const nonce = random(32);
    const header = { term: this.term, index: this.length, nonce };
    const body = encodeSnapshotBody({
      recordNonce: this.#nonce,
      opening,
      heads: this.#heads,
      course,
      trail: { openings: this.#trail.openings, revealed: this.revealed },
    });
    return {
      index: this.length,
      head: this.#durableHead,
      bytes: sealSnapshot(place, deriveSnapshotKey(keys.room, nonce), header, this.#durableHead, body),
    };
  }

  #write(header: RecordHeader, body: Uint8Array): void {
    // It would never be read again, and nothing of the room after it.
    if (body.length > bodyLengthMax) throw new RangeError("a record is too long");
    const expected = this.#head;
    const { place, opening } = this.#setup;
    const revealable = opening.reveal === true ? { revealable: true } : {};
    const sealed = this.#keys.seal(place, { ...header, ...revealable }, expected, body);
    this.#head = sealed.head;
    this.#recorded += 1;
    this.#outstanding.push(sealed.head);
    this.#setup.send({ ...sealed, expected }, this);
  }
}
