/** Who is seated, who of them is here, and how long the absent may still keep an `all` room waiting. */
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { RosterEntry } from "#protocol/message.ts";
import type { Player } from "#contract/abi.ts";
import type { Member } from "./members.ts";

export interface Seat extends Player {
  readonly id: PlayerId;
  name: string;
  present: boolean;
  /** Whether this player has been here since the room was opened. */
  cameBack: boolean;
  /** When the connection was lost, in ms; undefined while present. */
  absentSince: number | undefined;
  /** What is left of `pauseMs`. */
  pauseLeftMs: number;
}

export class Seats {
  readonly #seats = new Map<number, Seat>();
  readonly #manifest: Manifest;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  get taken(): number {
    return this.#seats.size;
  }

  get free(): number {
    return this.#manifest.players.max - this.#seats.size;
  }

  /** By seat number. */
  all(): Seat[] {
    return [...this.#seats.values()].sort((a, b) => a.seat - b.seat);
  }

  absent(): Seat[] {
    return this.all().filter((seat) => !seat.present);
  }

  of(player: PlayerId): Seat | undefined {
    for (const seat of this.#seats.values()) if (seat.id === player) return seat;
    return undefined;
  }

  /** Takes the lowest free seat. @throws ProtocolError "room-full". */
  take(player: PlayerId, name: string): Seat {
    for (let number = 0; number < this.#manifest.players.max; number++) {
      if (this.#seats.has(number)) continue;
      const seat: Seat = {
        id: player,
        seat: number,
        name: name === "" ? `Player ${number + 1}` : name,
        present: true,
        cameBack: true,
        absentSince: undefined,
        pauseLeftMs: this.#manifest.pauseMs,
      };
      this.#seats.set(number, seat);
      return seat;
    }
    throw new ProtocolError("room-full");
  }

  /** A seat that was taken in an earlier opening of the room; its player is away. */
  restore({ id, seat, name, pauseLeftMs }: Member, now: number): Seat {
    const restored: Seat = { id, seat, name, present: false, cameBack: false, absentSince: now, pauseLeftMs };
    this.#seats.set(seat, restored);
    return restored;
  }

  give(seat: Seat): void {
    this.#seats.delete(seat.seat);
  }

  roster(): RosterEntry[] {
    return this.all().map(({ seat, id, name, present }) => ({ seat, player: id, name, present }));
  }
}
