/** One attempt to get into a room: connect, prove, and hear what the room says first. */
import type { AdmittedMessage, AuthMessage, FrozenReason, UpdateMessage } from "#protocol/message.ts";
import type { Environment } from "./environment.ts";
import { asClientError, ClientError } from "./errors.ts";
import { greet, type Parties, resume, type Ticket } from "./handshake.ts";
import type { JoinOptions, JoinStep, Timeouts } from "./join-options.ts";
import { Line } from "./line.ts";
import { Session } from "./session.ts";
import { examine, type Expected, type Shield } from "./shield.ts";
import { Showing } from "./showing.ts";
import type { Transport } from "./transport.ts";
import type { WitnessKeeper } from "./witness-keeper.ts";

/** A seat in a room, or a place to watch from. */
export interface Joined {
  readonly session: Session;
  readonly admitted: AdmittedMessage;
  readonly first: UpdateMessage;
  /** Why the room is frozen; null if it is not. */
  readonly frozen: FrozenReason | null;
  /** Of this handshake; undefined after a resumption, which continues what was verified before. */
  readonly shield: Shield | undefined;
}

export interface DialerOptions {
  readonly environment: Environment;
  readonly transport: Transport;
  readonly timeouts: Timeouts;
  readonly expected: Expected;
  readonly loopback: boolean;
  readonly join: JoinOptions;
  /** What this player remembers of the room. */
  readonly keeper: WitnessKeeper;
}

export class Dialer {
  readonly #options: DialerOptions;
  /** What earlier attempts taught: the room is locked by now. */
  #joinedBefore = false;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /**
   * @param takeTicket is asked once the connection is open, and the ticket is spent then.
   * @throws ClientError, or the signal's reason. The connection is closed; a worker that was not believed was told nothing.
   */
  async dial(takeTicket: () => Ticket | undefined, signal?: AbortSignal): Promise<Joined> {
    const { environment, transport, timeouts, expected } = this.#options;
    this.#tell("reaching");
    const line = await Line.open(transport, expected.room, { environment, openMs: timeouts.open, signal });
    return this.#begin(line, signal, () => {
      const ticket = takeTicket();
      return ticket === undefined ? this.#greet(line) : this.#resume(line, ticket);
    });
  }

  /** Greets whoever has the room now, on the line to the one who had it: that one's evidence says nothing about this one. */
  follow(line: Line, signal?: AbortSignal): Promise<Joined> {
    return this.#begin(line, signal, () => this.#greet(line));
  }

  async #begin(line: Line, signal: AbortSignal | undefined, talk: () => Promise<Joined>): Promise<Joined> {
    const abort = (): void => line.fail(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      signal?.throwIfAborted();
      const joined = await talk();
      signal?.throwIfAborted();
      this.#joinedBefore = true;
      return joined;
    } catch (error) {
      line.close();
      // The room itself says so; a gateway's word would not do.
      if (error instanceof ClientError && error.code === "witness-refused" && error.source === "room") {
        await this.#options.keeper.forget();
      }
      throw asClientError(error);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async #greet(line: Line): Promise<Joined> {
    const { environment, expected, loopback, join } = this.#options;
    this.#tell("checking");
    const { channel, presented } = await greet(line, this.#parties);
    const shield = await examine(presented, expected, {
      policy: join.policy,
      loopback,
      evaluations: environment.evaluations,
      now: environment.wallTime(),
      origin: environment.origin,
      verify: environment.verify,
    });
    this.#tell("joining");
    const session = new Session(line, channel);
    session.send(await this.#auth(channel.hash));
    return { session, shield, ...(await this.#hear(session)) };
  }

  async #resume(line: Line, ticket: Ticket): Promise<Joined> {
    const session = new Session(line, await resume(line, this.#parties, ticket));
    // A room believes a resumption once a frame has come under its keys: any frame.
    const witness = await this.#options.keeper.newest();
    session.send(witness === undefined ? { type: "ping", at: 0 } : { type: "witness", witness });
    return { session, shield: undefined, ...(await this.#hear(session)) };
  }

  #tell(step: JoinStep): void {
    if (!this.#joinedBefore) this.#options.join.onStep?.(step);
  }

  /** What a room says first: who we are, then how things stand. */
  async #hear(session: Session): Promise<Pick<Joined, "admitted" | "first" | "frozen">> {
    const { timeouts, keeper } = this.#options;
    let admitted: AdmittedMessage | undefined;
    let frozen: FrozenReason | null = null;
    let handed = false;
    const showing = new Showing({ keeper, admitted: () => admitted, send: (message) => session.send(message) });
    for (;;) {
      const message = await session.next(timeouts.answer);
      if (message.type === "admitted" && admitted === undefined) {
        admitted = message;
        if (handed) showing.show();
      } else if (message.type === "update" && admitted !== undefined) return { admitted, first: message, frozen };
      else if (message.type === "frozen") frozen = message.reason;
      else if (message.type === "witness") {
        keeper.take(message.witness);
        handed = true;
        showing.show();
      }
      // What was said to prove that we are here is answered at once, and being let in may wait for the store.
      else if (message.type !== "pong") throw new ClientError("malformed", { detail: `${message.type} at first` });
    }
  }

  async #auth(handshakeHash: Uint8Array): Promise<AuthMessage> {
    const { environment, expected, join, keeper } = this.#options;
    const witness = await keeper.newest();
    const credentials = await join.account.authenticate(handshakeHash, expected.world, expected.room);
    return {
      type: "auth",
      ...credentials,
      entropy: environment.randomBytes(32),
      want: join.want ?? "play",
      name: join.name ?? "",
      ...(join.invite === undefined ? {} : { invite: join.invite }),
      ...(join.lock === true && !this.#joinedBefore ? { lock: true } : {}),
      ...(witness === undefined ? {} : { witness }),
      // It is good once.
      ...(join.ticket === undefined || this.#joinedBefore ? {} : { ticket: join.ticket }),
    };
  }

  get #parties(): Parties {
    const { environment, expected, timeouts } = this.#options;
    return { world: expected.world, room: expected.room, suite: environment.suite, answerMs: timeouts.answer };
  }
}
