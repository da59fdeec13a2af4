/** Fingers and a mouse on the picture: one drag looks around, two pinch. Pure: listeners call it. */

export interface LookChange {
  /** Radians. */
  readonly right: number;
  readonly down: number;
  /** Factor of the distance. */
  readonly zoom: number;
}

const radiansPerPixel = 0.0052;

interface Pointer {
  x: number;
  y: number;
}

export class Drag {
  readonly #pointers = new Map<number, Pointer>();

  press(id: number, x: number, y: number): void {
    // A third finger means nothing.
    if (this.#pointers.size < 2) this.#pointers.set(id, { x, y });
  }

  release(id: number): void {
    this.#pointers.delete(id);
  }

  move(id: number, x: number, y: number): LookChange | undefined {
    const pointer = this.#pointers.get(id);
    if (pointer === undefined) return undefined;
    const before = this.#spread();
    const [dx, dy] = [x - pointer.x, y - pointer.y];
    pointer.x = x;
    pointer.y = y;
    if (before === undefined) return { right: dx * radiansPerPixel, down: dy * radiansPerPixel, zoom: 1 };
    return { right: 0, down: 0, zoom: before / Math.max(1, this.#spread()!) };
  }

  /** How far two fingers are apart. */
  #spread(): number | undefined {
    const [a, b] = this.#pointers.values();
    return a === undefined || b === undefined ? undefined : Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  }
}

/** A wheel's notches as a factor. */
export const wheelZoom = (deltaY: number): number => Math.exp(Math.max(-1, Math.min(1, deltaY / 500)));
