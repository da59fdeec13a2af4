/** How somebody walks: what a client says twenty times a second, the same on every system. */

/** A stick from -100 to 100 both ways: 4 m a second at most. `aim` is a number of 16 bits that comes back as one's heading. */
export interface Steering {
  readonly x: number;
  readonly z: number;
  readonly aim: number;
}

export const hz = 20;
export const tickMs = 1000 / hz;

/** Who is nearer comes into sight; who is in sight stays so up to the radius. The same for every system. */
export const sightRadius = 40;
export const sightEnters = (sightRadius * 15) / 16;

/** The side of a square in which each of so many sees about sixty, itself included: whoever is near a border sees fewer. */
export const sides: Readonly<Record<number, number>> = { 50: 47, 100: 67, 300: 136, 500: 182, 1000: 265 };

/** One walker's way: straight on for a while, then another way. */
export class Way {
  #x = 0;
  #z = 0;
  #left = 0;
  #aim: number;

  /** @param number of the walker: no two begin alike. */
  constructor(number: number) {
    this.#aim = (number * 2654435761) & 0xffff;
  }

  /** The next thing to say. Everybody moves at every tick, and every aim is another than the last. */
  next(): Steering {
    if (this.#left === 0) {
      const angle = Math.random() * 2 * Math.PI;
      this.#x = Math.round(Math.cos(angle) * 100);
      this.#z = Math.round(Math.sin(angle) * 100);
      this.#left = 20 + Math.floor(Math.random() * 40);
    }
    this.#left -= 1;
    this.#aim = (this.#aim + 257) & 0xffff;
    return { x: this.#x, z: this.#z, aim: this.#aim };
  }
}
