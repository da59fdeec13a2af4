/** Where rooms hand in what they keep for players, and are told that it is kept. While the store is away it is tried again. */
import type { PlayerId } from "#protocol/identity.ts";
import { StoreError } from "#protocol/store.ts";
import type { Records } from "./records/records.ts";
import type { Saving, Version } from "./room/kept.ts";
import type { HostedRoom } from "./rooms.ts";

export interface KeepingSetup {
  readonly records: Records;
  /** What came of it: a version, or null if something else was kept elsewhere. The room may be gone by now. */
  readonly kept: (room: HostedRoom, player: PlayerId, version: Version | null) => void;
  /** An error that is ours. */
  readonly bug: (error: unknown) => void;
  /** Resolves after so many ms; default: by this machine's clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Between two attempts, in ms: first and longest. */
const retryMs = { first: 100, most: 5000 };

const byClock = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

export class KeepingDesk {
  readonly #setup: KeepingSetup;
  #closed = false;

  constructor(setup: KeepingSetup) {
    this.#setup = setup;
  }

  keep(hosted: HostedRoom, saving: Saving): void {
    void this.#keep(hosted, saving).catch((error: unknown) => this.#setup.bug(error));
  }

  close(): void {
    this.#closed = true;
  }

  async #keep(hosted: HostedRoom, saving: Saving): Promise<void> {
    const { records, kept, wait = byClock } = this.#setup;
    const { lineage } = hosted;
    if (lineage === undefined) return;
    for (let ms = retryMs.first; !this.#closed; ms = Math.min(2 * ms, retryMs.most)) {
      try {
        const version = await records.save(lineage, saving);
        return kept(hosted, saving.player as PlayerId, version ?? null);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        await wait(ms);
      }
    }
  }
}
