/**
 * What a sealed snapshot holds.
 *
 * ```text
 * body = lp(opening nonce of the records after it 32, opening, history of heads, course)
 * ```
 */
import { lengthPrefixed } from "#protocol/bytes.ts";
import { VaultError } from "./errors.ts";
import { HeadHistory } from "./heads.ts";
import { nonceLength } from "./keys.ts";
import { decodeOpening, encodeOpening, type Opening } from "./opening.ts";

export interface SnapshotBody {
  /** Of the opening that took it: opens the records that follow, until the next opening. */
  readonly recordNonce: Uint8Array;
  readonly opening: Opening;
  readonly heads: HeadHistory;
  /** See `room/course-codec.ts`. */
  readonly course: Uint8Array;
}

export const encodeSnapshotBody = ({ recordNonce, opening, heads, course }: SnapshotBody): Uint8Array =>
  lengthPrefixed(recordNonce, encodeOpening(opening), heads.encode(), course);

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
  const [recordNonce, opening, heads, course, ...rest] = fields;
  if (at !== bytes.length || course === undefined || rest.length > 0 || recordNonce?.length !== nonceLength) {
    throw damaged();
  }
  return { recordNonce, opening: decodeOpening(opening!), heads: HeadHistory.decode(heads!), course };
}

const damaged = (): VaultError => new VaultError("damaged", "the body of a snapshot");
