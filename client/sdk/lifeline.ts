/** Keeps a line to a room: pings it, notices when it is lost or silent, and gets back in. */
import type { ClientMessage } from "#protocol/message.ts";
import type { Dialer, Joined } from "./dialer.ts";
import type { Environment } from "./environment.ts";
import { ClientError } from "./errors.ts";
import type { Ticket } from "./handshake.ts";
import type { Timeouts } from "./join-options.ts";
import { Keepalive } from "./keepalive.ts";
import { isFinal, Reconnection } from "./reconnection.ts";
import type { Line } from "./line.ts";
import { goesOn, type RoomMessage, type Session } from "./session.ts";

export interface LifelineOptions {
  readonly environment: Environment;
  readonly timeouts: Timeouts;
  readonly dialer: Dialer;
}

export interface LifelineListener {
  message(message: RoomMessage): void;
  /** The line is lost; attempts to get back in have begun. */
  lost(): void;
  /** Back in. What comes next is told once this returns. */
  rejoined(joined: Joined): void;
  /** For good. Called at most once, and last. */
  ended(error: ClientError): void;
}

export class Lifeline {
  readonly #options: LifelineOptions;
  readonly #listener: LifelineListener;
  readonly #keepalive: Keepalive;
  /** Undefined while the line is lost, and at the end. */
  #session: Session | undefined;
  #ticket: Ticket | undefined;
  #reconnection: Reconnection | undefined;
  #ended = false;
  /** Attempts to get back in since the line last held for a while. */
  #attempts = 0;
  #joinedAt: number;

  constructor(options: LifelineOptions, session: Session, listener: LifelineListener) {
    const { environment, timeouts } = options;
    this.#options = options;
    this.#listener = listener;
    this.#session = session;
    this.#joinedAt = environment.now();
    this.#keepalive = new Keepalive(
      environment,
      timeouts,
      (at) => this.send({ type: "ping", at }),
      () => this.drop(new ClientError("unreachable", { detail: "no answer to a ping" })),
    );
  }

  /** Handshake hash of the channel, 32 bytes; undefined while there is none. */
  get channel(): Uint8Array | undefined {
    return this.#session?.hash;
  }

  /** Starts to hand over messages. Until then they wait. */
  start(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#keepalive.start();
    session.stream({
      message: (message) => {
        this.#keepalive.heard();
        this.#listener.message(message);
      },
      ended: (error) => {
        if (session === this.#session) this.drop(error);
      },
    });
  }

  /** Says it now or not at all: what has to survive a lost line is said again once back in. */
  send(message: ClientMessage): void {
    this.#session?.send(message);
  }

  /** Gives this line up. Gets back in unless the reason is final. */
  drop(reason: unknown): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    this.#keepalive.stop();
    const line = goesOn(reason) ? session.leave() : undefined;
    if (line === undefined) session.close();
    // While a channel lives, only what is said inside it counts: nobody vouches for a gateway's reasons.
    const hint = reason instanceof ClientError && reason.source === "gateway";
    if (!hint && isFinal(reason)) return this.end(reason);
    // Whoever has the room now knows no secret of the one before.
    this.#ticket = line === undefined ? session.ticket : undefined;
    const { environment, timeouts } = this.#options;
    // A room that falls over as soon as it is joined is not hurried.
    if (environment.now() - this.#joinedAt >= timeouts.pauseMax) this.#attempts = 0;
    this.#listener.lost();
    if (!this.#ended) void this.#reconnect(line);
    else line?.close();
  }

  /** Ends the current pause between two attempts. */
  retryNow(): void {
    this.#reconnection?.hurry();
  }

  /** Ends everything. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#keepalive.stop();
    this.#reconnection?.cancel();
    this.#session?.close();
    this.#session = undefined;
    this.#ticket = undefined;
    this.#listener.ended(
      reason instanceof ClientError
        ? reason
        : new ClientError("unreachable", { detail: "an error of ours", cause: reason }),
    );
  }

  /** @param open a line on which the room goes on, for the first attempt. */
  async #reconnect(open: Line | undefined): Promise<void> {
    const { environment, timeouts, dialer } = this.#options;
    let line = open;
    const dial = (signal: AbortSignal): Promise<Joined> => {
      if (line === undefined) return dialer.dial(() => this.#takeTicket(), signal);
      const followed = dialer.follow(line, signal);
      line = undefined;
      return followed;
    };
    const reconnection = new Reconnection(environment, timeouts, this.#attempts, dial);
    if (open !== undefined) reconnection.hurry();
    this.#reconnection = reconnection;
    try {
      const joined = await reconnection.run();
      this.#attempts = reconnection.attempts;
      this.#reconnection = undefined;
      if (joined !== undefined) this.#rejoin(joined);
    } catch (error) {
      this.end(error);
    }
  }

  /** Good once: whoever sees it used knows nothing, but the room has forgotten it by then. */
  #takeTicket(): Ticket | undefined {
    const ticket = this.#ticket;
    this.#ticket = undefined;
    return ticket;
  }

  #rejoin(joined: Joined): void {
    const { session } = joined;
    this.#session = session;
    this.#joinedAt = this.#options.environment.now();
    this.#listener.rejoined(joined);
    if (this.#session === session) this.start();
  }
}
