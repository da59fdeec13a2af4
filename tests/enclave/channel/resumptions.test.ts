/** Secrets by which clients go on: good once, and gone with their epoch, whether anybody asks for them or not. */
import { expect, test } from "vitest";
import { epochMs } from "#enclave/channel/channel-key.ts";
import { Resumptions } from "#enclave/channel/resumptions.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";

const room = "0123456789abcdef0123" as RoomId;
const player = "11".repeat(16) as PlayerId;
const secret = (byte: number) => ({ id: new Uint8Array(16).fill(byte), psk: new Uint8Array(32).fill(byte) });

test("a secret that nobody used is forgotten with its epoch, those that are newer are not", () => {
  const resumptions = new Resumptions();
  resumptions.keep(secret(1), room, player, 0);
  resumptions.keep(secret(2), room, player, 1000);
  resumptions.expire(epochMs - 1);
  expect(resumptions.size).toBe(2);
  resumptions.expire(epochMs);
  expect(resumptions.size).toBe(1);
  expect(resumptions.take(secret(1).id, room, epochMs)).toBeUndefined();
  expect(resumptions.take(secret(2).id, room, epochMs)).toMatchObject({ player });
});
