/** A room written to a log and read back by another worker, with everything a store can do to it in between. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import { VaultError } from "#enclave/vault/errors.ts";
import { History, type StoredRecord, type StoredSnapshot } from "#enclave/vault/history.ts";
import { deriveRoomKeys } from "#enclave/vault/keys.ts";
import type { Opening } from "#enclave/vault/opening.ts";
import { beginning, RoomLog, type LogPosition } from "#enclave/vault/room-log.ts";
import { readWitness } from "#enclave/vault/witness.ts";
import { boundaryCase } from "../room/boundary-case.ts";
import { fill, keys, place } from "./vault-cases.ts";

const opening: Opening = { contract: fill(20), options: { clock: "30" }, listed: true, seed: fill(21) };

const at = (tick: number): Boundary => ({ ...boundaryCase, tick });

/** A store that keeps what it is given, and says at once that it has it. */
class Shelf {
  readonly records: StoredRecord[] = [];
  #draws: number;

  constructor(draws = 0) {
    this.#draws = draws;
  }

  open(position: LogPosition = beginning(), change: Partial<Opening> = {}): RoomLog {
    const waiting: StoredRecord[] = [];
    const log = new RoomLog({
      place,
      keys,
      opening: { ...opening, ...change },
      position,
      random: (length) => new Uint8Array(length).fill((this.#draws += 1)),
      send: ({ bytes, head }) => waiting.push({ index: position.index + waiting.length, head, record: bytes }),
    });
    this.#keep(waiting, log);
    const record = log.record.bind(log);
    log.record = (boundary) => {
      record(boundary);
      this.#keep(waiting, log);
    };
    return log;
  }

  #keep(waiting: readonly StoredRecord[], log: RoomLog): void {
    for (const record of waiting.slice(log.durable)) {
      this.records.push(record);
      log.stored();
    }
  }
}

function readBack(history: History, records: readonly StoredRecord[]): Boundary[] {
  return records.flatMap((record) => history.read(record) ?? []);
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof VaultError) return error.code;
    throw error;
  }
  return "accepted";
};

test("what was written is read, through several openings", () => {
  const shelf = new Shelf();
  const written: Boundary[] = [];
  let position = beginning();
  for (const boundaries of [3, 0, 2]) {
    const log = shelf.open(position);
    for (let i = 0; i < boundaries; i++) {
      const boundary = at(written.length + 1);
      log.record(boundary);
      written.push(boundary);
    }
    const history = History.fromBeginning(place, keys);
    expect(readBack(history, shelf.records)).toEqual(written);
    expect(history.opening).toEqual(opening);
    position = history.position;
    expect(position.head).toEqual(log.head);
  }
  expect(position).toMatchObject({ terms: 3, index: 8 });
});

test("from a snapshot on, only what came after it is read", () => {
  const shelf = new Shelf();
  const log = shelf.open();
  log.record(at(1));
  log.record(at(2));
  const snapshot = log.snapshot(fill(30, 100));
  log.record(at(3));
  const later = shelf.records.slice(snapshot.index);
  const { history, course } = History.fromSnapshot(place, keys, snapshot);
  expect(course).toEqual(fill(30, 100));
  expect(readBack(history, later)).toEqual([at(3)]);
  const again = shelf.open(history.position);
  again.record(at(4));
  const next = History.fromSnapshot(place, keys, again.snapshot(fill(31, 50)));
  expect(next.history.position).toMatchObject({ terms: 2, index: 6 });
  expect(next.history.opening).toEqual(opening);
});

test("a witness is of the newest durable record, and the history that follows knows its head", () => {
  const shelf = new Shelf();
  const log = shelf.open();
  log.record(at(1));
  const witness = readWitness(place, keys.witness, log.witness());
  expect(witness).toEqual({ term: 1, index: 2, head: log.head });
  log.record(at(2));
  const history = History.fromBeginning(place, keys);
  readBack(history, shelf.records);
  expect(history.position.heads.find(witness.index - 1)).toEqual({ head: witness.head });
});

test("nothing is durable before the store has said so, and a witness speaks of durable records only", () => {
  const sent: Uint8Array[] = [];
  const log = new RoomLog({
    place,
    keys,
    opening,
    position: beginning(),
    random: (length) => new Uint8Array(length).fill(1),
    send: ({ head }) => sent.push(head),
  });
  log.record(at(1));
  expect([log.recorded, log.durable, log.length]).toEqual([2, 0, 0]);
  log.stored();
  expect(log.head).toEqual(sent[0]);
  expect(readWitness(place, keys.witness, log.witness())).toMatchObject({ index: 1, head: sent[0] });
  expect(() => log.snapshot(fill(1))).toThrow(RangeError);
  log.stored();
  expect(log.durable).toBe(2);
  expect(() => log.stored()).toThrow(RangeError);
});

test("two workers that open one room seal other bytes for the same boundary", () => {
  const shelf = new Shelf();
  shelf.open().record(at(1));
  const fork = (draw: number): StoredRecord[] => {
    const history = History.fromBeginning(place, keys);
    readBack(history, shelf.records);
    const other = new Shelf(draw);
    other.open(history.position).record(at(2));
    return other.records;
  };
  const [one, two] = [fork(100), fork(101)];
  expect(one[1]!.record).not.toEqual(two[1]!.record);
  const reader = History.fromBeginning(place, keys);
  readBack(reader, [...shelf.records, one[0]!]);
  expect(codeOf(() => reader.read(two[1]!))).toBe("not-ours");
});

describe("a store that lies", () => {
  const shelf = new Shelf();
  const first = shelf.open();
  first.record(at(1));
  first.record(at(2));
  const older = first.snapshot(fill(40, 10));
  first.record(at(3));
  const honest = shelf.records.slice();
  const fresh = (): History => History.fromBeginning(place, keys);
  const swap = (records: readonly StoredRecord[], a: number, b: number): StoredRecord[] => {
    const copy = records.map((record) => ({ ...record }));
    [copy[a], copy[b]] = [
      { ...copy[b]!, index: a },
      { ...copy[a]!, index: b },
    ];
    return copy;
  };
  const elsewhere = new Shelf(50);
  elsewhere.open().record(at(9));
  const stranger = deriveRoomKeys(fill(3), "ffffffffffffffffffff" as RoomId);

  test("an honest one is believed", () => {
    expect(codeOf(() => readBack(fresh(), honest))).toBe("accepted");
    expect(codeOf(() => History.fromSnapshot(place, keys, older))).toBe("accepted");
  });

  test.for<[string, () => unknown]>([
    ["leaves a record out", () => readBack(fresh(), [honest[0]!, honest[2]!])],
    ["renumbers what is behind the gap", () => readBack(fresh(), [honest[0]!, { ...honest[2]!, index: 1 }])],
    ["swaps two records", () => readBack(fresh(), swap(honest, 1, 2))],
    ["repeats a record", () => readBack(fresh(), [honest[0]!, honest[1]!, honest[1]!])],
    ["leaves out the opening", () => readBack(fresh(), honest.slice(1))],
    ["names another head", () => readBack(fresh(), [{ ...honest[0]!, head: honest[1]!.head }])],
    ["puts in a record of another history", () => readBack(fresh(), [honest[0]!, elsewhere.records[1]!])],
    ["gives another room's keys something to read", () => readBack(History.fromBeginning(place, stranger), honest)],
    ["gives the snapshot another index", () => History.fromSnapshot(place, keys, { ...older, index: 4 })],
    ["gives the snapshot another head", () => History.fromSnapshot(place, keys, { ...older, head: honest[3]!.head })],
    [
      "puts older records behind the snapshot",
      () => readBack(History.fromSnapshot(place, keys, older).history, honest.slice(2)),
    ],
    [
      "goes on with a record from before the snapshot",
      () => History.fromSnapshot(place, keys, older).history.read({ ...honest[2]!, index: older.index }),
    ],
  ])("one that %s is found out", ([, act]) => {
    expect(codeOf(act)).toBe("not-ours");
  });

  test("no change of any byte of a log is accepted", () => {
    fc.assert(
      fc.property(fc.nat(honest.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, where, change) => {
        const records = honest.map((record) => ({ ...record, record: record.record.slice() }));
        const { record } = records[which]!;
        record[where % record.length]! ^= change;
        expect(codeOf(() => readBack(fresh(), records))).toBe("not-ours");
      }),
      { numRuns: 300 },
    );
  });

  test("an opening under other rules or another seed is not gone on with", () => {
    const history = fresh();
    readBack(history, honest);
    for (const change of [{ contract: fill(99) }, { seed: fill(98) }]) {
      const other = new Shelf();
      const before = fresh();
      readBack(before, honest);
      other.open(before.position, change);
      const reader = fresh();
      readBack(reader, honest);
      expect(codeOf(() => readBack(reader, other.records))).toBe("damaged");
    }
  });
});

test.for<[string, StoredSnapshot]>([
  ["no bytes", { index: 1, head: fill(0), bytes: new Uint8Array(0) }],
  ["noise", { index: 1, head: fill(0), bytes: fill(7, 300) }],
])("%s are no snapshot", ([, snapshot]) => {
  expect(codeOf(() => History.fromSnapshot(place, keys, snapshot))).toBe("not-ours");
});
