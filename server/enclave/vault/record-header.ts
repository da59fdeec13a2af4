/** What stands in clear in front of every record, and what its seal is bound to. */
import { lengthPrefixed } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { revealMark } from "#protocol/revealed.ts";
import { VaultError } from "./errors.ts";
import { nonceLength } from "./keys.ts";

const recordVersions = { sealed: 1, revealable: revealMark[0] } as const;
export const headLength = 32;

/** At the end of each record of a log that may be revealed. */
export const macLength = 32;

/** The largest body: a full room's inputs of one boundary, thrice. */
export const bodyLengthMax = 3 * 1024 * 1024;

/** Never renumbered: logs outlast versions. */
export const recordKinds = { opening: 1, boundary: 2, reveal: revealMark[1] } as const;
export type RecordKind = keyof typeof recordKinds;

/** Which room, whoever asks. */
export interface Place {
  /** 32 bytes each. */
  readonly world: Uint8Array;
  readonly lineage: Uint8Array;
  readonly room: RoomId;
}

/** What stands in clear in front of a record. */
export interface RecordHeader {
  readonly kind: RecordKind;
  /** Openings of the room before this one, and this one. */
  readonly term: number;
  readonly index: number;
  /** Of kind "opening" only: 32 bytes. */
  readonly nonce?: Uint8Array;
  /** Whether it is a record of a log that may be revealed; kind "reveal" is nothing else. */
  readonly revealable?: boolean;
}

const fixedLength = 14;

/** What stands in front of a record. Nothing of it is believed before the record is opened. @throws VaultError "not-ours". */
export function readHeader(bytes: Uint8Array): RecordHeader {
  const revealable = bytes[0] === recordVersions.revealable;
  if (bytes.length < fixedLength || !(revealable || bytes[0] === recordVersions.sealed)) throw noRecord();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const common = {
    term: view.getUint32(2, true),
    index: Number(view.getBigUint64(6, true)),
    ...(revealable ? { revealable } : {}),
  };
  switch (bytes[1]) {
    case recordKinds.boundary:
      return { kind: "boundary", ...common };
    case recordKinds.opening: {
      const nonce = bytes.slice(fixedLength, fixedLength + nonceLength);
      if (nonce.length !== nonceLength) throw noRecord();
      return { kind: "opening", ...common, nonce };
    }
    case recordKinds.reveal:
      if (!revealable) throw noRecord();
      return { kind: "reveal", ...common };
    default:
      throw noRecord();
  }
}

const noRecord = (): VaultError => new VaultError("not-ours", "no record");

export const headerLength = (kind: RecordKind): number => fixedLength + (kind === "opening" ? nonceLength : 0);

export function encodeHeader({ kind, term, index, nonce, revealable = false }: RecordHeader): Uint8Array {
  if ((nonce?.length ?? 0) !== (kind === "opening" ? nonceLength : 0)) throw new RangeError("opening nonce");
  const clear = new Uint8Array(headerLength(kind));
  const view = new DataView(clear.buffer);
  clear[0] = revealable ? recordVersions.revealable : recordVersions.sealed;
  clear[1] = recordKinds[kind];
  view.setUint32(2, term, true);
  view.setBigUint64(6, BigInt(index), true);
  if (nonce !== undefined) clear.set(nonce, fixedLength);
  return clear;
}

export const associatedOf = ({ world, lineage, room }: Place, clear: Uint8Array, before: Uint8Array): Uint8Array =>
  lengthPrefixed("phatroom/1/sealed-record", world, lineage, room, clear, before);
