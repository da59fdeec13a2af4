/** Who has come with a ticket: each is good once, and whoever came is let back with the result. */
import type { Arrival } from "#contract/abi.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { travelLimits } from "#protocol/travel.ts";

/** As a room's log holds it. */
export interface UsedTicket extends Arrival {
  /** 32 hex digits: the same ticket, made again, has the same. */
  readonly id: string;
}

export class Arrivals {
  readonly #used = new Set<string>();

  /** Their ids, 16 bytes each, in the order in which they were used; undefined if none was. */
  save(): Uint8Array | undefined {
    return this.#used.size === 0 ? undefined : hexToBytes([...this.#used].join(""));
  }

  restore(ids: Uint8Array): void {
    for (let at = 0; at < ids.length; at += 16) this.#add(bytesToHex(ids.subarray(at, at + 16)));
  }

  has(id: string): boolean {
    return this.#used.has(id);
  }

  /** What the contract is told; undefined for a ticket that was used before. */
  use(ticket: UsedTicket | undefined): Arrival | undefined {
    if (ticket === undefined || this.#used.has(ticket.id)) return undefined;
    this.#add(ticket.id);
    const { room, contract, payload, back } = ticket;
    return { room, contract, payload, back };
  }

  /** The oldest go first: they have run out long ago. */
  #add(id: string): void {
    this.#used.add(id);
    if (this.#used.size <= travelLimits.remembered) return;
    for (const oldest of this.#used) {
      this.#used.delete(oldest);
      return;
    }
  }
}
