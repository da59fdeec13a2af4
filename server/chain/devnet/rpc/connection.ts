/** Who is connected, and what it hears of: notifications wait until the answer that announces them has been sent. */
import { randomBytes } from "node:crypto";
import { subscriptionsMax } from "../limits.ts";
import { limitReached } from "./errors.ts";

export type Notify = (result: unknown) => void;

export class Connection {
  readonly #send: (message: unknown) => void;
  readonly #ends = new Map<string, () => void>();
  /** While a message of this connection is answered. */
  #held: unknown[] | undefined;

  constructor(send: (message: unknown) => void) {
    this.#send = send;
  }

  /**
   * @param method that its notifications are called. @param begin returns what ends it.
   * @returns its id. @throws RpcError if there are too many.
   */
  subscribe(method: string, begin: (notify: Notify) => () => void): string {
    if (this.#ends.size >= subscriptionsMax) throw limitReached("too many subscriptions on this connection");
    const subscription = randomBytes(8).toString("hex");
    this.#ends.set(subscription, () => undefined);
    try {
      const end = begin((result) => {
        if (!this.#ends.has(subscription)) return;
        this.#notify({ jsonrpc: "2.0", method, params: { subscription, result } });
      });
      this.#ends.set(subscription, end);
    } catch (error) {
      this.#ends.delete(subscription);
      throw error;
    }
    return subscription;
  }

  /** @returns whether there was such a subscription. */
  unsubscribe(subscription: string): boolean {
    const end = this.#ends.get(subscription);
    this.#ends.delete(subscription);
    end?.();
    return end !== undefined;
  }

  /** Sends an answer, then what was said meanwhile. */
  answer(work: () => unknown): void {
    this.#held = [];
    try {
      const answer = work();
      if (answer !== undefined) this.#send(answer);
    } finally {
      const held = this.#held;
      this.#held = undefined;
      for (const message of held) this.#send(message);
    }
  }

  close(): void {
    for (const subscription of this.#ends.keys()) this.unsubscribe(subscription);
  }

  #notify(message: unknown): void {
    if (this.#held === undefined) this.#send(message);
    else this.#held.push(message);
  }
}
