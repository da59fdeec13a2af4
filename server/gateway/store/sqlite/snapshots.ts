/** Snapshots in SQLite. A large one is written in pieces, so that rooms which append meanwhile do not wait for all of it. */
import { snapshotsKept, type ChainId, type Snapshot } from "#protocol/store.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { blob, sameBytes, type SqliteFile } from "./file.ts";

/** Bytes of a snapshot in one transaction: some milliseconds of a disk. */
const pieceLength = 1024 * 1024;

/** Pieces that are given back in one transaction. */
const piecesTogether = 8;

/** With which a snapshot is whole. */
interface LastPiece {
  readonly id: number;
  readonly last: number;
}

export class SqliteSnapshots {
  readonly #file: SqliteFile;
  readonly #checkpoints: Pick<Checkpoints, "wrote">;
  /** Id of the newest; undefined before the first of this process. */
  #last: number | undefined;
  /** Snapshots that are not there any more, and whose pieces still are. */
  readonly #lost: number[] = [];

  constructor(file: SqliteFile, checkpoints: Pick<Checkpoints, "wrote">) {
    this.#file = file;
    this.#checkpoints = checkpoints;
  }

  /**
   * In pieces, each in a transaction of its own; with the last of them the snapshot is there. At each `yield` others may be
   * answered: a disk is busy with a large room for a second. One at a time.
   */
  *save({ chain, index, head, bytes }: Snapshot): Generator<void, "stored" | "conflict"> {
    if (!this.#isRecord(chain, index, head)) return "conflict";
    const id = this.#nextId();
    const last = Math.max(0, Math.ceil(bytes.length / pieceLength) - 1);
    let kept = false;
    try {
      for (let piece = 0; piece < last; piece++) {
        this.#file.transaction(() => this.#writePiece(id, piece, bytes));
        yield;
      }
      kept = this.#keepSnapshot({ id, chain, index, head, last, bytes });
    } finally {
      if (!kept) this.#lost.push(id);
    }
    yield* this.#dropLost();
    return kept ? "stored" : "conflict";
  }

  /** The newest of fewer records than `below`. */
  newest(chain: ChainId, below: number): Snapshot | undefined {
    const row = this.#file
      .sql("select id, number, head from snapshots where chain = ? and number < ? order by number desc limit 1")
      .get(chain, below);
    if (row === undefined) return undefined;
    const bytes = this.#piecesOf(Number(row["id"]));
    return { chain, index: Number(row["number"]), head: blob(row["head"]), bytes };
  }

  /** @param others removes what else there is of the chain, in the same transaction. */
  *remove(chain: ChainId, others: () => void): Generator<void, void> {
    const lost = this.#file.transaction(() => {
      others();
      const snapshots = this.#snapshotsOf(chain);
      this.#file.sql("delete from snapshots where chain = ?").run(chain);
      return snapshots.filter((one) => this.#dropSome(one));
    });
    this.#lost.push(...lost);
    yield* this.#dropLost();
  }

  #nextId(): number {
    this.#last ??= this.#lastOfOthers();
    return (this.#last += 1);
  }

  #lastOfOthers(): number {
    // What was being written when a process died.
    this.#file.sql("delete from pieces where snapshot not in (select id from snapshots)").run();
    return Number(this.#file.sql("select max(id) as last from snapshots").get()?.["last"] ?? 0);
  }

  /** Its last piece, and the row that says it is there. False if its chain was removed meanwhile. */
  #keepSnapshot({ id, chain, index, head, last, bytes }: Snapshot & LastPiece): boolean {
    const lost = this.#file.transaction(() => {
      if (!this.#isRecord(chain, index, head)) return undefined;
      const before = this.#snapshotsOf(chain);
      this.#writePiece(id, last, bytes);
      this.#file
        .sql("insert or replace into snapshots (id, chain, number, head) values (?, ?, ?, ?)")
        .run(id, chain, index, head);
      this.#file
        .sql(
          `delete from snapshots where chain = ?1 and number not in
         (select number from snapshots where chain = ?1 order by number desc limit ?2)`,
        )
        .run(chain, snapshotsKept);
      const after = new Set(this.#snapshotsOf(chain));
      return [...before, id].filter((one) => !after.has(one) && this.#dropSome(one));
    });
    this.#lost.push(...(lost ?? []));
    return lost !== undefined;
  }

  /** Gives back what lost pieces take, a few at a time. */
  *#dropLost(): Generator<void, void> {
    for (let next = this.#lost[0]; next !== undefined; next = this.#lost[0]) {
      if (!this.#file.transaction(() => this.#dropSome(next))) this.#lost.shift();
      yield;
    }
  }

  /** Returns whether there may be more. */
  #dropSome(snapshot: number): boolean {
    const { changes } = this.#file
      .sql(
        `delete from pieces where snapshot = ?1 and number in
       (select number from pieces where snapshot = ?1 order by number limit ?2)`,
      )
      .run(snapshot, piecesTogether);
    return Number(changes) === piecesTogether;
  }

  #snapshotsOf(chain: ChainId): number[] {
    return this.#file
      .sql("select id from snapshots where chain = ?")
      .all(chain)
      .map((row) => Number(row["id"]));
  }

  #isRecord(chain: ChainId, index: number, head: Uint8Array): boolean {
    const there = this.#file.sql("select head from records where chain = ? and number = ?").get(chain, index - 1);
    return there !== undefined && sameBytes(blob(there["head"]), head);
  }

  #writePiece(snapshot: number, number: number, bytes: Uint8Array): void {
    const piece = bytes.subarray(number * pieceLength, (number + 1) * pieceLength);
    this.#file.sql("insert into pieces (snapshot, number, bytes) values (?, ?, ?)").run(snapshot, number, piece);
    this.#checkpoints.wrote(piece.length);
  }

  #piecesOf(snapshot: number): Uint8Array {
    const sum = this.#file.sql("select sum(length(bytes)) as length from pieces where snapshot = ?").get(snapshot);
    const bytes = new Uint8Array(Number(sum?.["length"] ?? 0));
    let at = 0;
    for (const row of this.#file.sql("select bytes from pieces where snapshot = ? order by number").iterate(snapshot)) {
      const piece = blob(row["bytes"]);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}
