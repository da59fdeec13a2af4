/** One connection to a worker: one batch out every few milliseconds, messages in, and a pulse. */
import { connect, type Socket } from "node:net";
import type { LinkAddress } from "#protocol/link-address.ts";
import { linkBatchMax, linkMessageMax } from "#protocol/limits.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";
import type { LossReason } from "./log.ts";

export interface LinkTimes {
  /** Between pings. */
  readonly pingMs: number;
  /** A worker that says nothing while so many pings go out is lost. Counted, because our own clock may have stood still. */
  readonly silentPings: number;
  /** Between attempts to connect, the first time; twice as long each time, up to `retryMaxMs`. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** How long a worker may take to make a room. */
  readonly createMs: number;
  /**
   * Between two batches: what many clients say meanwhile goes together, which costs two processes one waking up instead of
   * many. The worker applies nothing before its next boundary anyway.
   */
  readonly gatherMs: number;
}

export const linkTimes: LinkTimes = {
  pingMs: 2000,
  silentPings: 5,
  retryMs: 50,
  retryMaxMs: 250,
  createMs: 10_000,
  gatherMs: 8,
};

export interface LinkSocketHandlers {
  /** In order. The body is a view: copy what is kept. */
  message(message: LinkMessage): void;
  /** What a ping was answered with. A view, as above. */
  pulse(body: Uint8Array): void;
  /** The worker reads too slowly, or has caught up. */
  held(held: boolean): void;
  /** Once; nothing follows. */
  end(reason: LossReason): void;
}

/** Bytes waiting for the worker from which on clients are not read: a tenth of a second of full load. */
const heldFrom = 1024 * 1024;

const nothing = new Uint8Array(0);

/** Bytes that may wait in all. With clients held, only what was already read can come on top. */
const waitingMax = 4 * linkBatchMax;

export class LinkSocket {
  readonly #handlers: LinkSocketHandlers;
  readonly #times: LinkTimes;
  readonly #socket: Socket;
  readonly #reader = new LinkReader();
  readonly #writer = new LinkWriter();
  #flushing = false;
  /** Monotonic, in ms. */
  #flushedAt = Number.NEGATIVE_INFINITY;
  #held = false;
  #ended = false;
  #pulse: NodeJS.Timeout | undefined;
  #unanswered = 0;

  constructor(address: LinkAddress, handlers: LinkSocketHandlers, times: LinkTimes) {
    this.#handlers = handlers;
    this.#times = times;
    this.#socket =
      address.kind === "socket" ? connect(address.path) : connect({ host: address.host, port: address.port });
    this.#socket.setNoDelay(true);
    this.#socket.on("connect", () => this.#beat());
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("drain", () => this.#hold(false));
    // An error is always followed by "close".
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.end("closed"));
  }

  get held(): boolean {
    return this.#held;
  }

  put(kind: LinkKind, seat: number, body: Uint8Array): void {
    if (this.#ended) return;
    if (this.#writer.length + linkMessageMax > linkBatchMax) this.#flush();
    this.#writer.put(kind, seat, body);
    this.#flushSoon();
  }

  /** At the end of this turn of the event loop, unless the last batch has only just left. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    const flush = (): void => {
      this.#flushing = false;
      this.#flush();
    };
    const waitMs = this.#flushedAt + this.#times.gatherMs - performance.now();
    if (waitMs <= 0) setImmediate(flush);
    else setTimeout(flush, waitMs);
  }

  /**
   * Messages in a batch of their own, now. `done` is called once the system has taken them; never, if the connection has
   * ended. They count as little that waits: whoever sends the next ones waits for `done`.
   */
  sendApart(kind: LinkKind, bodies: readonly Uint8Array[], done: () => void): void {
    if (this.#ended) return;
    const writer = new LinkWriter();
    for (const body of bodies) writer.put(kind, 0, body);
    this.#socket.write(writer.take()!, (error) => {
      if (error === null || error === undefined) done();
    });
  }

  /** Closes at once; what waits is lost. */
  end(reason: LossReason): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#pulse);
    this.#socket.destroy();
    this.#handlers.end(reason);
  }

  #flush(): void {
    const batch = this.#writer.take();
    if (batch === undefined || this.#ended) return;
    if (this.#socket.writableLength + batch.length > waitingMax) return this.end("full");
    this.#flushedAt = performance.now();
    this.#socket.write(batch, () => this.#writer.giveBack(batch));
    if (this.#socket.writableLength > heldFrom) this.#hold(true);
  }

  #hold(held: boolean): void {
    if (this.#held === held || this.#ended) return;
    this.#held = held;
    this.#handlers.held(held);
  }

  #read(chunk: Buffer): void {
    this.#unanswered = 0;
    let messages: LinkMessage[];
    try {
      // Not a Buffer: its `slice` is a view where everybody else's is a copy.
      messages = this.#reader.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    } catch {
      return this.end("malformed");
    }
    for (const message of messages) {
      if (this.#ended) return;
      if (message.kind === linkKinds.pong) this.#handlers.pulse(message.body);
      else this.#handlers.message(message);
    }
  }

  #beat(): void {
    this.#pulse = setInterval(() => {
      if (this.#unanswered === this.#times.silentPings) return this.end("silent");
      this.#unanswered += 1;
      this.put(linkKinds.ping, 0, nothing);
    }, this.#times.pingMs);
  }
}
