/**
 * Secrets that let a client continue without a new quote: in memory only, good once, for one account in one room, and
 * gone when their epoch is.
 */
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Secrets } from "#protocol/noise.ts";
import { epochMs } from "./channel-key.ts";

export interface Resumption {
  readonly psk: Uint8Array;
  readonly room: RoomId;
  readonly player: PlayerId;
  readonly madeAt: number;
}

/** One for every connection that this worker can have, and as many that were cut a moment ago. */
const resumptionsMax = 20_000;

export class Resumptions {
  /** By id; oldest first, because a map keeps the order of insertion. */
  readonly #byId = new Map<string, Resumption>();

  get size(): number {
    return this.#byId.size;
  }

  /** @param now monotonic, in ms. */
  keep(secret: Secrets["resumption"], room: RoomId, player: PlayerId, now: number): void {
    this.#byId.set(nameOf(secret.id), { psk: secret.psk, room, player, madeAt: now });
    if (this.#byId.size > resumptionsMax) this.#byId.delete(this.#byId.keys().next().value!);
  }

  /** Takes it out: nobody gets it twice. Undefined if unknown, used, too old, or of another room. */
  take(id: Uint8Array, room: RoomId, now: number): Resumption | undefined {
    const name = nameOf(id);
    const found = this.#byId.get(name);
    if (found === undefined || found.room !== room) return undefined;
    this.#byId.delete(name);
    return now - found.madeAt < epochMs ? found : undefined;
  }

  /** Forgets what nobody gets any more. @param now monotonic, in ms. */
  expire(now: number): void {
    for (const [name, { madeAt }] of this.#byId) {
      if (now - madeAt < epochMs) return;
      this.#byId.delete(name);
    }
  }

  /** Forgets all of a room that is gone. */
  forget(room: RoomId): void {
    for (const [name, resumption] of this.#byId) if (resumption.room === room) this.#byId.delete(name);
  }
}

/** In one piece: hexadecimal digits, put together from bytes, would take as much as all else of a secret. */
const nameOf = (id: Uint8Array): string => Buffer.from(id).toString("latin1");
