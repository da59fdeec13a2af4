/** Gets back into a room: tries, pauses longer each time, and knows what is final. */
import type { Environment } from "./environment.ts";
import { ClientError, clientCodes, isAttestationCode } from "./errors.ts";
import type { Joined } from "./dialer.ts";
import type { Timeouts } from "./join-options.ts";

/** Longest first pause, in ms. Jitter spreads it, so that a restarted worker does not meet everybody at once. */
const pauseFirst = 500;

/**
 * Whether trying again makes no sense. What a room or gateway says has its own rule; a worker that was not believed
 * will not be believed a second later; silence and garbage are for trying again.
 */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof ClientError)) return true;
  if (isAttestationCode(error.code) || Object.hasOwn(clientCodes, error.code)) return true;
  return error.source !== "client" && !error.retry;
}

/** How long to wait before attempt `n` (0 is the first), in ms: doubling, with full jitter. */
export const pauseBefore = (attempt: number, pauseMax: number, jitter: number): number =>
  jitter * Math.min(pauseMax, pauseFirst * 2 ** Math.min(attempt, 30));

export class Reconnection {
  readonly #environment: Environment;
  readonly #timeouts: Pick<Timeouts, "pauseMax" | "giveUp">;
  readonly #dial: (signal: AbortSignal) => Promise<Joined>;
  readonly #cancelled = new AbortController();
  #attempt: number;
  #wake: () => void;
  /** The first attempt is made at once. */
  #hurried = false;

  /** @param attempts made since the room last held still; a room that falls over at once is not hurried. */
  constructor(
    environment: Environment,
    timeouts: Pick<Timeouts, "pauseMax" | "giveUp">,
    attempts: number,
    dial: (signal: AbortSignal) => Promise<Joined>,
  ) {
    this.#environment = environment;
    this.#timeouts = timeouts;
    this.#attempt = attempts;
    this.#dial = dial;
    this.#wake = () => {
      this.#hurried = true;
    };
  }

  /** Attempts so far, those before included. */
  get attempts(): number {
    return this.#attempt;
  }

  /** Undefined once cancelled. @throws ClientError that is final; "unreachable" after `giveUp`. */
  async run(): Promise<Joined | undefined> {
    const deadline = this.#environment.now() + this.#timeouts.giveUp;
    while (!this.#cancelled.signal.aborted) {
      await this.#pause();
      try {
        const joined = await this.#tryOnce();
        if (!this.#cancelled.signal.aborted) return joined;
        joined.session.close();
      } catch (error) {
        if (this.#cancelled.signal.aborted) return undefined;
        if (isFinal(error)) throw error;
        if (this.#environment.now() >= deadline) throw new ClientError("unreachable", { cause: error });
      }
    }
    return undefined;
  }

  /** Ends the current pause, or the first one before it begins. */
  hurry(): void {
    this.#wake();
  }

  cancel(): void {
    this.#cancelled.abort();
    this.#wake();
  }

  async #tryOnce(): Promise<Joined> {
    try {
      return await this.#dial(this.#cancelled.signal);
    } catch (error) {
      // The ticket is spent, so what follows is the full handshake: nothing to wait for.
      if (error instanceof ClientError && error.code === "resumption-refused")
        return this.#dial(this.#cancelled.signal);
      throw error;
    }
  }

  async #pause(): Promise<void> {
    if (this.#hurried) {
      this.#hurried = false;
      return;
    }
    const ms = pauseBefore(this.#attempt++, this.#timeouts.pauseMax, this.#environment.jitter());
    await new Promise<void>((resolve) => {
      const cancel = this.#environment.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
