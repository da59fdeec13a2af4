/**
 * Worker and gateway are killed again and again in the middle of games of Dot4. Every move that a player was told of must
 * be there, and once; every game must come to its end without anybody doing anything for it.
 */
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { worldId } from "#protocol/manifest.ts";
import { createRoom, developmentPolicy, guestAccount, info, join, memoryKeyStore } from "#client/index.ts";
import { randomMove } from "../../contracts/dot4/play.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { changed, dice } from "../adversary/play-out.ts";
import type { Dot4Room } from "../adversary/stage.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";
import { KilledPlace } from "./killed-place.ts";
import { world } from "./worker-process.ts";

/** Games at once. */
const tables = 6;

export const kills: DeepCheck = {
  name: "kills",
  unit: "kills of workers and gateways",
  full: 200,
  // In the adversary stage.
  slice: 0,
  async run({ seed, count, progress }) {
    const place = await KilledPlace.start(process.env["PHATROOM_KILLS_STORE"]);
    try {
      const { moves, games } = await playUnderKills(place, seed, count, progress);
      if (place.complaints.length > 0) throw new Error(`seed ${seed}: ${place.complaints.slice(0, 5).join("\n")}`);
      return { count: place.kills, figures: { moves, games, lost: 0 } };
    } finally {
      await place.stop();
    }
  },
};

/** @throws Error if a move that was acknowledged is lost or counts twice, or a game does not end. */
export async function playUnderKills(
  place: KilledPlace,
  seed: number,
  count: number,
  progress?: (done: number) => void,
): Promise<{ readonly moves: number; readonly games: number }> {
  const numbers = new SeededNumbers(seed);
  const { ready } = await info(place.url);
  const contract = hexToBytes(ready!.contracts.find(({ name }) => name === "dot4")!.hash);
  const played = { moves: 0, games: 0 };
  let killing = true;
  const playing = Array.from({ length: tables }, async (_, table) => {
    for (let game = 0; game === 0 || killing; game++) {
      const moves = await playGame(place, contract, seed + 1000 * table + game);
      played.moves += moves;
      played.games += 1;
    }
  });
  // Whoever fails must be heard at once, not when all kills are done.
  const failed = Promise.all(playing);
  failed.catch(() => undefined);
  const killed = (async () => {
    while (place.kills < count) {
      await new Promise((resolve) => setTimeout(resolve, 100 + numbers.below(1500)));
      await strike(place, numbers);
      progress?.(place.kills);
    }
    killing = false;
  })();
  await Promise.race([killed, failed.then(() => killed)]);
  await failed;
  return played;
}

/** Mostly the worker, sometimes the gateway, sometimes both; sometimes again before it answers. */
async function strike(place: KilledPlace, numbers: SeededNumbers): Promise<void> {
  const what = numbers.below(10);
  await Promise.all([...(what < 7 ? [place.kill("worker")] : []), ...(what >= 6 ? [place.kill("gateway")] : [])]);
  if (numbers.below(5) > 0) await place.ready();
}

/** One game between two bots. Returns how many moves were acknowledged. */
async function playGame(place: KilledPlace, contract: Uint8Array, seed: number): Promise<number> {
  const room = await persistently(() => createRoom(place.url, { contract: "dot4" }));
  const players = [await sitDown(place, room, contract), await sitDown(place, room, contract)];
  let drops = 0;
  let moves = 0;
  await Promise.all(
    players.map(async (player) => {
      const random = dice(seed + player.seat!);
      while (player.status.phase !== "ended") {
        if (player.closed !== null) throw player.closed;
        const { view, seat } = player;
        const move = player.connection === "joined" && view !== null ? randomMove(view, seat!, random) : null;
        if (move === null) {
          await changed(player);
          continue;
        }
        const outcome = await player.move(move);
        // A legal move is refused only if it counted already.
        if (!outcome.accepted) throw new Error(`seed ${seed}: ${JSON.stringify(move)} is refused: ${outcome.reason}`);
        moves += 1;
        if (move.kind === "drop") drops += 1;
        if (move.kind === "drop" && player.view!.drops < view!.drops + 1) {
          throw new Error(`seed ${seed}: a stone that was acknowledged is not there`);
        }
      }
    }),
  );
  for (const { view, status } of players) {
    if (status.ended?.how !== "finished") throw new Error(`seed ${seed}: the game is ${status.ended?.how}`);
    if (view?.drops !== drops)
      throw new Error(`seed ${seed}: ${drops} stones were acknowledged, ${view?.drops} are there`);
  }
  for (const player of players) player.close();
  return moves;
}

async function sitDown(place: KilledPlace, room: RoomId, contract: Uint8Array): Promise<Dot4Room> {
  const account = await guestAccount(memoryKeyStore());
  return persistently(() =>
    join<typeof dot4>(place.url, {
      room,
      world: worldId(world),
      contract,
      policy: developmentPolicy,
      account,
      timeouts: { ping: 1000, pong: 4000, pauseMax: 500, answer: 10_000, open: 5000 },
    }),
  );
}

/** Nobody has a seat yet to come back to, so whoever wants one tries again, as a person would. */
async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= 600) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
