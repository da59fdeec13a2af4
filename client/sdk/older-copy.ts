/** Whether the room that we are in is, or may be, an older copy of itself. No move of ours is sent to such a one. */
import { ClientError } from "./errors.ts";

/** So long an older copy of a room is taken for one that is about to be given up. */
const olderCopyMs = 30_000;

export interface OlderCopySetup {
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** Tries again elsewhere. */
  readonly drop: (error: ClientError) => void;
  /** Gives the room up. */
  readonly end: (error: ClientError) => void;
}

export class OlderCopy {
  readonly #setup: OlderCopySetup;
  /** In ms. */
  #since: number | undefined;

  constructor(setup: OlderCopySetup) {
    this.#setup = setup;
  }

  get suspected(): boolean {
    return this.#since !== undefined;
  }

  suspect(): void {
    this.#since ??= this.#setup.now();
  }

  /** It knows all that it has ever told us. */
  trust(): void {
    this.#since = undefined;
  }

  /** A worker that does not know yet that the room went on elsewhere learns it soon. One that never does lies. */
  leave(): void {
    const { now, drop, end } = this.#setup;
    const error = new ClientError("rolled-back", { detail: "the room has forgotten a move that it answered" });
    if (now() - (this.#since ?? now()) >= olderCopyMs) end(error);
    else drop(error);
  }
}
