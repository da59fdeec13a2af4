/**
 * What a room that has ended reveals: what opens the records of its log, and what whoever repeats it must find.
 *
 * ```text
 * reveal  = [world 32] [lineage 32] [room: 20 letters] [contract hash 32] [manifest: length u32 le, canonical JSON]
 *           [head before it 32] [tick u64 le] [result: length u32 le, MessagePack] [awards u32 le] [hash of awards 32]
 *           [hash of the contract's memory 32] [openings u32 le] [opening]*
 * opening = [records u32 le] [node 32]*
 * ```
 *
 * An opening's nodes are the cover of its records in its tree of keys (`key-tree.ts`). They open nothing else: room key,
 * witness key, snapshots, records of other rooms and other histories stay closed, and nobody can write a record with them.
 */
import { equalBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { FieldReader, FieldWriter } from "#protocol/fields.ts";
import { isRoomId } from "#protocol/identity.ts";
import { callOutputMax } from "#protocol/limits.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { checkValue } from "#protocol/value.ts";
import type { Finale } from "../room/finale.ts";
import { VaultError } from "./errors.ts";
import { coverLength } from "./key-tree.ts";
import type { Place } from "./record-header.ts";

export interface Reveal {
  readonly place: Place;
  /** Contract hash, 32 bytes: what the room was played by. */
  readonly contract: Uint8Array;
  /** Canonical, as it is hashed. */
  readonly manifest: Uint8Array;
  /** 32 bytes: of the record before this one. */
  readonly before: Uint8Array;
  readonly finale: Finale;
  /** In their order. */
  readonly openings: readonly RevealedOpening[];
}

export interface RevealedOpening {
  readonly records: number;
  /** 32 bytes each. */
  readonly nodes: readonly Uint8Array[];
}

/** A longer log is not revealed: whoever keeps or repeats one must know what to expect. */
export const revealedRecordsMax = 262_144;

/** A room that was opened more often is not revealed: each opening takes up to 580 bytes. */
export const revealedOpeningsMax = 1024;

/** Tables are the long part of it. */
export const manifestLengthMax = 256 * 1024;

/** The largest result a contract can answer. */
const resultLengthMax = callOutputMax;

export function encodeReveal({ place, contract, manifest, before, finale, openings }: Reveal): Uint8Array {
  const writer = new FieldWriter();
  writer.bytes(place.world);
  writer.bytes(place.lineage);
  writer.bytes(utf8ToBytes(place.room));
  writer.bytes(contract);
  writer.blob(manifest);
  writer.bytes(before);
  writer.count(finale.tick);
  writer.blob(encodeMsgpack(finale.result));
  writer.u32(finale.awards.count);
  writer.bytes(finale.awards.hash);
  writer.bytes(finale.memory);
  writer.u32(openings.length);
  for (const { records, nodes } of openings) {
    writer.u32(records);
    for (const node of nodes) writer.bytes(node);
  }
  return writer.take();
}

/** @throws VaultError "damaged". */
export function decodeReveal(bytes: Uint8Array): Reveal {
  try {
    const reader = new FieldReader(bytes);
    const world = reader.bytes(32).slice();
    const lineage = reader.bytes(32).slice();
    const room = String.fromCharCode(...reader.bytes(roomIdLength));
    if (!isRoomId(room)) throw damaged();
    const contract = reader.bytes(32).slice();
    const manifest = reader.blob(manifestLengthMax).slice();
    const before = reader.bytes(32).slice();
    const tick = reader.count();
    const packed = reader.blob(resultLengthMax);
    const result = checkValue(decodeMsgpack(packed));
    // There is one way to write a result, so that no two reveals say the same.
    if (!equalBytes(encodeMsgpack(result), packed)) throw damaged();
    const awards = { count: reader.u32(), hash: reader.bytes(32).slice() };
    const memory = reader.bytes(32).slice();
    const count = reader.u32();
    if (count > revealedOpeningsMax) throw damaged();
    const openings = Array.from({ length: count }, () => {
      const records = reader.u32();
      if (records > revealedRecordsMax) throw damaged();
      return { records, nodes: Array.from({ length: coverLength(records) }, () => reader.bytes(32).slice()) };
    });
    reader.end();
    return {
      place: { world, lineage, room },
      contract,
      manifest,
      before,
      finale: { tick, result, awards, memory },
      openings,
    };
  } catch {
    throw damaged();
  }
}

const roomIdLength = 20;

const damaged = (): VaultError => new VaultError("damaged", "no reveal");
