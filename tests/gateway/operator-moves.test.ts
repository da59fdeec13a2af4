/** What an operator asks of many rooms at once. */
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import type { Asked } from "#protocol/moving.ts";
import type { GatewayEvent } from "#gateway/log.ts";
import { Moves } from "#gateway/moves.ts";
import type { KnownWorker, Workers } from "#gateway/workers.ts";
import { open } from "./harness.ts";

const operatorPassword = "correct horse battery";

test("an upgrade is announced in many rooms at once, and whoever asked hears meanwhile that it goes on", async () => {
  const { gateway, worker } = await open({ operatorPassword });
  for (let count = 0; count < 40; count++) worker.open();
  const waiting: Asked[] = [];
  let heard = false;
  worker.on("asked", (asked) => {
    if (heard) worker.answer(asked);
    else waiting.push(asked);
  });
  await expect.poll(async () => (await fetch(`${gateway.url}/api/rooms`)).text()).toContain("0028");
  const response = await fetch(`${gateway.url}/operator/upgrade`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`operator:${operatorPassword}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ upgrade: "00" }),
  });
  heard = true;
  expect(waiting).toHaveLength(16);
  for (const asked of waiting) worker.answer(asked);
  expect(await response.json()).toEqual({ announced: 40, refused: {} });
}, 20_000);

/** Moves between two workers that are not there; what becomes of each room `move` decides. */
function emptying(rooms: readonly string[], move: (room: RoomId, from: KnownWorker) => void) {
  const events: GatewayEvent[] = [];
  const worker = { draining: false, rooms: new Set(rooms as RoomId[]) } as unknown as KnownWorker;
  const other = { draining: false } as KnownWorker;
  const workers = {
    forRoom(room: RoomId) {
      move(room, worker);
      return other;
    },
    // It is there already.
    holder: () => other,
  } as unknown as Workers;
  const moves = new Moves({ workers, store: undefined, log: (event) => events.push(event) });
  return { drained: moves.drain([worker]), events };
}

test("a mistake about one room is logged, and keeps no other room and no gateway from going on", async () => {
  const { drained, events } = emptying(["a", "b", "c"], (room) => {
    if (room === "b") throw new TypeError("a mistake");
  });
  expect(await drained).toMatchObject({ moved: 2 });
  expect(events).toEqual([{ event: "bug", error: "TypeError" }]);
});

test("a worker that may have rooms again keeps those that have not left", async () => {
  const rooms = Array.from({ length: 20 }, (_, i) => `${i}`);
  const { drained } = emptying(rooms, (_room, worker) => {
    Object.assign(worker, { draining: false });
  });
  expect((await drained).moved).toBeLessThan(5);
});
