/** When one's own steps are heard. */
import { stride } from "./score.ts";

/** Whoever has come farther than this between two frames has not walked. */
const leap = 1;

export class Strides {
  #walked = 0;
  #before = { x: 0, z: 0 };

  /** @returns whether a foot has come down on the way to here. */
  to({ x, z }: { readonly x: number; readonly z: number }): boolean {
    const moved = Math.hypot(x - this.#before.x, z - this.#before.z);
    this.#before = { x, z };
    this.#walked += moved < leap ? moved : 0;
    if (this.#walked < stride) return false;
    this.#walked = 0;
    return true;
  }
}
