/** What the sandbox hands a bundle. Imported first, so that no module of the author's ever sees it. */

export interface GuestHost {
  /** [msgpack of one call], then whatever a longer one left. */
  readonly input: Uint8Array;
  /** [msgpack of one answer] */
  readonly output: Uint8Array;
  /**
   * Memory of the component tables, zeros when a room opens. There once the contract has been described, if it declares
   * any.
   */
  readonly tables?: Uint8Array;
  /** Where `Math.random` draws from. */
  drawFrom(source: () => number): void;
  /** Set by the bundle: answers the call in `input` and returns how many bytes of `output` the answer takes. */
  answer?: () => number;
}

const globals = globalThis as unknown as { phatroomHost?: GuestHost };

/** Undefined where there is no sandbox. */
export const guestHost = globals.phatroomHost;

delete globals.phatroomHost;
