/** A gateway that was told of one worker finds all of its threads, and treats each as it treats workers. */
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { EchoWorker } from "./echo-worker.ts";
import { joinRelay, openGateway, scratch } from "./harness.ts";

/** The threads of one worker, each as a worker of its own that is told what gateways tell it. */
async function threads(count: number) {
  const folder = await scratch();
  const path = join(folder, "worker.sock");
  const all: EchoWorker[] = [];
  for (let n = 1; n <= count; n++) {
    const [address, more] = n === 1 ? [path, { threads: count }] : [`${path}.${n}`, {}];
    const thread = await EchoWorker.start(address, protocolVersion, more);
    onTestFinished(() => thread.close());
    all.push(thread);
  }
  return { all, folder, worker: { kind: "socket", path } as const };
}

test.for([
  [1, false],
  [2, true],
  [3, true],
] as const)("each of %i threads is offered the store, shared: %s", async ([count, shared]) => {
  const { all, folder, worker } = await threads(count);
  const offers = all.map((thread) => once(thread, "offer"));
  await openGateway({ worker, store: { kind: "sqlite", directory: join(folder, "store") } });
  expect(await Promise.all(offers)).toEqual(all.map(() => [shared]));
});

test("players reach rooms of every thread, and those of one that is gone hear so, and nobody else", async () => {
  const { all, worker } = await threads(2);
  const { gateway } = await openGateway({ worker });
  await gateway.ready();
  const rooms = [all[0]!.open(), "f".repeat(20) as RoomId];
  const listing = {
    contract: "echo",
    taken: 0,
    free: 2,
    phase: "open",
    options: { pace: "slow" },
    listed: true,
  } as const;
  all[1]!.announce({ ...listing, room: rooms[1]! });
  const players = [];
  for (const [i, room] of rooms.entries()) {
    await expect.poll(async () => (await fetch(`${gateway.url}/api/rooms`)).text()).toContain(room);
    const attached = once(all[i]!, "attach");
    const player = await joinRelay(gateway, room);
    player.send(i);
    expect([...(await player.received.next())]).toEqual([i]);
    expect((await attached)[1]).toBe(room);
    players.push(player);
  }
  await all[1]!.close();
  expect(await players[1]!.ended).toBe("worker-lost");
  players[0]!.send(7);
  expect([...(await players[0]!.received.next())]).toEqual([7]);
});
