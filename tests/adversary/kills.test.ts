/** Processes that are killed in the middle of games: no acknowledged move is lost, and all games end. */
import { expect, onTestFinished, test } from "vitest";
import { KilledPlace } from "../deep/killed-place.ts";
import { playUnderKills } from "../deep/kills.ts";

/** A worker starts in about a second, and in many on a machine that has other things to do. */
const patienceMs = 180_000;

test(
  "worker and gateway are killed while six games are played, and nobody loses a move or a game",
  async () => {
    const place = await KilledPlace.start();
    onTestFinished(() => place.stop());
    const { moves, games } = await playUnderKills(place, 7, 3);
    expect(place.complaints).toEqual([]);
    expect(games).toBeGreaterThanOrEqual(6);
    expect(moves).toBeGreaterThan(6 * 7);
  },
  patienceMs,
);
