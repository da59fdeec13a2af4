/**
 * Values that many NFTs have in common, kept once: a thousand swords have one picture. It changes what a state takes in
 * memory and nothing else, and it is bounded, for everybody can say something new.
 */
const entriesMax = 4096;

export class Shared {
  readonly #values = new Map<string, unknown>();

  /** @param key of its kind and its text. */
  once<T>(key: string, make: () => T): T {
    const known = this.#values.get(key) as T | undefined;
    if (known !== undefined) return known;
    if (this.#values.size >= entriesMax) this.#values.clear();
    const made = make();
    this.#values.set(key, made);
    return made;
  }
}
