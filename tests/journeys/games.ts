/** Games behind the hub's gates, and the way back with what came of them. */
import { expect } from "vitest";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import { createRoom } from "#client/lobby.ts";
import type { dot4 } from "#dot4/dot4.ts";
import type { RoomId } from "#protocol/identity.ts";
import { playBot } from "../contracts/skirmish/bot-player.ts";
import type { HubStage } from "./hub-stage.ts";
import type { PhalaWindow } from "./phala-window.ts";
import { SkirmishWindow } from "./skirmish-window.ts";
import { goToGate } from "./trips.ts";

/** @param size names the screens. */
export async function playDot4(stage: HubStage, person: PhalaWindow, size: string): Promise<void> {
  const { screens, room } = stage;
  await goToGate(person, "dot4");
  await screens.look(`${size}: at a gate`, person.page);
  await person.use("travel");
  await person.find('main[data-phase="waiting"]').waitFor();
  await opponentGivesUp(stage, (await person.find("main").getAttribute("data-room")) as RoomId);
  await person.act("random-bombs");
  await person.act("hide-bombs");
  await person.find('main[data-phase="ended"]').waitFor();
  await screens.look(`${size}: a game is over`, person.page);
  await resultIsHere(person, room);
  await person.act("world");
  await person.inside();
  await person.hears("You are back from Dot4, and you have won.");
}

/** Somebody who sits down at the same table, hides bombs, and gives up. */
async function opponentGivesUp(stage: HubStage, game: RoomId): Promise<void> {
  const table = await join<typeof dot4>(stage.world.url, {
    room: game,
    ...stage.termsOf("dot4"),
    account: await guestAccount(memoryKeyStore()),
    name: "Wren",
  });
  await table.move({ kind: "place", bombs: [[0, 0], [9, 9], [4, 5]] }); // oxfmt-ignore
  const giveUp = async (): Promise<void> => {
    if (table.view?.phase === "playing") await table.move({ kind: "resign" });
  };
  table.on("view", () => void giveUp());
  await giveUp();
}

/** A quarter of a minute against somebody who waits behind the gate. By touch. */
export async function playSkirmish(stage: HubStage, person: PhalaWindow, size: string): Promise<void> {
  const { screens, room, world } = stage;
  const options = { rounds: "1", minutes: "quarter" };
  const arena = await createRoom(world.url, { contract: "skirmish", options, listed: true });
  const bot = await playBot(world.url, { room: arena, ...stage.termsOf("skirmish"), name: "Bot" }, 1);
  await goToGate(person, "skirmish");
  await screens.look(`${size}: at a gate`, person.page);
  await person.use("travel");
  const game = new SkirmishWindow(person.window, { touch: true });
  await game.until(`[data-room="${arena}"][data-phase="playing"][data-health="100"]`);
  await game.run("KeyD", 600);
  await screens.look(`${size}: in an arena`, person.page);
  await game.until('[data-phase="over"]');
  bot.stop();
  await resultIsHere(person, room);
  await person.window.shot("world-arena-phone");
  await game.act("world");
  await person.inside();
  await person.hears("You are back from Skirmish");
  expect(await person.find('[role="log"]').innerText()).toMatch(/You have not won|you have won/);
}

/** It is sealed for the hub, and on its way through this window. */
const resultIsHere = ({ page }: PhalaWindow, hub: RoomId): Promise<unknown> =>
  page.waitForFunction((to) => sessionStorage.getItem(`phatroom:ticket:${to}`) !== null, hub);
