/** Gateways that ask for rooms: each is answered once, also if what it asked for is gone before it was kept. */
import { expect, test } from "vitest";
import { encodeControl, decodeRefused } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import type { LinkConnection } from "#enclave/link-server.ts";
import { RoomDesk, type RoomDeskSetup } from "#enclave/room-desk.ts";
import type { HostedRoom } from "#enclave/rooms.ts";

const [first, second] = ["0".repeat(20), "1".repeat(20)] as [RoomId, RoomId];

test("who asked for a room that is forgotten while the store is away is refused it, and nobody remembers it", () => {
  const put: { readonly kind: LinkKind; readonly body: Uint8Array }[] = [];
  const link = { put: (kind: LinkKind, _seat: number, body: Uint8Array) => void put.push({ kind, body }) };
  const rooms = [first, second].map((id) => ({ room: { id }, log: {} }) as unknown as HostedRoom);
  const waiting = rooms.values();
  const desk = new RoomDesk({
    rooms: { create: () => waiting.next().value! },
    flush: () => undefined,
    now: () => 0,
  } as unknown as RoomDeskSetup);
  for (const ref of [1, 2]) {
    const asked = { ref, contract: "dot4", listed: true, options: {} };
    desk.create(link as unknown as LinkConnection, encodeControl(asked));
  }
  desk.gone(first);
  expect(put.map(({ kind, body }) => [kind, decodeRefused(body)])).toEqual([
    [linkKinds.refused, { ref: 1, code: "busy" }],
  ]);
  for (const hosted of rooms) desk.durable(hosted);
  expect(put.map(({ kind }) => kind)).toEqual([linkKinds.refused, linkKinds.created]);
});
