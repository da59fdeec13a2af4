/** Games whose logs are revealed, played from their own draws. */
import { fileURLToPath } from "node:url";
import { mayDrop, mayPlace, randomMove } from "../../contracts/dot4/play.ts";
import type { View } from "../../contracts/dot4/dot4.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { seeded } from "#testing/seeded.ts";
import { bundleOf } from "../support/bundles.ts";
import { ann, ben, WrittenRoom } from "./written-room.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../contracts/fixtures/${name}.ts`, import.meta.url));

export const revealedBundle = (): Promise<Uint8Array> => bundleOf(fixture("revealed-dot4"));

export const loadRevealed = async (): Promise<LoadedContract> => (await contractEngine()).load(await revealedBundle());

/**
 * A whole game of Dot4, a move every three seconds, opened anew in between and revealed at its end.
 *
 * @param reopenings after which boundaries another worker goes on.
 */
export function playedDot4(contract: LoadedContract, words: string, reopenings: readonly number[] = [7]): WrittenRoom {
  const random = seeded("audit", words);
  const room = new WrittenRoom(contract, words, { clock: "30" });
  let tick = 50;
  room.sit(tick);
  const made = [0, 0];
  while (room.course.ended === null) {
    for (const [seat, player] of [ann, ben].entries()) {
      const view = room.course.views.of(seat)?.value as unknown as View;
      if (room.course.ended !== null || !(mayPlace(view, seat) || mayDrop(view, seat))) continue;
      const move = randomMove(view, seat, random);
      if (move === null) continue;
      room.move((tick += 150), player, (made[seat]! += 1), move);
      if (reopenings.includes(room.records.length)) room.reopen();
    }
  }
  room.reveal();
  return room;
}
