/** What the vault seals: opened by whoever may, unchanged, in its place, and by nobody else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { VaultError } from "#enclave/vault/errors.ts";
import { HeadHistory, headsPerBlock } from "#enclave/vault/heads.ts";
import { deriveRecordKey, deriveRoomKeys, deriveSnapshotKey } from "#enclave/vault/keys.ts";
import { pad, unpad } from "#enclave/vault/padding.ts";
import { openRecord, readHeader, sealRecord, type Place } from "#enclave/vault/record.ts";
import { openSnapshot, readSnapshotHeader, sealSnapshot } from "#enclave/vault/sealed-snapshot.ts";
import { makeWitness, readWitness } from "#enclave/vault/witness.ts";
import golden from "../../vectors/vault.json" with { type: "json" };
import { fill, keys, openingNonce, place, recordKey, threeRecords, vaultCases } from "./vault-cases.ts";

const [opening, second, third] = threeRecords();

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof VaultError) return error.code;
    throw error;
  }
  return "accepted";
};

test("every format has the bytes of the golden vectors", () => {
  expect(vaultCases()).toEqual(golden);
});

describe("keys", () => {
  test("of rooms, lineages, openings and purposes are all different", () => {
    const other = deriveRoomKeys(fill(3), "0123456789abcdef0124" as RoomId);
    const another = deriveRoomKeys(fill(9), place.room);
    const all = [
      ...[keys, other, another].flatMap(({ room, witness }) => [room, witness]),
      recordKey,
      deriveRecordKey(keys.room, fill(6)),
      deriveSnapshotKey(keys.room, openingNonce),
    ].map((key) => key.toString());
    expect(new Set(all).size).toBe(all.length);
  });

  test("two workers that open one room never seal under one key: each draws its own nonce", () => {
    const seals = [fill(7), fill(8)].map(
      (nonce) =>
        sealRecord(
          place,
          deriveRecordKey(keys.room, nonce),
          { kind: "boundary", term: 2, index: 3 },
          third.head,
          fill(1),
        ).bytes,
    );
    expect(seals[0]).not.toEqual(seals[1]);
  });

  test("a nonce of another length is a mistake of ours", () => {
    expect(() => deriveRecordKey(keys.room, fill(1, 31))).toThrow(RangeError);
  });
});

describe("records", () => {
  test("come back as they were sealed, whatever they hold", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(2 ** 40), fc.nat(2 ** 31), (body, index, term) => {
        const { bytes, head } = sealRecord(place, recordKey, { kind: "boundary", term, index }, second.head, body);
        expect(readHeader(bytes)).toEqual({ kind: "boundary", term, index });
        expect(openRecord(place, recordKey, bytes, second.head, { index, head })).toEqual(body);
      }),
    );
  });

  test("an opening tells in clear by which nonce its key is derived", () => {
    expect(readHeader(opening.bytes)).toEqual({ kind: "opening", term: 1, index: 0, nonce: openingNonce });
  });

  test("lengths that are stored are few, whatever was played", () => {
    const lengths = new Set<number>();
    for (let length = 0; length < 400; length++) {
      lengths.add(
        sealRecord(place, recordKey, { kind: "boundary", term: 1, index: 1 }, opening.head, fill(0, length)).bytes
          .length,
      );
    }
    expect(lengths.size).toBeLessThanOrEqual(3);
  });

  const openSecond = (change: {
    readonly place?: Partial<Place>;
    readonly key?: Uint8Array;
    readonly bytes?: Uint8Array;
    readonly before?: Uint8Array;
    readonly index?: number;
    readonly head?: Uint8Array;
  }): string =>
    codeOf(() =>
      openRecord(
        { ...place, ...change.place },
        change.key ?? recordKey,
        change.bytes ?? second.bytes,
        change.before ?? opening.head,
        { index: change.index ?? 1, head: change.head ?? second.head },
      ),
    );

  test("a record in its place opens", () => {
    expect(openSecond({})).toBe("accepted");
  });

  test.for<[string, Parameters<typeof openSecond>[0]]>([
    ["in another world", { place: { world: fill(9) } }],
    ["of another lineage", { place: { lineage: fill(9) } }],
    ["of another room", { place: { room: "ffffffffffffffffffff" as RoomId } }],
    ["under the key of another opening", { key: deriveRecordKey(keys.room, fill(9)) }],
    ["behind another head", { before: third.head }],
    ["at another index", { index: 2 }],
    ["with another head beside it", { head: third.head }],
    ["replaced by the next one", { bytes: third.bytes, head: third.head }],
    ["cut short", { bytes: second.bytes.subarray(0, -1) }],
    ["of no bytes", { bytes: new Uint8Array(0) }],
    ["of another version", { bytes: concatBytes(fill(2, 1), second.bytes.subarray(1)) }],
  ])("a record %s is not ours", ([, change]) => {
    expect(openSecond(change)).toBe("not-ours");
  });

  test("no bit of a record can be changed", () => {
    for (let bit = 0; bit < second.bytes.length * 8; bit++) {
      const bytes = second.bytes.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(codeOf(() => openRecord(place, recordKey, bytes, opening.head, { index: 1 }))).toBe("not-ours");
    }
  });

  test("a head binds every record before it", () => {
    const elsewhere = sealRecord(
      place,
      recordKey,
      { kind: "boundary", term: 1, index: 1 },
      opening.head,
      fill(99, 200),
    );
    const after = sealRecord(place, recordKey, { kind: "boundary", term: 1, index: 2 }, elsewhere.head, fill(12, 5000));
    expect(after.head).not.toEqual(third.head);
  });
});

describe("padding", () => {
  test("what is padded comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(unpad(pad(bytes), 5000)).toEqual(bytes);
      }),
    );
  });

  test.for<[string, Uint8Array]>([
    ["shorter than a header", fill(0, 4)],
    ["shorter than it says", new Uint8Array([0, 9, 0, 0, 0, 1])],
    ["packed in another way", new Uint8Array([2, 0, 0, 0, 0])],
    ["not compressed at all", new Uint8Array([1, 3, 0, 0, 0, 1, 2, 3])],
    ["longer than it may be", pad(fill(0, 5001))],
    ["longer than it may be once it is unpacked", pad(fill(0, 100_000))],
  ])("%s is damaged", ([, bytes]) => {
    expect(codeOf(() => unpad(bytes, 5000))).toBe("damaged");
  });
});

describe("snapshots", () => {
  const nonce = fill(5);
  const key = deriveSnapshotKey(keys.room, nonce);
  const body = new Uint8Array(300_000).map((_, i) => (i * 7919) >> 3);
  const sealed = sealSnapshot(place, key, { term: 1, index: 3, nonce }, third.head, body);

  test("come back as they were sealed", () => {
    expect(readSnapshotHeader(sealed)).toEqual({ term: 1, index: 3, nonce });
    expect(openSnapshot(place, key, sealed, third.head)).toEqual(body);
  });

  test.for<[string, () => unknown]>([
    ["at another head", () => openSnapshot(place, key, sealed, second.head)],
    ["of another room", () => openSnapshot({ ...place, room: "f".repeat(20) as RoomId }, key, sealed, third.head)],
    ["under another key", () => openSnapshot(place, recordKey, sealed, third.head)],
    ["cut short", () => openSnapshot(place, key, sealed.subarray(0, 1000), third.head)],
    ["that is a record", () => openSnapshot(place, key, second.bytes, third.head)],
  ])("a snapshot %s is not ours", ([, open]) => {
    expect(codeOf(open)).toBe("not-ours");
  });

  test("a snapshot whose index was changed is not ours", () => {
    const bytes = sealed.slice();
    bytes[6]! ^= 1;
    expect(codeOf(() => openSnapshot(place, key, bytes, third.head))).toBe("not-ours");
  });
});

describe("witnesses", () => {
  const witness = makeWitness(place, keys.witness, { term: 4, index: 3, head: third.head });

  test("say what they said", () => {
    expect(readWitness(place, keys.witness, witness)).toEqual({ term: 4, index: 3, head: third.head });
  });

  test("no bit of a witness can be changed", () => {
    for (let bit = 0; bit < witness.length * 8; bit++) {
      const bytes = witness.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(codeOf(() => readWitness(place, keys.witness, bytes))).toBe("not-ours");
    }
  });

  test.for<[string, () => unknown]>([
    ["another room's", () => readWitness({ ...place, room: "f".repeat(20) as RoomId }, keys.witness, witness)],
    ["another lineage's", () => readWitness({ ...place, lineage: fill(9) }, keys.witness, witness)],
    ["too short", () => readWitness(place, keys.witness, witness.subarray(0, 75))],
    ["too long", () => readWitness(place, keys.witness, concatBytes(witness, fill(0, 1)))],
  ])("a witness that is %s is not ours", ([, read]) => {
    expect(codeOf(read)).toBe("not-ours");
  });
});

describe("a history of heads", () => {
  const headOf = (index: number): Uint8Array => {
    const head = fill(0);
    new DataView(head.buffer).setUint32(0, index);
    return head;
  };
  const historyOf = (length: number): HeadHistory => {
    const history = HeadHistory.empty();
    for (let index = 0; index < length; index++) history.add(headOf(index));
    return history;
  };
  const block = (from: number): Uint8Array =>
    concatBytes(...Array.from({ length: headsPerBlock }, (_, i) => headOf(from + i)));

  test("knows every head it was given, the old ones with the store's help", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 * headsPerBlock }), fc.nat(), (length, pick) => {
        const history = HeadHistory.decode(historyOf(length).encode());
        expect(history.length).toBe(length);
        const index = pick % length;
        const found = history.find(index);
        expect("head" in found ? found.head : history.headIn(block(found.from), index)).toEqual(headOf(index));
      }),
      { numRuns: 30 },
    );
  });

  test("is not told other heads by the store", () => {
    const history = historyOf(headsPerBlock + 1);
    const lie = block(0);
    lie[40]! ^= 1;
    expect(codeOf(() => history.headIn(lie, 5))).toBe("not-ours");
    expect(codeOf(() => history.headIn(block(1), 5))).toBe("not-ours");
    expect(codeOf(() => history.headIn(new Uint8Array(0), 5))).toBe("not-ours");
  });

  test.for<[string, Uint8Array]>([
    ["no bytes", new Uint8Array(0)],
    ["more blocks than bytes", new Uint8Array([9, 0, 0, 0])],
    ["half a head", new Uint8Array(4 + 16)],
    ["a block that was never hashed", new Uint8Array(4 + 32 * headsPerBlock)],
  ])("with %s is damaged", ([, bytes]) => {
    expect(codeOf(() => HeadHistory.decode(bytes))).toBe("damaged");
  });

  test("has no head for a record that is not there", () => {
    expect(() => historyOf(3).find(3)).toThrow(RangeError);
  });
});
