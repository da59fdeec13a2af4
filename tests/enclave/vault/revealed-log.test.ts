/** What a revealed log opens, what it does not, and what somebody who has read it still cannot make a worker believe. */
import { describe, expect, test } from "vitest";
import { concatBytes, equalBytes } from "#protocol/bytes.ts";
import { callOutputMax } from "#protocol/limits.ts";
import { checkManifest, encodeManifest } from "#protocol/manifest.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import { encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { noAwards, type Finale } from "#enclave/room/finale.ts";
import { VaultError } from "#enclave/vault/errors.ts";
import { History, type StoredRecord } from "#enclave/vault/history.ts";
import { CoveredKeys, type NumberedKeys } from "#enclave/vault/key-tree.ts";
import { deriveAuthenticationKey, deriveRecordKey, deriveSnapshotKey, deriveTreeRoot } from "#enclave/vault/keys.ts";
import type { Opening } from "#enclave/vault/opening.ts";
import { RevealableKeys } from "#enclave/vault/opening-keys.ts";
import { padAsIs } from "#enclave/vault/padding.ts";
import { headOf, readHeader } from "#enclave/vault/record.ts";
import { associatedOf, encodeHeader, macLength } from "#enclave/vault/record-header.ts";
import { decodeReveal, encodeReveal, revealedRecordsMax, type Reveal } from "#enclave/vault/reveal.ts";
import { beginning, RoomLog, type LogPosition } from "#enclave/vault/room-log.ts";
import { seal, unseal } from "#enclave/vault/seal.ts";
import { boundaryCase } from "../room/boundary-case.ts";
import { fill, keys, place } from "./vault-cases.ts";

const opening: Opening = { contract: fill(20), options: {}, listed: true, seed: fill(21), reveal: true };
const finale: Finale = { tick: 9, result: { winner: 1 }, awards: noAwards, memory: fill(22) };
const manifest = checkManifest({
  abi: "room-wasm v1",
  name: "revealed",
  players: { min: 2, max: 2 },
  spectators: 0,
  pace: "turns",
  hz: 50,
  presence: "all",
  graceMs: 0,
  pauseMs: 0,
  options: {},
  frameBytes: 0,
  memoryPages: 42,
  fuel: 1_000_000,
  reveal: "at-end",
});

const at = (tick: number): Boundary => ({ ...boundaryCase, tick });

class Shelf {
  readonly records: StoredRecord[];
  #draws: number;

  constructor(draws: number, records: readonly StoredRecord[] = []) {
    this.#draws = draws;
    this.records = [...records];
  }

  open(position: LogPosition = beginning(), given: Opening = opening): RoomLog {
    return new RoomLog({
      place,
      keys,
      opening: given,
      position,
      random: (length) => new Uint8Array(length).fill((this.#draws += 1)),
      send: ({ bytes, head }, log) => {
        this.records.push({ index: this.records.length, head, record: bytes });
        queueMicrotask(() => log.stored());
      },
    });
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function readAll(records: readonly StoredRecord[]): History {
  const history = History.fromBeginning(place, keys);
  for (const record of records) history.read(record);
  return history;
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

/** Three boundaries, another opening with two more, and the reveal. */
async function revealed(): Promise<{ shelf: Shelf; log: RoomLog; reveal: Reveal }> {
  const shelf = new Shelf(0);
  const first = shelf.open();
  for (const tick of [1, 2, 3]) first.record(at(tick));
  const log = shelf.open(readAll(shelf.records).position);
  for (const tick of [4, 5]) log.record(at(tick));
  await settled();
  log.reveal(finale, manifest);
  await settled();
  const { record } = shelf.records.at(-1)!;
  return { shelf, log, reveal: decodeReveal(record.subarray(14, -macLength)) };
}

/** Opens a record as a reader does who has nothing but what was revealed. */
function openWith(key: Uint8Array, before: Uint8Array, record: Uint8Array): Uint8Array {
  const header = readHeader(record);
  const clear = encodeHeader(header);
  return unseal(key, header.index, associatedOf(place, clear, before), record.subarray(clear.length, -macLength));
}

const covers = ({ openings }: Reveal): NumberedKeys[] =>
  openings.map(({ records, nodes }) => new CoveredKeys(records, nodes));

test("a revealed log is read with what its last record says, and names itself by that record", async () => {
  const { shelf, log, reveal } = await revealed();
  expect(reveal).toMatchObject({ place, contract: opening.contract, finale, manifest: encodeManifest(manifest) });
  expect(reveal.openings.map(({ records }) => records)).toEqual([4, 3]);
  expect(log.revealed).toEqual({ records: 8, head: shelf.records[7]!.head });
  const [one, two] = covers(reveal);
  shelf.records.slice(0, 7).forEach(({ index, record }, i) => {
    const key = index < 4 ? one!.keyOf(index) : two!.keyOf(index - 4);
    expect(openWith(key, shelf.records[i - 1]?.head ?? fill(0), record).length).toBeGreaterThan(100);
  });
  expect(readAll(shelf.records).position.trail.revealed).toEqual(log.revealed);
});

test("it opens no record of another history that shares an opening with it", async () => {
  const shelf = new Shelf(0);
  const log = shelf.open();
  log.record(at(1));
  await settled();
  const shared = [...shelf.records];
  // The players go on; meanwhile the host lets another worker open an older copy, which comes to its end.
  log.record(at(2));
  const copy = new Shelf(50, shared);
  const copied = copy.open(readAll(shared).position);
  copied.record(at(7));
  await settled();
  copied.reveal(finale, manifest);
  await settled();
  const reveal = decodeReveal(copy.records.at(-1)!.record.subarray(14, -macLength));
  const [cover] = covers(reveal);
  expect(() => cover!.keyOf(2)).toThrow(RangeError);
  const { record } = shelf.records[2]!;
  const before = shelf.records[1]!.head;
  for (const { records, nodes } of reveal.openings) {
    const given = [...nodes, ...Array.from({ length: records }, (_, i) => new CoveredKeys(records, nodes).keyOf(i))];
    for (const key of given) expect(codeOf(() => openWith(key, before, record))).toBe("not-ours");
  }
});

test("it holds no key but those of its records", async () => {
  const { shelf, reveal } = await revealed();
  const nonces = [shelf.records[0]!, shelf.records[4]!].map(({ record }) => readHeader(record).nonce!);
  const secrets = [
    keys.room,
    keys.witness,
    ...nonces.flatMap((nonce) => [
      deriveRecordKey(keys.room, nonce),
      deriveSnapshotKey(keys.room, nonce),
      deriveTreeRoot(keys.room, nonce),
      deriveAuthenticationKey(keys.room, nonce),
    ]),
  ];
  for (const node of reveal.openings.flatMap(({ nodes }) => nodes)) {
    for (const secret of secrets) expect(equalBytes(node, secret)).toBe(false);
  }
});

describe("somebody who has read the log", () => {
  /** Seals a boundary with the revealed key of its place, behind any record of the log. */
  async function forged(): Promise<{ records: StoredRecord[]; honest: StoredRecord[] }> {
    const { shelf, reveal } = await revealed();
    const records = shelf.records.slice(0, 3);
    const before = records[2]!.head;
    const header = { kind: "boundary", term: 1, index: 3, revealable: true } as const;
    const clear = encodeHeader(header);
    const key = covers(reveal)[0]!.keyOf(3);
    const sealed = seal(key, 3, associatedOf(place, clear, before), padAsIs(encodeBoundary(at(66))));
    const bytes = concatBytes(clear, sealed, fill(0, macLength));
    records.push({ index: 3, head: headOf(before, bytes), record: bytes });
    return { records, honest: shelf.records };
  }

  test("cannot write another history that a worker would go on with", async () => {
    const { records, honest } = await forged();
    expect(codeOf(() => readAll(honest))).toBe("accepted");
    expect(codeOf(() => readAll(records))).toBe("not-ours");
  });

  test("cannot make a worker take its records for those of a log that is never revealed", async () => {
    const { shelf } = await revealed();
    const records = shelf.records.map((stored) => ({ ...stored, record: stored.record.slice() }));
    records[0]!.record[0] = 1;
    const head = headOf(fill(0), records[0]!.record);
    expect(codeOf(() => readAll([{ ...records[0]!, head }]))).toBe("not-ours");
  });

  test("cannot write its end", async () => {
    const { shelf, reveal } = await revealed();
    const records = shelf.records.slice(0, 3);
    const before = records[2]!.head;
    const clear = encodeHeader({ kind: "reveal", term: 1, index: 3, revealable: true });
    const body = encodeReveal({ ...reveal, finale: { ...finale, result: "mine" } });
    const bytes = concatBytes(clear, body, fill(0, macLength));
    expect(codeOf(() => readAll([...records, { index: 3, head: headOf(before, bytes), record: bytes }]))).toBe(
      "not-ours",
    );
  });
});

test("nothing is written behind the end of a revealed log but other openings", async () => {
  const { shelf, log } = await revealed();
  const history = readAll(shelf.records);
  const again = new Shelf(90, shelf.records);
  const later = again.open(history.position);
  await settled();
  expect(later.revealed).toEqual(log.revealed);
  later.reveal(finale, manifest);
  await settled();
  expect(again.records).toHaveLength(9);
  expect(codeOf(() => readAll(again.records))).toBe("accepted");
  log.record(at(6));
  await settled();
  expect(codeOf(() => readAll(shelf.records))).toBe("not-ours");
});

test("a room goes on from a snapshot with all it takes to reveal its whole log", async () => {
  const shelf = new Shelf(0);
  const first = shelf.open();
  first.record(at(1));
  await settled();
  const { history } = History.fromSnapshot(place, keys, first.snapshot(fill(30, 40)));
  const log = shelf.open(history.position);
  log.record(at(2));
  await settled();
  log.reveal(finale, manifest);
  await settled();
  const reveal = decodeReveal(shelf.records.at(-1)!.record.subarray(14, -macLength));
  expect(reveal.openings.map(({ records }) => records)).toEqual([2, 2]);
  const { history: after } = History.fromSnapshot(place, keys, log.snapshot(fill(31, 40)));
  expect(after.position.trail.revealed).toEqual(log.revealed);
});

test("a log that may not be revealed is not, whoever asks", async () => {
  const { reveal: _, ...hidden } = opening;
  const shelf = new Shelf(0);
  const log = shelf.open(beginning(), hidden);
  log.record(at(1));
  await settled();
  log.reveal(finale, manifest);
  await settled();
  expect([shelf.records.length, log.revealed, log.revealable]).toEqual([2, undefined, false]);
});

test("a longer log than anybody would repeat is not revealed", async () => {
  const shelf = new Shelf(0);
  const heads = beginning();
  const log = shelf.open({ ...heads, index: revealedRecordsMax });
  await settled();
  log.reveal(finale, manifest);
  await settled();
  expect([shelf.records.length, log.revealed, log.revealable]).toEqual([1, undefined, false]);
});

test("a log is of one kind from beginning to end", async () => {
  const { reveal: _, ...hidden } = opening;
  const shelf = new Shelf(0);
  shelf.open().record(at(1));
  await settled();
  shelf.open(readAll(shelf.records).position, hidden);
  await settled();
  expect(codeOf(() => readAll(shelf.records))).toBe("damaged");
});

test("keys of an opening seal and open, and refuse what is elsewhere", () => {
  const one = new RevealableKeys(keys.room, fill(4), 0);
  const header = { kind: "boundary", term: 1, index: 3, revealable: true } as const;
  const { bytes, head } = one.seal(place, header, fill(1), fill(9, 700));
  expect(one.open(place, bytes, fill(1), { index: 3, head })).toEqual(fill(9, 700));
  const refused: [string, () => unknown][] = [
    ["another index", () => one.open(place, bytes, fill(1), { index: 4, head })],
    ["another head before it", () => one.open(place, bytes, fill(2), { index: 3, head: headOf(fill(2), bytes) })],
    ["another lineage", () => one.open({ ...place, lineage: fill(9) }, bytes, fill(1), { index: 3, head })],
    ["no bytes", () => one.open(place, bytes.subarray(0, 20), fill(1), { index: 3, head: fill(0) })],
  ];
  for (const [what, act] of refused) expect([what, codeOf(act)]).toEqual([what, "not-ours"]);
});

test("the longest result that rules can answer is revealed, and read again", () => {
  const result = "a".repeat(callOutputMax - 100);
  const reveal: Reveal = {
    place,
    contract: fill(20),
    manifest: encodeManifest(manifest),
    before: fill(23),
    finale: { ...finale, result },
    openings: [],
  };
  expect(decodeReveal(encodeReveal(reveal)).finale.result).toBe(result);
});
