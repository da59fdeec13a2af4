/**
 * How a store's keeper tells a log that was revealed, without reading what is sealed: the kind of a record stands in clear
 * in front of it. Such logs may be given to anybody.
 *
 * A log on its way to somebody is its records, each behind its length (u32 le).
 */
import { ProtocolError } from "./errors.ts";
import { FieldReader } from "./fields.ts";
import { recordMax } from "./store.ts";

/** Version and kind of the record that ends a revealed log. */
export const revealMark = [2, 16] as const;

/** Whether this record reveals the log that it ends. Only who repeats the log knows whether it truly does. */
export const isReveal = (record: Uint8Array): boolean => record[0] === revealMark[0] && record[1] === revealMark[1];

/** Bytes of all records of a log that is given away. */
export const revealedBytesMax = 128 * 1024 * 1024;

/** @throws ProtocolError "malformed". */
export function decodeRecords(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length > revealedBytesMax) throw new ProtocolError("malformed", "a log that is too long");
  const reader = new FieldReader(bytes);
  const records: Uint8Array[] = [];
  for (let read = 0; read < bytes.length; read += 4 + records.at(-1)!.length) records.push(reader.blob(recordMax));
  reader.end();
  return records;
}
