/**
 * Once what a room handed out is kept on this device, the room may know it. A room that waits for everybody tells nobody what
 * came of a move before.
 */
import type { AdmittedMessage, WitnessMessage } from "#protocol/message.ts";
import type { WitnessKeeper } from "./witness-keeper.ts";

export interface ShowingSetup {
  readonly keeper: Pick<WitnessKeeper, "settled" | "newest">;
  /** Undefined until we are in. */
  readonly admitted: () => Pick<AdmittedMessage, "presence" | "seat"> | undefined;
  readonly send: (message: WitnessMessage) => void;
}

export class Showing {
  readonly #setup: ShowingSetup;
  /** On this connection. */
  #shown: Uint8Array | undefined;

  constructor(setup: ShowingSetup) {
    this.#setup = setup;
  }

  /** The room has handed something out: shows it, if it has to be shown. */
  show(): void {
    if (!this.#due) return;
    const { keeper, send } = this.#setup;
    void keeper
      .settled()
      .then(() => keeper.newest())
      .then((witness) => {
        if (witness === undefined || witness === this.#shown || !this.#due) return;
        this.#shown = witness;
        send({ type: "witness", witness });
      });
  }

  /** Another connection has been shown nothing yet. */
  reconnected(): void {
    this.#shown = undefined;
  }

  get #due(): boolean {
    const admitted = this.#setup.admitted();
    return admitted?.presence === "all" && admitted.seat !== null;
  }
}
