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
  readonly #byPlayer = new Map<PlayerId, Seat>();
  #sorted: readonly Seat[] | undefined;
  readonly #manifest: Pick<Manifest, "players" | "pauseMs">;

  constructor(manifest: Pick<Manifest, "players" | "pauseMs">) {
    this.#manifest = manifest;
  }

  get taken(): number {
    return this.#seats.size;
  }

  get free(): number {
    return this.#manifest.players.max - this.#seats.size;
  }

  /** By seat number. */
  all(): readonly Seat[] {
    return (this.#sorted ??= [...this.#seats.values()].sort((a, b) => a.seat - b.seat));
  }

  absent(): Seat[] {
    return this.all().filter((seat) => !seat.present);
  }

  of(player: PlayerId): Seat | undefined {
    return this.#byPlayer.get(player);
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
      this.#add(seat);
      return seat;
    }
    throw new ProtocolError("room-full");
  }

  /** A seat that was taken in an earlier opening of the room; its player is away. */
  restore({ id, seat, name, pauseLeftMs }: Member, now: number): Seat {
    const restored: Seat = { id, seat, name, present: false, cameBack: false, absentSince: now, pauseLeftMs };
    this.#add(restored);
    return restored;
  }

  give(seat: Seat): void {
    this.#seats.delete(seat.seat);
    this.#byPlayer.delete(seat.id);
    this.#sorted = undefined;
  }

  roster(): RosterEntry[] {
    return this.all().map(asEntry);
  }

  /** Undefined if nobody sits there. */
  entryAt(number: number): RosterEntry | undefined {
    const seat = this.#seats.get(number);
    return seat && asEntry(seat);
  }

  #add(seat: Seat): void {
    this.#seats.set(seat.seat, seat);
    this.#byPlayer.set(seat.id, seat);
    this.#sorted = undefined;
  }
}

const asEntry = ({ seat, id, name, present }: Seat): RosterEntry => ({ seat, player: id, name, present });
