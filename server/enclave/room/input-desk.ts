/**
 * Where input rows of a room's players come in: read once, held until a tick uses them, and written down for it.
 */
import { appliedHeaderLength } from "#protocol/applied-rows.ts";
import {
  checkInputRow,
  countInputRows,
  inputFormatOf,
  inputHeaderLength,
  type InputFormat,
} from "#protocol/input-row.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { Manifest } from "#protocol/manifest.ts";
import { InputRows } from "./input-rows.ts";

/** So far back a player may have seen: interpolation and half the way there, for most. */
const seenMs = 250;

export class InputDesk {
  readonly #format: InputFormat | undefined;
  readonly #rows: InputRows;
  readonly #seenTicks: number;
  /** Of the largest tick. */
  readonly #scratch: Uint8Array;

  constructor(manifest: Pick<Manifest, "tables" | "input" | "players" | "hz">) {
    const { players, hz } = manifest;
    this.#format = inputFormatOf(manifest);
    this.#rows = new InputRows(this.#format === undefined ? 0 : players.max, hz, this.#format?.length ?? 0);
    this.#seenTicks = Math.ceil((seenMs * hz) / 1000);
    const each = appliedHeaderLength + (this.#format?.length ?? 0);
    this.#scratch = new Uint8Array(this.#format === undefined ? 0 : 2 + players.max * (2 + each));
  }

  /** Whether this room takes any. */
  get any(): boolean {
    return this.#format !== undefined;
  }

  /**
   * Takes the rows of one message.
   *
   * @param seat undefined for spectators.
   * @param now in ms.
   * @throws ProtocolError "malformed" if it is none, or the room takes none from there.
   */
  receive(seat: number | undefined, message: Uint8Array, now: number): void {
    if (this.#format === undefined || seat === undefined) throw new ProtocolError("malformed", "nobody pushes there");
    const each = inputHeaderLength + this.#format.length;
    const count = countInputRows(this.#format, message);
    for (let at = 0; at < count * each; at += each) {
      checkInputRow(this.#format, message, at);
      this.#rows.take(seat, u32(message, at), u32(message, at + 4), message, at + inputHeaderLength, now);
    }
  }

  /** From now on rows of this seat count from 1 again. Until one comes, its fields are 0. */
  forget(seat: number): void {
    if (this.any) this.#rows.forget(seat);
  }

  /** What the next tick uses, as in `#protocol/applied-rows.ts`; undefined if nothing changes. Once for each tick, at `now`. */
  next(tick: number, now: number): Uint8Array | undefined {
    if (this.#format === undefined) return undefined;
    const bytes = this.#scratch;
    let end = 2;
    this.#rows.forgotten((seat) => (end = putU16(bytes, end, seat)));
    putU16(bytes, 0, (end - 2) / 2);
    const { fields, length } = this.#rows;
    this.#rows.next(now, (seat, _, seen, at) => {
      end = putU16(bytes, end, seat);
      const clamped = Math.min(Math.max(seen, tick - this.#seenTicks, 0), tick);
      end = putU16(bytes, end, clamped & 0xffff);
      end = putU16(bytes, end, clamped >>> 16);
      for (let i = 0; i < length; i++) bytes[end++] = fields[at + i]!;
    });
    return end === 2 ? undefined : bytes.slice(0, end);
  }

  /** Number of the newest row that a tick has used; 0 before the first. */
  applied(seat: number): number {
    return this.#rows.applied(seat);
  }

  /** How long it had waited for that tick, in units of a tick; 0 if the last tick found none. */
  ahead(seat: number): number {
    return this.#rows.ahead(seat);
  }
}

const u32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;

function putU16(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value & 0xff;
  bytes[at + 1] = value >>> 8;
  return at + 2;
}
