/** When kept rooms are saved: often enough that reading one back takes no longer than making one. */
import type { HostedRoom } from "./rooms-setup.ts";
import type { Vault } from "./vault/vault.ts";

/**
 * Fuel after which a kept room is saved, however few its records: repeating it holds up every other room of its worker. Some
 * hundred milliseconds of work.
 */
const spentPerSave = 1_000_000_000;

/** Repeating as many takes about as long as loading what was saved. */
const usualRecords = 256;

interface Saved {
  readonly records: number;
  readonly spent: number;
}

export class SavePoints {
  readonly #recordsPerSave: number;
  /** How far a room was at its newest snapshot. */
  readonly #saved = new WeakMap<HostedRoom, Saved>();

  /** @param recordsPerSave records after which a room is saved. */
  constructor(recordsPerSave = usualRecords) {
    this.#recordsPerSave = recordsPerSave;
  }

  /** A room is here, read back up to this many records: what was repeated just now would be repeated again. */
  begin(room: HostedRoom, records: number): void {
    this.#saved.set(room, { records, spent: 0 });
  }

  /** Seals a room, if it is worth it. */
  async save(hosted: HostedRoom, vault: Vault, failed: (error: unknown) => void): Promise<void> {
    const { room, log } = hosted;
    if (log === undefined || room.frozen !== null) return;
    const saved = this.#saved.get(hosted) ?? { records: 0, spent: 0 };
    if (log.length - saved.records < this.#recordsPerSave && room.spent - saved.spent < spentPerSave) return;
    this.#saved.set(hosted, { records: log.length, spent: room.spent });
    const records = log.recorded;
    let course: Uint8Array;
    try {
      course = room.save();
    } catch (error) {
      // The machine gave out, say: other rooms are saved all the same.
      return failed(error);
    }
    await new Promise<void>((resolve) => {
      log.onceDurable(() => void vault.save(log, course, records).catch(failed).then(resolve));
    });
  }
}
