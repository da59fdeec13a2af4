/** Which room is due next: a binary heap by time. An entry whose room has been given another time since is skipped. */

/** Entries that are skipped one day may outnumber the others by so many: a room whose time is far away leaves one with each move. */
const staleMax = 1024;

interface Entry<T> {
  readonly at: number;
  readonly item: T;
}

export class Schedule<T> {
  readonly #due = new Map<T, number>();
  #heap: Entry<T>[] = [];

  /** Items that have a time. */
  get size(): number {
    return this.#due.size;
  }

  /** When the next item is due, in ms; Infinity if none is. */
  get next(): number {
    this.#dropStale();
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** When an item is due, in ms; Infinity if it has no time. */
  dueAt(item: T): number {
    return this.#due.get(item) ?? Number.POSITIVE_INFINITY;
  }

  /** @param at in ms; Infinity takes the item out. */
  set(item: T, at: number): void {
    if (this.#due.get(item) === at) return;
    if (at === Number.POSITIVE_INFINITY) {
      this.#due.delete(item);
      return;
    }
    this.#due.set(item, at);
    this.#push({ at, item });
    if (this.#heap.length > 2 * this.#due.size + staleMax) this.#renew();
  }

  delete(item: T): void {
    this.#due.delete(item);
  }

  /** Takes out the earliest item that is due at `now`. */
  take(now: number): T | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#pop();
    this.#due.delete(first.item);
    return first.item;
  }

  #dropStale(): void {
    for (
      let first = this.#heap[0];
      first !== undefined && this.#due.get(first.item) !== first.at;
      first = this.#heap[0]
    ) {
      this.#pop();
    }
  }

  /** What is in order is a heap. */
  #renew(): void {
    this.#heap = Array.from(this.#due, ([item, at]) => ({ at, item })).sort((a, b) => a.at - b.at);
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.at <= entry.at) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child += 1;
      if (heap[child]!.at >= last.at) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
