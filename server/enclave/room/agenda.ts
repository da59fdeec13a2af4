/** What waits for a room's next boundary: inputs in the order in which they came, and whether somebody must be told something. */
import { inputLength } from "./boundary-codec.ts";
import type { RoomInput } from "./inputs.ts";

/** Bytes of the inputs of one boundary: with input rows they fit into one record, whoever has crowded them together. */
const lengthMax = 2.5 * 1024 * 1024;

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

  /** Those that fit into one boundary; the others wait for the next. */
  take(): readonly RoomInput[] {
    const inputs = this.#inputs;
    let length = 0;
    const fit = inputs.findIndex((input, i) => (length += inputLength(input)) > lengthMax && i > 0);
    this.#inputs = fit === -1 ? [] : inputs.slice(fit);
    return fit === -1 ? inputs : inputs.slice(0, fit);
  }
}
