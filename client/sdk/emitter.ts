/** Listeners by event. One that throws does not keep the others, or the channel, from going on. */

type Listener = (...values: never) => void;

export class Emitter<Events extends { [Name in keyof Events]: readonly unknown[] }> {
  readonly #listeners = new Map<keyof Events, Set<Listener>>();

  /** Returns how to stop. The same function may be added once per event. */
  on<Name extends keyof Events>(name: Name, listener: (...values: Events[Name]) => void): () => void {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, ...values: Events[Name]): void {
    // A copy: listeners may come and go while they are called.
    for (const listener of Array.from(this.#listeners.get(name) ?? [])) {
      try {
        (listener as (...values: Events[Name]) => void)(...values);
      } catch (error) {
        // Shown where errors of event listeners are shown: the console, or the process's last words.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    for (const listeners of this.#listeners.values()) listeners.clear();
  }
}
