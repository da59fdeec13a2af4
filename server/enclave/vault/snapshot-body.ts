/**
 * What a sealed snapshot holds.
 *
 * ```text
 * body     = lp(opening nonce of the records after it 32, opening, history of heads, course)
 * body     = lp(the same, openings) of rooms whose log may be revealed
 * openings = [records of the revealed log u64 le, 0 if it is not revealed] [head of the reveal 32] ([nonce 32] [index u64 le])*
 * ```
 */
import { lengthPrefixed } from "#protocol/bytes.ts";
import { FieldReader, FieldWriter } from "#protocol/fields.ts";
import { VaultError } from "./errors.ts";
import { HeadHistory } from "./heads.ts";
import { nonceLength } from "./keys.ts";
import { headLength } from "./record-header.ts";
import { noTrail, type Trail } from "./trail.ts";
import { decodeOpening, encodeOpening, type Opening } from "./opening.ts";

export interface SnapshotBody {
  /** Of the opening that took it: opens the records that follow, until the next opening. */
  readonly recordNonce: Uint8Array;
  readonly opening: Opening;
  readonly heads: HeadHistory;
  /** See `room/course-codec.ts`. */
  readonly course: Uint8Array;
  /** Of rooms whose log may be revealed. */
  readonly trail?: Trail;
}

export const encodeSnapshotBody = ({ recordNonce, opening, heads, course, trail }: SnapshotBody): Uint8Array =>
  lengthPrefixed(
    recordNonce,
    encodeOpening(opening),
    heads.encode(),
    course,
    ...(opening.reveal === undefined ? [] : [encodeTrail(trail ?? noTrail)]),
  );

/** @throws VaultError "damaged". */
export function decodeSnapshotBody(bytes: Uint8Array): SnapshotBody {
  const fields: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) throw damaged();
    fields.push(bytes.slice(at + 4, end));
    at = end;
  }
  const [recordNonce, opening, heads, course, trail, ...rest] = fields;
  if (at !== bytes.length || course === undefined || rest.length > 0 || recordNonce?.length !== nonceLength) {
    throw damaged();
  }
  return {
    recordNonce,
    opening: decodeOpening(opening!),
    heads: HeadHistory.decode(heads!),
    course,
    ...(trail === undefined ? {} : { trail: decodeTrail(trail) }),
  };
}

function encodeTrail({ openings, revealed }: Trail): Uint8Array {
  const writer = new FieldWriter();
  writer.count(revealed?.records ?? 0);
  writer.bytes(revealed?.head ?? noHead);
  for (const { nonce, first } of openings) {
    writer.bytes(nonce);
    writer.count(first);
  }
  return writer.take();
}

function decodeTrail(bytes: Uint8Array): Trail {
  try {
    const reader = new FieldReader(bytes);
    const records = reader.count();
    const head = reader.bytes(headLength).slice();
    const openings = Array.from({ length: Math.floor((bytes.length - 8 - headLength) / (nonceLength + 8)) }, () => ({
      nonce: reader.bytes(nonceLength).slice(),
      first: reader.count(),
    }));
    reader.end();
    return { openings, revealed: records === 0 ? undefined : { records, head } };
  } catch {
    throw damaged();
  }
}

const noHead = new Uint8Array(headLength);

const damaged = (): VaultError => new VaultError("damaged", "the body of a snapshot");
