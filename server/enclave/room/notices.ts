/** What is true of a room for everybody in it, and what its lobby may know: each told when it has changed, and not before. */
import type { Listing } from "#protocol/control.ts";
import type { Ended, Phase, Status } from "#protocol/message.ts";
import type { Seat } from "./seats.ts";

export interface Standing {
  readonly phase: Phase;
  /** Those the room waits for. */
  readonly waiting: readonly Seat[];
  readonly spectators: number;
  readonly ended: Ended | null;
}

export class Notices {
  readonly #announce: (listing: Listing) => void;
  #statusKey = "";
  #listingKey = "";
  #version = 0;
  #status: Status = { phase: "open", waiting: [], spectators: 0, ended: null };

  constructor(announce: (listing: Listing) => void) {
    this.#announce = announce;
  }

  get status(): Status {
    return this.#status;
  }

  /** Counts up whenever the status changes. */
  get version(): number {
    return this.#version;
  }

  /** The time that is left to those who are awaited is told once, with the change; clients count it down. */
  settle({ phase, waiting, spectators, ended }: Standing): void {
    const key = JSON.stringify([phase, waiting.map(({ seat }) => seat), spectators, ended !== null]);
    if (key === this.#statusKey) return;
    this.#statusKey = key;
    this.#version += 1;
    this.#status = {
      phase,
      waiting: waiting.map(({ seat, pauseLeftMs }) => [seat, Math.max(0, Math.round(pauseLeftMs))]),
      spectators,
      ended,
    };
  }

  announce(listing: Listing): void {
    const key = JSON.stringify(listing);
    if (key === this.#listingKey) return;
    this.#listingKey = key;
    this.#announce(listing);
  }
}
