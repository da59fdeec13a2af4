/** Seats whose room is being brought back: what their clients say meanwhile is kept until there is somebody to hear it. */

/** Until the room has answered there is one thing to say. */
const envelopesKept = 1;

export class WaitingSeats<Link> {
  readonly #seats = new Map<Link, Map<number, Uint8Array[]>>();

  /** @param ready called with what was said, once `room` has settled, if the seat still waits then; with what it threw. */
  wait(
    link: Link,
    seat: number,
    room: Promise<unknown>,
    ready: (said: readonly Uint8Array[], error?: unknown) => void,
  ): void {
    const said: Uint8Array[] = [];
    const seats = this.#seats.get(link) ?? new Map<number, Uint8Array[]>();
    this.#seats.set(link, seats.set(seat, said));
    const settled = (error?: unknown): void => {
      if (this.#seats.get(link)?.get(seat) !== said) return;
      this.leave(link, seat);
      ready(said, error);
    };
    void room.then(() => settled(), settled);
  }

  /** Keeps an envelope if this seat waits. Returns whether it does. */
  hear(link: Link, seat: number, envelope: Uint8Array): boolean {
    const said = this.#seats.get(link)?.get(seat);
    if (said !== undefined && said.length < envelopesKept) said.push(envelope.slice());
    return said !== undefined;
  }

  leave(link: Link, seat: number): void {
    const seats = this.#seats.get(link);
    seats?.delete(seat);
    if (seats?.size === 0) this.#seats.delete(link);
  }

  /** A whole gateway is gone. */
  unlink(link: Link): void {
    this.#seats.delete(link);
  }
}
