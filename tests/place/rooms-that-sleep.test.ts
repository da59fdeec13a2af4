/** Rooms that everybody has left give their memory back, return by link as they were, and are forgotten in time. */
import { afterEach, expect, test } from "vitest";
import { decodeListing } from "#protocol/control.ts";
import { linkKinds } from "#protocol/link.ts";
import { guestAccount, listRooms, memoryKeyStore } from "#client/index.ts";
import { roomsLimits } from "#enclave/rooms.ts";
import { openStage, type Stage } from "../adversary/stage.ts";
import { abreast, playOut, playToWin, until } from "../adversary/play-out.ts";

let stage: Stage;

afterEach(() => stage.close());

test("a game that both players have left sleeps, and goes on when they return by its link", async () => {
  stage = await openStage({ rooms: { ...roomsLimits, sleepAfterMs: 1 } });
  const room = await stage.room();
  const [ada, grace] = [await guestAccount(memoryKeyStore()), await guestAccount(memoryKeyStore())];
  const before = [await stage.join(room, { account: ada }), await stage.join(room, { account: grace })];
  await until(before[0]!, ({ view }) => view?.phase === "placing");
  await playOut(before, 3, 8);
  await abreast(before);
  const { board, turn } = before[0]!.view!;
  const detached = (): number => stage.link.seen.filter(({ kind }) => kind === linkKinds.detach).length;
  const gone = detached();
  for (const player of before) player.close();
  await stage.link.saw(() => detached() === gone + 2);
  // The worker looks after its empty rooms once a second; ask until it has put this one to sleep.
  while (!stage.asleep(room)) await new Promise((resolve) => setTimeout(resolve, 100));

  const after = [await stage.join(room, { account: ada }), await stage.join(room, { account: grace })];
  await until(after[0]!, ({ view }) => view !== null);
  expect(after[0]!.view).toMatchObject({ board, turn });
  expect(after.map(({ seat }) => seat)).toEqual(before.map(({ seat }) => seat));
  await playToWin(after, 5);
  expect(after[0]!.status.ended?.how).toBe("finished");
});

test("a room in which nobody ever sat is forgotten, and the lobby forgets it too", async () => {
  stage = await openStage({ rooms: { ...roomsLimits, forgetAfterMs: 1 } });
  const room = await stage.room();
  await stage.link.saw(({ kind }) => kind === linkKinds.gone);
  expect(await listRooms(stage.url, "dot4")).toEqual([]);
  await expect(stage.join(room)).rejects.toMatchObject({ code: "room-not-found" });
});

test("a gateway that connects anew is told of the rooms there are", async () => {
  stage = await openStage();
  const room = await stage.room();
  await stage.link.saw(({ kind, body }) => kind === linkKinds.listing && decodeListing(body).room === room);
  const told = stage.link.seen.length;
  stage.link.cut();
  await stage.link.saw((message) => stage.link.seen.indexOf(message) >= told && message.kind === linkKinds.listing);
  await stage.join(room);
});
