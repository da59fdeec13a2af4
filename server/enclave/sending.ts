/** When what a worker says leaves: after its rooms were stepped, and otherwise in one batch for each turn of the event loop. */
import type { LinkKind } from "#protocol/link.ts";
import type { LinkConnection } from "./link-server.ts";

export interface SendingSetup {
  /** Those that are open. */
  readonly links: () => Iterable<Pick<LinkConnection, "put">>;
  /** Sends what waits. */
  readonly flush: () => void;
}

export class Sending {
  readonly #setup: SendingSetup;
  #isSoon = false;

  constructor(setup: SendingSetup) {
    this.#setup = setup;
  }

  now(): void {
    this.#setup.flush();
  }

  /** Once everything is said that this turn of the event loop wants to say. */
  soon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    setImmediate(() => {
      this.#isSoon = false;
      this.now();
    });
  }

  /** Says something to every gateway, soon. */
  broadcast(kind: LinkKind, body: Uint8Array): void {
    for (const link of this.#setup.links()) link.put(kind, 0, body);
    this.soon();
  }
}
