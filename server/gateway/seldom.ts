/** One cause is logged so often at most: what fails for one room or visitor fails for thousands, every second. */
const againMs = 10 * 60_000;

export class Seldom {
  readonly #now: () => number;
  /** When each cause was logged last. */
  readonly #logged = new Map<string, number>();

  /** @param now monotonic, in ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether it is time to log this cause again. @param cause one of few. */
  isTime(cause: string): boolean {
    const now = this.#now();
    const last = this.#logged.get(cause);
    if (last !== undefined && now - last < againMs) return false;
    this.#logged.set(cause, now);
    return true;
  }
}
