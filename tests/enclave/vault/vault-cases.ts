/** Sealed bytes that never change: golden vectors of the vault's formats. */
import { bytesToHex } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { HeadHistory } from "#enclave/vault/heads.ts";
import { deriveRecordKey, deriveRoomKeys, deriveSnapshotKey } from "#enclave/vault/keys.ts";
import { sealRecord, type Place } from "#enclave/vault/record.ts";
import { sealSnapshot } from "#enclave/vault/sealed-snapshot.ts";
import { makeWitness } from "#enclave/vault/witness.ts";

export const fill = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);

export const place: Place = { world: fill(1), lineage: fill(2), room: "0123456789abcdef0123" as RoomId };
export const keys = deriveRoomKeys(fill(3), place.room);
export const openingNonce = fill(4);
export const recordKey = deriveRecordKey(keys.room, openingNonce);

/** A history of three records, sealed as they come. */
export function threeRecords() {
  const opening = sealRecord(
    place,
    recordKey,
    { kind: "opening", term: 1, index: 0, nonce: openingNonce },
    fill(0),
    fill(10, 3),
  );
  const second = sealRecord(place, recordKey, { kind: "boundary", term: 1, index: 1 }, opening.head, fill(11, 200));
  const third = sealRecord(place, recordKey, { kind: "boundary", term: 1, index: 2 }, second.head, fill(12, 5000));
  return [opening, second, third] as const;
}

export interface VaultCase {
  readonly name: string;
  readonly bytes: string;
}

export function vaultCases(): readonly VaultCase[] {
  const [opening, second, third] = threeRecords();
  const heads = HeadHistory.empty();
  for (let i = 0; i < 1025; i++) heads.add(fill(i % 251));
  const nonce = fill(5);
  const snapshot = sealSnapshot(
    place,
    deriveSnapshotKey(keys.room, nonce),
    { term: 1, index: 3, nonce },
    third.head,
    fill(13, 100),
  );
  const cases: readonly [string, Uint8Array][] = [
    ["room key", keys.room],
    ["witness key", keys.witness],
    ["record key", recordKey],
    ["snapshot key", deriveSnapshotKey(keys.room, nonce)],
    ["opening record", opening.bytes],
    ["head of the opening record", opening.head],
    ["boundary record", second.bytes],
    ["head of the boundary record", second.head],
    ["head of a compressed record", third.head],
    ["snapshot", snapshot],
    ["witness", makeWitness(place, keys.witness, { term: 1, index: 3, head: third.head })],
    ["history of 1,025 heads", heads.encode()],
  ];
  return cases.map(([name, bytes]) => ({ name, bytes: bytesToHex(bytes) }));
}
