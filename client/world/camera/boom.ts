/** How far the camera really is: it comes nearer at once where something stands in its way, and goes back in its own time. Pure. */

/** Shares of what is left that are gone in a second, as powers of e: in within a blink, out within a breath. */
const inwards = 16;
const outwards = 3.5;

export class Boom {
  /** Metres that the camera is nearer than it is wished to be. */
  #drawnIn = 0;

  /**
   * @param far metres that are wished for.
   * @param clear metres that are free.
   * @param seconds since the last time; with Infinity nothing is smoothed.
   */
  reach(far: number, clear: number, seconds: number): number {
    const wanted = Math.max(0, far - clear);
    const rate = wanted > this.#drawnIn ? inwards : outwards;
    this.#drawnIn += (wanted - this.#drawnIn) * (1 - Math.exp(-rate * seconds));
    return Math.max(0, far - this.#drawnIn);
  }
}
