/** What waits for a room's next boundary: inputs in the order in which they came, and whether somebody must be told something. */
import type { RoomInput } from "./inputs.ts";

export class Agenda {
  #inputs: RoomInput[] = [];
  #restless = false;

  get empty(): boolean {
    return this.#inputs.length === 0;
  }

  /** Whether somebody must be told something, also if nothing is to be applied. */
  get restless(): boolean {
    return this.#restless;
  }

  push(input: RoomInput): void {
    this.#inputs.push(input);
  }

  stir(): void {
    this.#restless = true;
  }

  /** The boundary is here: whoever waits for it is told at its end. */
  settle(): void {
    this.#restless = false;
  }

  take(): readonly RoomInput[] {
    const inputs = this.#inputs;
    this.#inputs = [];
    return inputs;
  }
}
