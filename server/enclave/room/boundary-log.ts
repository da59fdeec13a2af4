/**
 * Which boundaries are worth a record. In rooms that tick, ticks at which nothing came in and nothing came out follow
 * from the boundary before them; they are recorded together, once a second or with the next one that matters.
 */
import type { Manifest } from "#protocol/manifest.ts";
import type { Boundary } from "./inputs.ts";

export class BoundaryLog {
  readonly #recordEvery: number;
  readonly #record: (boundary: Boundary) => void;
  #recorded: number;
  #latest: number;

  /** @param tick up to which everything is recorded. */
  constructor(manifest: Pick<Manifest, "hz">, tick: number, record: (boundary: Boundary) => void) {
    this.#recordEvery = manifest.hz;
    this.#recorded = tick;
    this.#latest = tick;
    this.#record = record;
  }

  /** @param matters whether anything came in, or anything came of it that somebody may learn. */
  add(boundary: Boundary, matters: boolean): void {
    // Time has a gap before this boundary: the quiet ticks before the gap would be taken for a part of it.
    if (boundary.from !== undefined && this.#latest > this.#recorded) this.#write({ tick: this.#latest, inputs: [] });
    this.#latest = boundary.tick;
    const due = boundary.tick - this.#recorded >= this.#recordEvery;
    if (matters || due || boundary.from !== undefined) this.#write(boundary);
  }

  #write(boundary: Boundary): void {
    this.#recorded = boundary.tick;
    this.#record(boundary);
  }
}
