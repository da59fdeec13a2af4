/** Where rooms hand in what they keep for players, and are told that it is kept. While the store is away it is tried again. */
import type { PlayerId } from "#protocol/identity.ts";
import type { Records } from "./records/records.ts";
import type { Saving, Version } from "./room/kept.ts";
import type { HostedRoom } from "./rooms.ts";
import { stored } from "./stored.ts";

export interface KeepingSetup {
  readonly records: Records;
  /** What came of it: a version, or null if something else was kept elsewhere. The room may be gone by now. */
  readonly kept: (room: HostedRoom, player: PlayerId, version: Version | null) => void;
  /** An error that is ours. */
  readonly bug: (error: unknown) => void;
  /** Resolves after so many ms; default: by this machine's clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

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
    const { records, kept, wait } = this.#setup;
    const { lineage } = hosted;
    if (lineage === undefined) return;
    // Null where something else was kept elsewhere.
    const save = async (): Promise<Version | null> => (await records.save(lineage, saving)) ?? null;
    const version = await stored(save, () => !this.#closed, wait);
    if (version !== undefined) kept(hosted, saving.player as PlayerId, version);
  }
}
