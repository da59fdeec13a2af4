/**
 * A worse network than the one that is there, for development: delay, jitter, and losses as a player's browser sees them.
 *
 * Order is kept, as it is on a WebSocket: a packet that is lost is sent again, and until it is there everything behind it
 * waits. So a loss is a stall, and what was held up arrives at once.
 */
import { type Environment, realEnvironment } from "./environment.ts";
import type { Connection, Receiver, Transport } from "./transport.ts";

export interface NetworkConditions {
  /** One way, in ms. */
  readonly delayMs?: number;
  /** Up to so many ms more for each envelope, drawn anew. */
  readonly jitterMs?: number;
  /** The part of envelopes that are lost and sent again: 0 to 1. */
  readonly loss?: number;
  /** How long it takes until a lost one is there after all; default 200 ms, the least that TCP waits. */
  readonly stallMs?: number;
}

const stallDefaultMs = 200;

/** @param conditions both ways; they may be changed at any time. */
export function simulateNetwork(
  transport: Transport,
  conditions: NetworkConditions,
  environment: Pick<Environment, "now" | "after" | "jitter"> = realEnvironment(),
): Transport {
  return {
    async open(room, receiver, signal) {
      const down = new Way(conditions, environment);
      const up = new Way(conditions, environment);
      const slow: Receiver = {
        bytes: (envelope) => down.carry(() => receiver.bytes(envelope)),
        closed: (code) => down.carry(() => receiver.closed(code)),
      };
      const connection = await transport.open(room, slow, signal);
      return {
        send: (envelope) => {
          const kept = envelope.slice();
          up.carry(() => connection.send(kept));
        },
        close: () => {
          down.close();
          // What was said before the end still arrives.
          up.carry(() => connection.close());
        },
      } satisfies Connection;
    },
  };
}

/** One direction of one connection. */
class Way {
  readonly #conditions: NetworkConditions;
  readonly #environment: Pick<Environment, "now" | "after" | "jitter">;
  /** What is on its way, oldest first: timers of the same moment may strike in any order. */
  #carried: (() => void)[] = [];
  #newestAt = 0;

  constructor(conditions: NetworkConditions, environment: Pick<Environment, "now" | "after" | "jitter">) {
    this.#conditions = conditions;
    this.#environment = environment;
  }

  carry(deliver: () => void): void {
    const { delayMs = 0, jitterMs = 0, loss = 0, stallMs = stallDefaultMs } = this.#conditions;
    const { now, after, jitter } = this.#environment;
    const stall = jitter() < loss ? stallMs : 0;
    this.#newestAt = Math.max(this.#newestAt, now() + delayMs + jitter() * jitterMs + stall);
    this.#carried.push(deliver);
    after(this.#newestAt - now(), () => this.#carried.shift()?.());
  }

  close(): void {
    this.#carried = [];
  }
}
