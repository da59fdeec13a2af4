/** Who a player is in one world says nothing about the next, and what a device signs is good for one channel. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { equalBytes } from "#protocol/bytes.ts";
import { authStatement, isRoomId, playerIdOf } from "#protocol/identity.ts";
import { hash, roomId } from "./support/arbitraries.ts";

test("a player is the same in every room of a world, and another in every other world", () => {
  fc.assert(
    fc.property(hash, hash, hash, (world, other, account) => {
      expect(playerIdOf(world, account)).toMatch(/^[0-9a-f]{32}$/);
      expect(playerIdOf(world, account)).toBe(playerIdOf(world.slice(), account.slice()));
      if (!equalBytes(world, other)) {
        expect(playerIdOf(world, account)).not.toBe(playerIdOf(other, account));
        expect(playerIdOf(account, world)).not.toBe(playerIdOf(account, other));
      }
    }),
  );
});

test("a signature for one channel, world, room or account is none for another", () => {
  fc.assert(
    fc.property(hash, hash, roomId, hash, fc.integer({ min: 0, max: 3 }), (channel, world, room, account, which) => {
      const other = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 1);
      const statement = authStatement(channel, world, room, account);
      const changed = [
        authStatement(other(channel), world, room, account),
        authStatement(channel, other(world), room, account),
        authStatement(
          channel,
          world,
          (room.startsWith("0") ? `1${room.slice(1)}` : `0${room.slice(1)}`) as never,
          account,
        ),
        authStatement(channel, world, room, other(account)),
      ];
      expect(equalBytes(statement, changed[which]!)).toBe(false);
    }),
  );
});

test("a room id is twenty hex digits and nothing else", () => {
  fc.assert(
    fc.property(roomId, (id) => {
      expect(isRoomId(id)).toBe(true);
    }),
  );
  for (const wrong of [
    "",
    "0".repeat(19),
    "0".repeat(21),
    "0".repeat(19) + "G",
    "A".repeat(20),
    `${"0".repeat(20)}\n`,
    5,
    null,
  ]) {
    expect(isRoomId(wrong)).toBe(false);
  }
});
