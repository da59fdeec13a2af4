/** Tells the room which way one wants to go: when that changes, and not more often than it is worth. Pure. */
import { distance } from "../island/ground.ts";
import type { Push } from "../island/walk.ts";

/** Seconds between two words. */
const pause = 0.1;
/** Of a whole push: less is a thumb that trembles. */
const worthTelling = 0.04;

const still: Push = { x: 0, z: 0, run: false };

export class Steering {
  readonly #tell: (push: Push) => void;
  #told: Push = still;
  #since = pause;

  constructor(tell: (push: Push) => void) {
    this.#tell = tell;
  }

  advance(seconds: number, push: Push): void {
    this.#since += seconds;
    if (!differs(push, this.#told)) return;
    // Standing still is told at once: nobody wants to walk on.
    if (this.#since < pause && !isStill(push)) return;
    this.#since = 0;
    this.#told = push;
    this.#tell(push);
  }

  /** The room may know nothing any more of what it was told. */
  forget(): void {
    this.#told = still;
  }
}

const isStill = ({ x, z }: Push): boolean => x === 0 && z === 0;

const differs = (a: Push, b: Push): boolean =>
  isStill(a) !== isStill(b) || distance(a.x - b.x, a.z - b.z) > worthTelling || (a.run !== b.run && !isStill(a));
