/**
 * Pings at a fixed pace, whatever else is said, so that they tell the host nothing; and notices a line on which nothing
 * comes back. Frames are counted, so a gateway that withholds anything also withholds the answer to the next ping.
 */
import type { Environment } from "./environment.ts";
import type { Timeouts } from "./join-options.ts";

export class Keepalive {
  readonly #environment: Environment;
  readonly #timeouts: Pick<Timeouts, "ping" | "pong">;
  readonly #ping: (at: number) => void;
  readonly #dead: () => void;
  #cancel: () => void = () => undefined;
  /** When the oldest ping without an answer was sent. */
  #unanswered: number | undefined;

  /** @param dead is called once, and the pings stop then. */
  constructor(
    environment: Environment,
    timeouts: Pick<Timeouts, "ping" | "pong">,
    ping: (at: number) => void,
    dead: () => void,
  ) {
    this.#environment = environment;
    this.#timeouts = timeouts;
    this.#ping = ping;
    this.#dead = dead;
  }

  start(): void {
    this.stop();
    this.#wait();
  }

  stop(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#unanswered = undefined;
  }

  /** Anything that came through the channel: it proves as much as a pong. */
  heard(): void {
    this.#unanswered = undefined;
  }

  #wait(): void {
    this.#cancel = this.#environment.after(this.#timeouts.ping, () => this.#beat());
  }

  #beat(): void {
    const now = this.#environment.now();
    if (this.#unanswered !== undefined && now - this.#unanswered >= this.#timeouts.pong) {
      this.stop();
      this.#dead();
      return;
    }
    this.#unanswered ??= now;
    this.#ping(Math.floor(now));
    this.#wait();
  }
}
