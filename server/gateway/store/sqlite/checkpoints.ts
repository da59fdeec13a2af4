/**
 * When the log that commits go to is copied into the database file (sqlite.org/wal.html#ckpt).
 *
 * SQLite would do it in the commit that makes the log long: whoever appends then waits for thousands of pages and two syncs.
 * Here another thread copies, as often as much was written, and appends do not wait. Its copying never catches up with a
 * store that is always written to, so that the log would grow for ever: once that is long, the writer copies the little that
 * is left, and the next commit begins the log anew.
 */
import { Worker } from "node:worker_threads";
import type { SqliteFile } from "./file.ts";

export interface CopyingSetup {
  readonly file: string;
}

export interface Copied {
  /** Length of the log. */
  readonly pagesLogged: number;
}

export interface CopyingLimits {
  /** What is written between two copies. */
  readonly bytesBetween: number;
  /** A log that is begun anew. */
  readonly pagesMax: number;
}

/** Some thousand records between two; the log takes 128 MiB of the disk. */
const usual: CopyingLimits = { bytesBetween: 32 * 1024 * 1024, pagesMax: 32_768 };

export class Checkpoints {
  readonly #file: SqliteFile;
  readonly #thread: Worker;
  readonly #limits: CopyingLimits;
  #written = 0;
  #copying = false;

  constructor(path: string, file: SqliteFile, limits = usual) {
    this.#file = file;
    this.#limits = limits;
    this.#thread = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), {
      workerData: { file: path } satisfies CopyingSetup,
      execArgv: process.execArgv,
    });
    this.#thread.on("message", (copied: Copied) => this.#copied(copied));
  }

  /** @param bytes that a transaction took of the log, about. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#copying || this.#written < this.#limits.bytesBetween) return;
    this.#copying = true;
    this.#written = 0;
    this.#thread.postMessage("copy");
  }

  /** @param closed is called when the other thread has let go of the file. */
  close(closed: () => void): void {
    this.#thread.once("exit", closed);
    this.#thread.postMessage("close");
  }

  #copied({ pagesLogged }: Copied): void {
    this.#copying = false;
    if (pagesLogged < this.#limits.pagesMax) return;
    this.#file.sql("pragma wal_checkpoint(passive)").get();
  }
}
