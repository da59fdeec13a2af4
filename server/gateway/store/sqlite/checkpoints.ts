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
  readonly #limits: CopyingLimits;
  /** Undefined once it has ended: then the writer copies, and appends wait for it. */
  #thread: Worker | undefined;
  #written = 0;
  #copying = false;
  #closed: (() => void) | undefined;

  constructor(path: string, file: SqliteFile, limits = usual, start = startCopying) {
    this.#file = file;
    this.#limits = limits;
    const thread = (this.#thread = start({ file: path }));
    thread.on("message", (copied: Copied) => this.#copied(copied));
    // It ends then. Nothing is lost with it: what was acknowledged is in the log.
    thread.on("error", () => undefined);
    thread.on("exit", () => this.#ended());
  }

  /** @param bytes that a transaction took of the log, about. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#copying || this.#written < this.#limits.bytesBetween) return;
    this.#written = 0;
    if (this.#thread === undefined) return this.#copy();
    this.#copying = true;
    this.#thread.postMessage("copy");
  }

  /** @param closed is called, later, when the other thread has let go of the file. */
  close(closed: () => void): void {
    this.#closed = closed;
    if (this.#thread === undefined) queueMicrotask(closed);
    else this.#thread.postMessage("close");
  }

  #copied({ pagesLogged }: Copied): void {
    this.#copying = false;
    if (pagesLogged >= this.#limits.pagesMax) this.#copy();
  }

  /** As much as nobody reads. A disk that is full or fails is the business of the next append, which cannot go on without it. */
  #copy(): void {
    try {
      this.#file.sql("pragma wal_checkpoint(passive)").get();
    } catch {
      // The log keeps what was written.
    }
  }

  #ended(): void {
    this.#thread = undefined;
    this.#copying = false;
    this.#closed?.();
  }
}

const startCopying = (setup: CopyingSetup): Worker =>
  new Worker(new URL("./checkpoint-thread.ts", import.meta.url), {
    workerData: setup,
    execArgv: process.execArgv,
  });
