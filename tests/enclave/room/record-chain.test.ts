import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import { RecordChain } from "#enclave/room/record-chain.ts";

const room = "0123456789abcdef0123" as RoomId;
const key = new Uint8Array(32).fill(1);
const tick = (number: number): Boundary => ({ tick: number, inputs: [] });

function headAfter(chain: RecordChain, ...ticks: number[]): string {
  for (const number of ticks) chain.record(tick(number));
  return Buffer.from(chain.head).toString("hex");
}

test("a head binds every boundary before it, in order", () => {
  const heads = [[1, 2, 9], [1, 3, 9], [2, 1, 9], [1, 9], [9]].map((ticks) =>
    headAfter(new RecordChain(key, room, 1), ...ticks),
  );
  expect(new Set(heads).size).toBe(heads.length);
  expect(headAfter(new RecordChain(key, room, 1), 1, 2, 9)).toBe(heads[0]);
});

test("a head is of one room, one opening and one key", () => {
  const heads = [
    headAfter(new RecordChain(key, room, 1), 1),
    headAfter(new RecordChain(key, room, 2), 1),
    headAfter(new RecordChain(key, "ffffffffffffffffffff" as RoomId, 1), 1),
    headAfter(new RecordChain(new Uint8Array(32).fill(2), room, 1), 1),
  ];
  expect(new Set(heads).size).toBe(heads.length);
});
