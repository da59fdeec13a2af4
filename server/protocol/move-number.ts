/**
 * The numbers of a player's moves: `[generation 20 bits] [window 16 bits] [count 16 bits]`, as one whole number.
 *
 * A room takes a player's moves in the order of their numbers and answers each number once, so a move that is sent again is
 * not made again. Whoever joins begins a row of its own, above every number that the room has taken, with 16 bits drawn
 * for it. A window may have joined an older copy of the room, where numbers are free that another window has used since:
 * with a row of its own it is never told of that window's moves as if they were its own.
 */

const countsInRow = 2 ** 16;
const windows = 2 ** 16;
const generationMax = 2 ** 20 - 1;

/** @param newest number of the newest move that the room has taken. @param window 16 bits. */
export function firstMoveNumber(newest: number, window: number): number {
  const generation = Math.floor(newest / (windows * countsInRow)) + 1;
  // After a million windows, or for whoever chose numbers to get there: on from where the room stands.
  return generation > generationMax ? newest + 1 : (generation * windows + window) * countsInRow + 1;
}

/** Whether a row may begin with this number. */
export const mayBeginRow = (number: number): boolean => number % countsInRow === 1;
