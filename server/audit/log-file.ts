/**
 * A room's log as a file: the sealed records as they were stored, and what it takes to look for their contract.
 *
 * ```text
 * log     = "phatroom log 1\n" [world 32] [lineage 32] [contract hash 32] [room: 20 letters] [manifest: length u32, JSON]
 *           [keys u8: 0 in the last record, 1 here] ([openings u32] [opening]* if they are here)
 *           [records u32] ([length u32] [record])*
 * opening = [records u32] [nodes u8] [node 32]*
 * ```
 *
 * Numbers are little-endian. Keys stand in the last record if the enclave revealed the log (`docs/audit.md`). Keys that
 * stand in the file came out of a development platform, which has no secrets.
 */
import { utf8ToBytes } from "#protocol/bytes.ts";
import { FieldReader, FieldWriter } from "#protocol/fields.ts";
import { isRoomId } from "#protocol/identity.ts";
import { recordMax } from "#protocol/store.ts";
import type { Place } from "#enclave/vault/record-header.ts";
import {
  manifestLengthMax,
  revealedOpeningsMax,
  revealedRecordsMax,
  type RevealedOpening,
} from "#enclave/vault/reveal.ts";
import { AuditError } from "./errors.ts";

export interface RoomLogFile {
  readonly place: Place;
  /** Contract hash, 32 bytes. */
  readonly contract: Uint8Array;
  /** Canonical JSON, for whoever looks for the bundle; the contract hash binds it. */
  readonly manifest: Uint8Array;
  /** Of a development platform; undefined where the log itself ends with what opens it. */
  readonly keys: readonly RevealedOpening[] | undefined;
  /** In their order, from the room's first. */
  readonly records: readonly Uint8Array[];
}

/** What a machine without much memory can hold twice. */
export const logLengthMax = 256 * 1024 * 1024;

const labelBegin = "phatroom log ";
const label = utf8ToBytes(`${labelBegin}1\n`);
const roomIdLength = 20;
const nodesMax = 24;

export function encodeLogFile({ place, contract, manifest, keys, records }: RoomLogFile): Uint8Array {
  const writer = new FieldWriter();
  writer.bytes(label);
  writer.bytes(place.world);
  writer.bytes(place.lineage);
  writer.bytes(contract);
  writer.bytes(utf8ToBytes(place.room));
  writer.blob(manifest);
  writer.u8(keys === undefined ? 0 : 1);
  if (keys !== undefined) {
    writer.u32(keys.length);
    for (const opening of keys) {
      writer.u32(opening.records);
      writer.u8(opening.nodes.length);
      for (const node of opening.nodes) writer.bytes(node);
    }
  }
  writer.u32(records.length);
  for (const record of records) writer.blob(record);
  return writer.take();
}

/** @throws AuditError "not-a-log", "another-version". */
export function decodeLogFile(bytes: Uint8Array): RoomLogFile {
  if (bytes.length > logLengthMax) throw notALog("longer than any log");
  try {
    return read(new FieldReader(bytes));
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw notALog("its fields do not fit");
  }
}

function read(reader: FieldReader): RoomLogFile {
  const begin = String.fromCharCode(...reader.bytes(label.length));
  if (!begin.startsWith(labelBegin)) throw notALog("it begins otherwise");
  if (begin !== String.fromCharCode(...label)) throw new AuditError("another-version", null, JSON.stringify(begin));
  const world = reader.bytes(32).slice();
  const lineage = reader.bytes(32).slice();
  const contract = reader.bytes(32).slice();
  const room = String.fromCharCode(...reader.bytes(roomIdLength));
  if (!isRoomId(room)) throw notALog("no room's id");
  const manifest = reader.blob(manifestLengthMax).slice();
  const keys = readKeys(reader);
  const count = bounded(reader.u32(), revealedRecordsMax + 1);
  const records = Array.from({ length: count }, () => reader.blob(recordMax).slice());
  reader.end();
  return { place: { world, lineage, room }, contract, manifest, keys, records };
}

function readKeys(reader: FieldReader): RevealedOpening[] | undefined {
  if (bounded(reader.u8(), 1) === 0) return undefined;
  return Array.from({ length: bounded(reader.u32(), revealedOpeningsMax) }, () => {
    const records = bounded(reader.u32(), revealedRecordsMax);
    const nodes = Array.from({ length: bounded(reader.u8(), nodesMax) }, () => reader.bytes(32).slice());
    return { records, nodes };
  });
}

function bounded(value: number, most: number): number {
  if (value > most) throw notALog("a number that is too large");
  return value;
}

const notALog = (detail: string): AuditError => new AuditError("not-a-log", null, detail);
