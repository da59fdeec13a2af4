/**
 * Rows of players between the network and the ticks: exactly one for each player and tick.
 *
 * Rows come in bursts and with gaps; ticks do not. Up to four rows of a player wait. When none is there, the newest is used
 * again, and nothing has to be written: the table holds it. Of a burst that is longer than what may wait, the oldest are
 * left out. A player who is always far ahead, because a clock is fast, is brought back by leaving one out each second; the
 * last one ahead is left to the client, which sends a little slower.
 */
import { aheadMax, aheadUnits } from "#protocol/entities/message.ts";
import { ProtocolError } from "#protocol/errors.ts";

/** Rows of one player that wait at most: 200 ms at 20 ticks a second. */
export const waitingMax = 4;

/** Fewer than this that wait at every tick of a second are no reason to leave one out. */
const tolerated = 2;

/** A seat's rows, or that there never was one; and that whoever sat there before is gone, which no tick has been told. */
const unused = 0;
const used = 1;
const stale = 2;

export class InputRows {
  /** The fields' bytes of all rows that wait: `next` says where. */
  readonly fields: Uint8Array;
  /** Bytes of a row's fields. */
  readonly length: number;
  readonly #hz: number;
  readonly #state: Uint8Array;
  /** By seat: where its oldest row is among its places, and how many wait. */
  readonly #first: Uint8Array;
  readonly #count: Uint8Array;
  /** Fewest rows that waited at a tick of this second. */
  readonly #slack: Uint8Array;
  /** Number of the newest row that came, and of the newest that was used. */
  readonly #last: Uint32Array;
  readonly #applied: Uint32Array;
  /** By place: `waitingMax` for each seat. */
  readonly #numbers: Uint32Array;
  readonly #seen: Uint32Array;
  /** When it came, in ms. */
  readonly #came: Float64Array;
  /** By seat: how long the row of the last tick had waited, in units of a tick; 0 if it found none. */
  readonly #ahead: Uint8Array;
  #ticks = 0;

  /**
   * @param hz ticks a second.
   * @param length of a row's fields, in bytes.
   */
  constructor(seats: number, hz: number, length: number) {
    this.#hz = hz;
    this.length = length;
    this.fields = new Uint8Array(seats * waitingMax * length);
    this.#state = new Uint8Array(seats);
    this.#first = new Uint8Array(seats);
    this.#count = new Uint8Array(seats);
    this.#slack = new Uint8Array(seats).fill(waitingMax);
    this.#last = new Uint32Array(seats);
    this.#applied = new Uint32Array(seats);
    this.#numbers = new Uint32Array(seats * waitingMax);
    this.#seen = new Uint32Array(seats * waitingMax);
    this.#came = new Float64Array(seats * waitingMax);
    this.#ahead = new Uint8Array(seats);
  }

  /**
   * Takes a row, whose fields begin at a place of `bytes`.
   *
   * @param now in ms, of the clock that `next` is told.
   * @throws ProtocolError "malformed" if rows are not in order: nothing between a client and its room reorders them.
   */
  take(seat: number, n: number, seen: number, bytes: Uint8Array, at: number, now: number): void {
    if (n <= this.#last[seat]!) throw new ProtocolError("malformed", "inputs go up");
    if (this.#state[seat] === unused) this.#state[seat] = used;
    this.#last[seat] = n;
    if (this.#count[seat] === waitingMax) this.#drop(seat);
    const place = this.#place(seat, this.#count[seat]!);
    this.#count[seat]! += 1;
    this.#numbers[place] = n;
    this.#seen[place] = seen;
    this.#came[place] = now;
    const start = place * this.length;
    for (let i = 0; i < this.length; i++) this.fields[start + i] = bytes[at + i]!;
  }

  /** Somebody else sits there, or the same player from another window, which counts from 1 again, or nobody pushes. */
  forget(seat: number): void {
    this.#state[seat] = stale;
    this.#count[seat] = 0;
    this.#slack[seat] = waitingMax;
    this.#last[seat] = 0;
    this.#applied[seat] = 0;
    this.#ahead[seat] = 0;
  }

  /** The seats that were forgotten since the last tick. To be called once for each tick, before `next`. */
  forgotten(each: (seat: number) => void): void {
    for (let seat = 0; seat < this.#state.length; seat++) {
      if (this.#state[seat] !== stale) continue;
      this.#state[seat] = used;
      each(seat);
    }
  }

  /**
   * The next row of everybody who has one, by seat. To be called once for each tick.
   *
   * @param now in ms.
   * @param each told the row's number, what was seen, and where its bytes begin in `fields`.
   */
  next(now: number, each: (seat: number, n: number, seen: number, at: number) => void): void {
    this.#ticks += 1;
    const second = this.#ticks % this.#hz === 0;
    for (let seat = 0; seat < this.#state.length; seat++) {
      if (this.#state[seat] === unused) continue;
      if (this.#count[seat]! > 0) {
        const place = this.#place(seat, 0);
        this.#drop(seat);
        this.#applied[seat] = this.#numbers[place]!;
        this.#ahead[seat] = Math.min(aheadMax, ((now - this.#came[place]!) * this.#hz * aheadUnits) / 1000);
        each(seat, this.#numbers[place]!, this.#seen[place]!, place * this.length);
      } else this.#ahead[seat] = 0;
      this.#slack[seat] = Math.min(this.#slack[seat]!, this.#count[seat]!);
      if (!second) continue;
      // What waits at every tick of a second only makes the player's moves late.
      if (this.#slack[seat]! >= tolerated) this.#drop(seat);
      this.#slack[seat] = waitingMax;
    }
  }

  /** Number of the newest row that was used; 0 before the first. */
  applied(seat: number): number {
    return this.#applied[seat] ?? 0;
  }

  /** Rows that wait. */
  waiting(seat: number): number {
    return this.#count[seat] ?? 0;
  }

  /** How long the row that the last tick used had waited, in `aheadUnits` of a tick; 0 if it found none. */
  ahead(seat: number): number {
    return this.#ahead[seat] ?? 0;
  }

  /** The oldest row that waits goes. */
  #drop(seat: number): void {
    this.#first[seat] = (this.#first[seat]! + 1) % waitingMax;
    this.#count[seat]! -= 1;
  }

  #place(seat: number, i: number): number {
    return seat * waitingMax + ((this.#first[seat]! + i) % waitingMax);
  }
}
