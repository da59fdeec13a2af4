/** Ways to change a log, by somebody who has it and its keys and wants it to say something else. */
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { encodeLogFile, type RoomLogFile } from "#audit/log-file.ts";
import { revealIn } from "#audit/records.ts";
import { macLength } from "#enclave/vault/record-header.ts";
import { encodeReveal, type Reveal } from "#enclave/vault/reveal.ts";

/** What the generators here draw from. */
export interface Draws {
  below(below: number): number;
}

export interface Mutant {
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Whether it can be found without knowing the head that the enclave said: nothing but the last record's mac differs. */
  readonly headOnly: boolean;
}

/** @param other another room's log under the same rules. */
export function mutantOf(draws: Draws, file: RoomLogFile, other: RoomLogFile): Mutant {
  const kinds = Object.keys(changes);
  const kind = kinds[draws.below(kinds.length)]!;
  const whole = encodeLogFile(file);
  for (;;) {
    const changed = changes[kind]!(draws, file, other);
    const bytes = changed instanceof Uint8Array ? changed : encodeLogFile(changed);
    if (Buffer.compare(bytes, whole) === 0) continue;
    const first = bytes.findIndex((byte, i) => byte !== whole[i]);
    const headOnly = bytes.length === whole.length && first >= whole.length - macLength;
    return { kind, bytes, headOnly };
  }
}

type Change = (draws: Draws, file: RoomLogFile, other: RoomLogFile) => RoomLogFile | Uint8Array;

const withRecords = (file: RoomLogFile, change: (records: Uint8Array[]) => void): RoomLogFile => {
  const records = file.records.map((record) => record.slice());
  change(records);
  return { ...file, records };
};

const withReveal = (file: RoomLogFile, change: (reveal: Reveal) => Reveal): RoomLogFile =>
  withRecords(file, (records) => {
    const last = records.at(-1)!;
    const reveal = revealIn(last, 0);
    records[records.length - 1] = concatBytes(
      last.subarray(0, 14),
      encodeReveal(change(reveal)),
      last.subarray(-macLength),
    );
  });

const renumber = (record: Uint8Array, index: number): void =>
  new DataView(record.buffer, record.byteOffset).setBigUint64(6, BigInt(index), true);

const changes: Readonly<Record<string, Change>> = {
  "a bit of the file": (draws, file) => {
    const bytes = encodeLogFile(file);
    bytes[draws.below(bytes.length)]! ^= 1 << draws.below(8);
    return bytes;
  },
  "a bit of a record": (draws, file) =>
    withRecords(file, (records) => {
      const record = records[draws.below(records.length)]!;
      record[draws.below(record.length)]! ^= 1 << draws.below(8);
    }),
  "the file cut": (draws, file) => {
    const bytes = encodeLogFile(file);
    return bytes.subarray(0, draws.below(bytes.length));
  },
  "bytes behind its end": (draws, file) => concatBytes(encodeLogFile(file), Uint8Array.of(draws.below(256))),
  "a record left out": (draws, file) =>
    withRecords(file, (records) => void records.splice(draws.below(records.length), 1)),
  "a record left out, the others renumbered": (draws, file) =>
    withRecords(file, (records) => {
      records.splice(draws.below(records.length), 1);
      records.forEach(renumber);
    }),
  "its last records left out": (draws, file) =>
    withRecords(file, (records) => void records.splice(draws.below(records.length - 1), records.length)),
  "records before its reveal left out": (draws, file) =>
    withRecords(file, (records) => {
      const from = 1 + draws.below(records.length - 2);
      records.splice(from, records.length - 1 - from);
      renumber(records.at(-1)!, from);
    }),
  "a record twice": (draws, file) =>
    withRecords(file, (records) => {
      const at = draws.below(records.length);
      records.splice(at, 0, records[at]!.slice());
    }),
  "a record twice, the others renumbered": (draws, file) =>
    withRecords(file, (records) => {
      const at = draws.below(records.length);
      records.splice(at, 0, records[at]!.slice());
      records.forEach(renumber);
    }),
  "two records swapped": (draws, file) =>
    withRecords(file, (records) => {
      const [a, b] = [draws.below(records.length), draws.below(records.length)];
      [records[a], records[b]] = [records[b]!, records[a]!];
    }),
  "two records swapped and renumbered": (draws, file) =>
    withRecords(file, (records) => {
      const [a, b] = [draws.below(records.length), draws.below(records.length)];
      [records[a], records[b]] = [records[b]!, records[a]!];
      records.forEach(renumber);
    }),
  "a record of another room": (draws, file, other) =>
    withRecords(file, (records) => {
      const at = draws.below(Math.min(records.length, other.records.length));
      records[at] = other.records[at]!.slice();
    }),
  "the end of another room": (draws, file, other) =>
    withRecords(file, (records) => {
      const at = draws.below(Math.min(records.length, other.records.length));
      records.splice(at, records.length, ...other.records.slice(at));
    }),
  "another room's name": (_draws, file, other) => ({ ...file, place: { ...file.place, world: other.place.world } }),
  "another room's lineage": (_draws, file, other) => ({
    ...file,
    place: { ...file.place, lineage: other.place.lineage },
  }),
  "another contract": (draws, file) => {
    const contract = file.contract.slice();
    contract[draws.below(32)]! ^= 1 + draws.below(255);
    return { ...file, contract };
  },
  "openings that swap their keys": (_draws, file) =>
    withReveal(file, (reveal) => ({ ...reveal, openings: reveal.openings.toReversed() })),
  "an opening's keys of another room": (_draws, file, other) =>
    withReveal(file, (reveal) => {
      const others = revealIn(other.records.at(-1)!, 0).openings;
      return { ...reveal, openings: [others[0]!, ...reveal.openings.slice(1)] };
    }),
  "another nonce": (draws, file) =>
    withRecords(file, (records) => {
      records[0]![14 + draws.below(32)]! ^= 1 + draws.below(255);
    }),
  "another result": (_draws, file) =>
    withReveal(file, (reveal) => ({ ...reveal, finale: { ...reveal.finale, result: { how: "line", winner: 7 } } })),
  "another end": (draws, file) =>
    withReveal(file, (reveal) => ({
      ...reveal,
      finale: { ...reveal.finale, tick: reveal.finale.tick + 1 + draws.below(99) },
    })),
  "another award": (draws, file) =>
    withReveal(file, (reveal) => {
      const { awards } = reveal.finale;
      return {
        ...reveal,
        finale: { ...reveal.finale, awards: { ...awards, count: awards.count + 1 + draws.below(9) } },
      };
    }),
  "another memory": (draws, file) =>
    withReveal(file, (reveal) => {
      const memory = reveal.finale.memory.slice();
      memory[draws.below(32)]! ^= 1 + draws.below(255);
      return { ...reveal, finale: { ...reveal.finale, memory } };
    }),
  "keys in the clear instead": (_draws, file) => ({
    ...file,
    keys: revealIn(file.records.at(-1)!, 0).openings,
  }),
  "another manifest": (_draws, file) => ({
    ...file,
    manifest: utf8ToBytes(new TextDecoder().decode(file.manifest).replace('"max":2', '"max":3')),
  }),
};
