/** Which cell of the atlas shows which name: the nearest get one, and keep it while they stay near. Pure. */

export interface Wanted {
  readonly id: number;
  /** What would be written; written again when it changes. */
  readonly text: string;
  readonly far: number;
}

export interface Placed<Who extends Wanted> {
  readonly wanted: Who;
  readonly cell: number;
  /** Has to be written. */
  readonly fresh: boolean;
}

export class TagCells {
  readonly #capacity: number;
  #held = new Map<number, { readonly cell: number; readonly text: string }>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  assign<Who extends Wanted>(wanted: readonly Who[]): Placed<Who>[] {
    const chosen = [...wanted].sort((a, b) => a.far - b.far).slice(0, this.#capacity);
    const held = new Map<number, { readonly cell: number; readonly text: string }>();
    const taken = new Set<number>();
    for (const { id } of chosen) {
      const cell = this.#held.get(id)?.cell;
      if (cell !== undefined) taken.add(cell);
    }
    let next = 0;
    const placed = chosen.map((who): Placed<Who> => {
      const before = this.#held.get(who.id);
      let cell = before?.cell;
      if (cell === undefined) {
        while (taken.has(next)) next += 1;
        cell = next;
        taken.add(cell);
      }
      held.set(who.id, { cell, text: who.text });
      return { wanted: who, cell, fresh: before?.text !== who.text };
    });
    this.#held = held;
    return placed;
  }
}
