/**
 * Logs that rooms have revealed, for whoever asks for one, and for as long as the operator keeps them. The gateway reads
 * nothing in them: that a log is revealed stands in clear in front of its last record.
 */
import type { RoomId } from "#protocol/identity.ts";
import { isReveal, revealedBytesMax } from "#protocol/revealed.ts";
import { chainPrefixOf, roomChains } from "#protocol/room-chain.ts";
import { listMax, type ChainState, type Store } from "#protocol/store.ts";

export interface RevealedLogsPorts {
  readonly store: Pick<Store, "list" | "records" | "remove">;
  /** So long they are kept, in ms. */
  readonly keptMs: number;
  /** Unix ms, as the store counts. */
  readonly now: () => number;
}

/** Records at the end of a chain among which its reveal is looked for: behind it there are only openings by visitors. */
const tailRecords = 64;

/** Bytes of records read at once. */
const readMax = 2 * 1024 * 1024;

/** Logs that are looked for or given away at once: each holds `readMax` in memory. */
const givingMax = 4;

export class RevealedLogs {
  readonly #ports: RevealedLogsPorts;
  #giving = 0;

  constructor(ports: RevealedLogsPorts) {
    this.#ports = ports;
  }

  /** Whether so many are being given away that the next one has to wait. */
  get busy(): boolean {
    return this.#giving >= givingMax;
  }

  /** Its records piece by piece, as `decodeRecords` reads them; undefined if this room has revealed nothing. */
  async read(room: RoomId): Promise<AsyncIterable<Uint8Array> | undefined> {
    this.#giving += 1;
    try {
      const [chain] = await this.#ports.store.list(chainPrefixOf(room), "", 1);
      if (chain === undefined || chain.first > 0) return undefined;
      const last = await this.#revealOf(chain);
      return last === undefined ? undefined : this.#pieces(chain, last);
    } finally {
      this.#giving -= 1;
    }
  }

  /** Forgets those that were kept for long enough. Returns how many. */
  async forgetOld(): Promise<number> {
    const { store, now, keptMs } = this.#ports;
    let forgotten = 0;
    for (let after = ""; ;) {
      const page = await store.list(roomChains, after, listMax);
      for (const chain of page) {
        if (now() - chain.changedAt < keptMs || (await this.#revealOf(chain)) === undefined) continue;
        await store.remove(chain.chain);
        forgotten += 1;
      }
      if (page.length < listMax) return forgotten;
      after = page.at(-1)!.chain;
    }
  }

  /** Index of the record that reveals it. */
  async #revealOf({ chain, length, first }: ChainState): Promise<number | undefined> {
    const from = Math.max(first, length - tailRecords);
    for (let at = from; at < length;) {
      const page = await this.#ports.store.records(chain, at, readMax);
      for (const { index, record } of page) if (isReveal(record)) return index;
      if (page.length === 0) return undefined;
      at = page.at(-1)!.index + 1;
    }
    return undefined;
  }

  async *#pieces({ chain }: ChainState, last: number): AsyncGenerator<Uint8Array> {
    this.#giving += 1;
    try {
      let bytes = 0;
      for (let at = 0; at <= last;) {
        const page = await this.#ports.store.records(chain, at, readMax);
        if (page.length === 0) return;
        for (const { index, record } of page) {
          bytes += 4 + record.length;
          if (index > last || bytes > revealedBytesMax) return;
          const piece = new Uint8Array(4 + record.length);
          new DataView(piece.buffer).setUint32(0, record.length, true);
          piece.set(record, 4);
          yield piece;
          at = index + 1;
        }
      }
    } finally {
      this.#giving -= 1;
    }
  }
}
