/** A journal where nobody keeps anything: what it held dies with its worker, and so do that worker's rooms. */
import type { SharedJournal } from "./award-book.ts";

export class MemoryJournal implements SharedJournal {
  read(): Promise<readonly Uint8Array[]> {
    return Promise.resolve([]);
  }

  append(): Promise<void> {
    return Promise.resolve();
  }

  appendNext(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
