/** Work that costs about the same for one item as for a thousand: what comes while it is under way is done together next. */

interface Waiting<Item, Answer> {
  readonly items: readonly Item[];
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<Item, Answer> {
  readonly #commit: (items: readonly Item[]) => Promise<readonly Answer[]>;
  #waiting: Waiting<Item, Answer>[] = [];
  #running: Promise<void> | undefined;

  /** @param commit answers each item, in order. If it rejects, everybody in this group learns that. */
  constructor(commit: (items: readonly Item[]) => Promise<readonly Answer[]>) {
    this.#commit = commit;
  }

  add(items: readonly Item[]): Promise<readonly Answer[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Until nothing waits and nothing is under way. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const answers = await this.#commit(group.flatMap(({ items }) => items));
        let at = 0;
        for (const { items, resolve } of group) {
          resolve(answers.slice(at, at + items.length));
          at += items.length;
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = undefined;
  }
}
