/** A clock that stands still until it is told to pass, so that nothing here waits or races. */

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

export class VirtualTime {
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];

  readonly now = (): number => this.#now;

  readonly after = (ms: number, work: () => void): (() => void) => {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: (this.#order += 1), work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Lets so many ms pass; everything due in between happens at its time, promises included. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await settle();
    }
    this.#now = until;
  }

  /** Lets time pass until the promise settles. */
  async until<T>(promise: Promise<T>, msMax = 60_000): Promise<T> {
    let settled = false;
    const done = (): void => void (settled = true);
    promise.then(done, done);
    for (let passed = 0; !settled && passed < msMax; passed += 10) await this.pass(10);
    if (!settled) throw new Error(`still waiting after ${msMax} ms of virtual time`);
    return promise;
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > until) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}

/** All promises that can go on without time have gone on: the cryptography here is synchronous. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
