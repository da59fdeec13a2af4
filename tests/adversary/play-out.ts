/** Bots that play Dot4 to its end, each from its own view, waiting on nothing but what the room tells them. */
import { size } from "../../contracts/dot4/board.ts";
import type { Move } from "../../contracts/dot4/dot4.ts";
import { isOpen, randomMove, type Dice } from "../../contracts/dot4/play.ts";
import type { View } from "../../contracts/dot4/view.ts";
import type { Dot4Room } from "./stage.ts";

/** A small seeded generator (mulberry32), so that a game can be played again. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return {
    below(below) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    },
  };
}

export interface Played {
  /** Moves that the room accepted, by seat. */
  readonly accepted: [number, number];
  readonly refused: string[];
  /** Every move made, in the order in which they were answered. */
  readonly moves: unknown[];
}

type Choose = (view: View, seat: number, random: Dice) => Move | null;

/**
 * Plays at random until the room has ended, or until `moves` have been accepted.
 *
 * @throws why a room closed, if one does.
 */
export const playOut = (rooms: readonly Dot4Room[], seed: number, moves = Number.POSITIVE_INFINITY): Promise<Played> =>
  play(rooms, seed, moves, randomMove);

/** Plays until the room has ended, which is soon: the first player wants to win. @throws why a room closed. */
export const playToWin = (rooms: readonly Dot4Room[], seed: number): Promise<Played> =>
  play(rooms, seed, Number.POSITIVE_INFINITY, aiming());

/** In one row this often, and then in the next: something lies in the way. */
const triesMax = 6;

function aiming(): Choose {
  let aimed = 0;
  return (view, seat, random) => {
    const move = randomMove(view, seat, random);
    if (seat !== 0 || move?.kind !== "drop") return move;
    const line = Math.floor(aimed++ / triesMax) % size;
    return isOpen(view, "left", line) ? { kind: "drop", side: "left", line } : move;
  };
}

async function play(rooms: readonly Dot4Room[], seed: number, moves: number, choose: Choose): Promise<Played> {
  const played: Played = { accepted: [0, 0], refused: [], moves: [] };
  // A player may see the last move before whoever made it counts it, and nothing changes after that.
  const enough = Promise.withResolvers<void>();
  await Promise.all(
    rooms.map(async (room) => {
      const random = dice(seed + (room.seat ?? 0));
      while (room.status.phase !== "ended" && played.accepted[0] + played.accepted[1] < moves) {
        if (room.closed !== null) throw room.closed;
        const move = room.view === null || room.seat === null ? null : choose(room.view, room.seat, random);
        if (move === null) {
          await Promise.race([changed(room), enough.promise]);
          continue;
        }
        const outcome = await room.move(move);
        played.moves.push(move);
        if (outcome.accepted) played.accepted[room.seat as 0 | 1] += 1;
        else played.refused.push(outcome.reason);
        if (played.accepted[0] + played.accepted[1] >= moves) enough.resolve();
      }
    }),
  );
  return played;
}

/** Resolves with the next change of view or status, or when the room closes. */
export function changed(room: Dot4Room): Promise<void> {
  return new Promise((resolve) => {
    const stops = [room.on("view", done), room.on("status", done), room.on("closed", done)];
    function done(): void {
      for (const stop of stops) stop();
      resolve();
    }
  });
}

/** Resolves once the room is as asked; looks after every change. @throws why the room closed. */
export async function until(room: Dot4Room, is: (room: Dot4Room) => boolean): Promise<void> {
  while (!is(room)) {
    if (room.closed !== null) throw room.closed;
    await changed(room);
  }
}

/** Resolves once all of them see as many drops: any of them may be the last to hear of one. @throws why a room closed. */
export async function abreast(rooms: readonly Dot4Room[]): Promise<void> {
  while (new Set(rooms.map(({ view }) => view?.drops)).size > 1) {
    for (const { closed } of rooms) if (closed !== null) throw closed;
    await Promise.race(rooms.map(changed));
  }
}
