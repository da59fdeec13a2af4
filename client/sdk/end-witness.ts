/** Once the end of a room is kept on this device, the room may know it: see `#protocol/message.ts`. */
import type { WitnessKeeper } from "./witness-keeper.ts";

export interface EndWitnessSetup {
  readonly keeper: WitnessKeeper;
  /** Whether the room has ended, and we have a seat in it. */
  readonly due: () => boolean;
  readonly connected: () => boolean;
  readonly send: (witness: Uint8Array) => void;
}

export class EndWitness {
  readonly #setup: EndWitnessSetup;
  /** On this connection. */
  #presented: Uint8Array | undefined;

  constructor(setup: EndWitnessSetup) {
    this.#setup = setup;
  }

  present(): void {
    const { keeper, due, connected, send } = this.#setup;
    if (!due()) return;
    void keeper
      .settled()
      .then(() => keeper.newest())
      .then((witness) => {
        if (witness === undefined || witness === this.#presented || !connected()) return;
        this.#presented = witness;
        send(witness);
      });
  }

  /** Another connection has been told nothing yet. */
  reconnected(): void {
    this.#presented = undefined;
  }
}
