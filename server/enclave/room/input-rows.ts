/**
 * Rows of players between the network and the ticks: exactly one for each player and tick.
 *
 * Rows come in bursts and with gaps; ticks do not. Up to four rows of a player wait. When none is there, the newest is used
 * again, and nothing has to be written: the table holds it. Of a burst that is longer than what may wait, the oldest are
 * left out. A player who is always far ahead, because a clock is fast, is brought back by leaving one out each second; the
 * last one ahead is left to the client, which sends a little slower.
 */
import { ProtocolError } from "#protocol/errors.ts";

/** Rows of one player that wait at most: 200 ms at 20 ticks a second. */
export const waitingMax = 4;

/** Fewer than this that wait at every tick of a second are no reason to leave one out. */
const tolerated = 2;

/** A row as it came. */
export interface WaitingRow {
  readonly n: number;
  readonly seen: number;
  /** The fields' bytes. */
  readonly fields: Uint8Array;
}

interface Queue {
  readonly rows: WaitingRow[];
  /** Number of the newest row that came. */
  last: number;
  /** Number of the newest row that was used. */
  applied: number;
  /** Fewest rows that waited at a tick of this second. */
  slack: number;
  /** Who sat there before is gone, or came anew: at the next tick the seat's fields are 0. */
  stale: boolean;
}

export class InputRows {
  readonly #queues: (Queue | undefined)[];
  readonly #hz: number;
  #ticks = 0;

  /** @param hz ticks a second. */
  constructor(seats: number, hz: number) {
    this.#queues = Array.from({ length: seats });
    this.#hz = hz;
  }

  /** @throws ProtocolError "malformed" if rows are not in order: nothing between a client and its room reorders them. */
  take(seat: number, row: WaitingRow): void {
    const queue = (this.#queues[seat] ??= emptyQueue(false));
    if (row.n <= queue.last) throw new ProtocolError("malformed", "inputs go up");
    queue.last = row.n;
    queue.rows.push(row);
    if (queue.rows.length > waitingMax) queue.rows.shift();
  }

  /** Somebody else sits there, or the same player from another window, which counts from 1 again, or nobody pushes. */
  forget(seat: number): void {
    this.#queues[seat] = emptyQueue(true);
  }

  /** The seats that were forgotten since the last tick. To be called once for each tick, before `next`. */
  forgotten(each: (seat: number) => void): void {
    for (const [seat, queue] of this.#queues.entries()) {
      if (queue?.stale !== true) continue;
      queue.stale = false;
      each(seat);
    }
  }

  /** The next row of everybody who has one, by seat. To be called once for each tick. */
  next(each: (seat: number, row: WaitingRow) => void): void {
    this.#ticks += 1;
    const second = this.#ticks % this.#hz === 0;
    for (const [seat, queue] of this.#queues.entries()) {
      if (queue === undefined) continue;
      const row = queue.rows.shift();
      if (row !== undefined) {
        queue.applied = row.n;
        each(seat, row);
      }
      queue.slack = Math.min(queue.slack, queue.rows.length);
      if (!second) continue;
      // What waits at every tick of a second only makes the player's moves late.
      if (queue.slack >= tolerated) queue.rows.shift();
      queue.slack = waitingMax;
    }
  }

  /** Number of the newest row that was used; 0 before the first. */
  applied(seat: number): number {
    return this.#queues[seat]?.applied ?? 0;
  }

  /** Rows that wait: how far the player is ahead. */
  waiting(seat: number): number {
    return this.#queues[seat]?.rows.length ?? 0;
  }
}

const emptyQueue = (stale: boolean): Queue => ({ rows: [], last: 0, applied: 0, slack: waitingMax, stale });
