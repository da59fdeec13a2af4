/** What is true of a room for everybody in it, and what its lobby may know: each told when it has changed, and not before. */
import { bytesToHex } from "#protocol/bytes.ts";
import type { Listing } from "#protocol/control.ts";
import type { Ended, Phase, Status, UpgradeNotice } from "#protocol/message.ts";
import type { Seat } from "./seats.ts";

export interface Standing {
  readonly phase: Phase;
  /** Those the room waits for. */
  readonly waiting: readonly Seat[];
  readonly spectators: number;
  readonly ended: Ended | null;
  /** Rules to come. */
  readonly upgrade?: UpgradeNotice | undefined;
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
  settle({ phase, waiting, spectators, ended, upgrade }: Standing): void {
    const seats = waiting.map(({ seat }) => seat);
    const rules = upgrade === undefined ? null : [bytesToHex(upgrade.contract), upgrade.tick];
    const key = JSON.stringify([phase, seats, spectators, ended !== null, rules]);
    if (key === this.#statusKey) return;
    this.#statusKey = key;
    this.#version += 1;
    this.#status = {
      phase,
      waiting: waiting.map(({ seat, pauseLeftMs }) => [seat, Math.max(0, Math.round(pauseLeftMs))]),
      spectators,
      ended,
      ...(upgrade === undefined ? {} : { upgrade }),
    };
  }

  announce(listing: Listing): void {
    const key = JSON.stringify(listing);
    if (key === this.#listingKey) return;
    this.#listingKey = key;
    this.#announce(listing);
  }
}
