/**
 * The enclave's one listening socket: gateways connect here, and nobody else has to be believed less than they are.
 *
 * A gateway is untrusted. It gets a seat space of its own, bounded queues both ways, and is cut off when it sends what
 * cannot be read, stops reading or falls silent. Frames leave when the worker calls `flush`, so that their timing is
 * the boundary's and not the computation's.
 */
import { lstat, unlink } from "node:fs/promises";
import { createServer, connect, type Server, type Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { formatLinkAddress, type LinkAddress } from "#protocol/link-address.ts";
import { linkBatchMax, linkMessageMax } from "#protocol/limits.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";

/** Why a connection ended. "malformed", "slow" and "silent" are the gateway's fault and worth a log line. */
export type LinkEnd = "closed" | "malformed" | "slow" | "silent" | "stopped";

export interface LinkConnection {
  /** Counts up from 1 in one worker; two gateways may use the same seat numbers. */
  readonly id: number;
  readonly open: boolean;
  /** So much waits for the gateway that what is fresh had better be said later, and fresher. */
  readonly full: boolean;
  /**
   * Adds a message to the batch that `flush` will send. Nothing happens once the connection is closed.
   *
   * @throws ProtocolError "too-long" if the body exceeds `linkMessageMax`.
   */
  put(kind: LinkKind, seat: number, body: Uint8Array): void;
  flush(): void;
  /**
   * Sends messages now, in a batch of their own, so that frames never leave before their boundary. `done` is called once
   * the system has taken them; never, if the connection is closed.
   *
   * @throws ProtocolError "too-long" if they do not fit one batch.
   */
  sendApart(kind: LinkKind, bodies: readonly Uint8Array[], done: () => void): void;
  /** Sends what waits, then closes. */
  close(): void;
}

export interface LinkHandlers {
  onOpen?(connection: LinkConnection): void;
  /** What a ping is answered with; default: nothing. */
  pulse?(): Uint8Array;
  /** In order. The body is a view of a larger buffer: copy what is kept. Pings are answered here and not passed on. */
  onMessage(connection: LinkConnection, message: LinkMessage): void;
  /** Once per connection; none of its messages follow. */
  onClose?(connection: LinkConnection, end: LinkEnd): void;
}

export interface LinkLimits {
  /** Bytes that may wait for a gateway that reads too slowly: four full batches, a few seconds of a full worker. */
  readonly outgoingMax: number;
  /** From so many bytes on that wait, its connection is full: beyond what the system holds, a third of what a thousand are told at a tick. */
  readonly fullFrom: number;
  /** Gateways at once: one in use, one taking over from it, and room to scale out. */
  readonly connectionsMax: number;
  /** Gateways ping every two seconds; one that says nothing for so long has gone without closing. */
  readonly silentMs: number;
}

export const linkLimits: LinkLimits = {
  outgoingMax: 4 * linkBatchMax,
  fullFrom: 128 * 1024,
  connectionsMax: 16,
  silentMs: 20_000,
};

/** Sockets are for their user only. */
export const socketMask = 0o177;

/** How long last words may take to leave when the worker stops: a gateway that reads needs a few milliseconds. */
const farewellMs = 1000;

export interface LinkServer {
  /** The address in use: with the real port where port 0 was asked for. */
  readonly address: string;
  readonly connections: ReadonlySet<LinkConnection>;
  /** Sends every connection's batch. */
  flush(): void;
  /** Stops listening, sends what waits and closes every connection. */
  close(): Promise<void>;
}

/**
 * Listens. A Unix socket is made with mode 0600, after removing one that a dead worker left behind.
 *
 * @throws the system's error, with its `code`: EADDRINUSE if a live process listens there or the path is another file.
 */
export async function listenLink(
  address: LinkAddress,
  handlers: LinkHandlers,
  limits: LinkLimits = linkLimits,
): Promise<LinkServer> {
  const connections = new Set<Connection>();
  const sockets = new Set<Socket>();
  let lastId = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const connection = new Connection((lastId += 1), socket, handlers, limits, () => connections.delete(connection));
    connections.add(connection);
    connection.start();
  });
  server.maxConnections = limits.connectionsMax;
  if (address.kind === "socket") await removeStale(address.path);
  await listen(server, address);
  return {
    address: formatLinkAddress(actualAddress(server, address)),
    connections,
    flush() {
      for (const connection of connections) connection.flush();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.finish("stopped");
      const impatience = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, farewellMs);
      await closed;
      clearTimeout(impatience);
    },
  };
}

class Connection implements LinkConnection {
  readonly id: number;
  readonly #socket: Socket;
  readonly #handlers: LinkHandlers;
  readonly #limits: LinkLimits;
  readonly #onEnd: () => void;
  readonly #reader = new LinkReader();
  readonly #writer = new LinkWriter();
  #open = true;

  constructor(id: number, socket: Socket, handlers: LinkHandlers, limits: LinkLimits, onEnd: () => void) {
    this.id = id;
    this.#socket = socket;
    this.#handlers = handlers;
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  get open(): boolean {
    return this.#open;
  }

  get full(): boolean {
    return this.#socket.writableLength >= this.#limits.fullFrom;
  }

  start(): void {
    this.#socket.setNoDelay(true);
    this.#socket.setTimeout(this.#limits.silentMs, () => this.end("silent"));
    this.#socket.on("data", (chunk) => this.#read(chunk));
    // An error is always followed by "close", which ends the connection.
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.end("closed"));
    this.#handlers.onOpen?.(this);
  }

  put(kind: LinkKind, seat: number, body: Uint8Array): void {
    if (!this.#open) return;
    // One boundary may hold more than one batch: the full one goes first.
    if (this.#writer.length + linkMessageMax > linkBatchMax) this.flush();
    if (this.#open) this.#writer.put(kind, seat, body);
  }

  flush(): void {
    const batch = this.#writer.take();
    if (batch !== undefined) this.#write(batch, () => this.#writer.giveBack(batch));
  }

  sendApart(kind: LinkKind, bodies: readonly Uint8Array[], done: () => void): void {
    this.#write(batchOf(kind, bodies), done);
  }

  close(): void {
    this.finish("closed");
  }

  /** Sends what waits, then closes. */
  finish(end: LinkEnd): void {
    this.flush();
    if (!this.#open) return;
    this.#leave(end);
    this.#socket.end(() => this.#socket.destroy());
  }

  /** Closes at once; what waits is lost. */
  end(end: LinkEnd): void {
    this.#socket.destroy();
    if (this.#open) this.#leave(end);
  }

  #leave(end: LinkEnd): void {
    this.#open = false;
    this.#onEnd();
    this.#handlers.onClose?.(this, end);
  }

  #read(chunk: Buffer): void {
    let messages: LinkMessage[];
    try {
      // Not a Buffer: its `slice` is a view where everybody else's is a copy.
      messages = this.#reader.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    } catch {
      this.end("malformed");
      return;
    }
    for (const message of messages) {
      if (!this.#open) return;
      if (message.kind === linkKinds.ping) this.#answerPing();
      else this.#handlers.onMessage(this, message);
    }
  }

  /** In a batch of its own, so that a ping never makes frames leave before their boundary. */
  #answerPing(): void {
    this.#write(batchOf(linkKinds.pong, [this.#handlers.pulse?.() ?? nothing]));
  }

  #write(batch: Uint8Array, done?: () => void): void {
    if (!this.#open) return;
    if (this.#socket.writableLength + batch.length > this.#limits.outgoingMax) {
      this.end("slow");
      return;
    }
    this.#socket.write(batch, (error) => {
      if (error === null || error === undefined) done?.();
    });
  }
}

const nothing = new Uint8Array(0);

function batchOf(kind: LinkKind, bodies: readonly Uint8Array[]): Uint8Array {
  const writer = new LinkWriter();
  for (const body of bodies) writer.put(kind, 0, body);
  return writer.take()!;
}

/** Removes a socket file nobody listens on. Anything else stays, and listening fails with EADDRINUSE. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isSocket()) return;
  if (!(await isAnswered(path))) await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}

function listen(server: Server, address: LinkAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    if (address.kind === "tcp") {
      server.listen(address.port, address.host);
      return;
    }
    try {
      privately(() => server.listen(address.path));
    } catch (error) {
      reject(error as Error);
    }
  });
}

/**
 * The file appears inside `listen`; a mode set afterwards would leave a moment in which others may connect. Only a process's
 * first thread may say with which mode: it has done so for good where others listen.
 */
function privately(work: () => void): void {
  if (!isMainThread) {
    if ((process.umask() & socketMask) !== socketMask) throw new Error("others could connect to this thread");
    return work();
  }
  const umask = process.umask(socketMask);
  try {
    work();
  } finally {
    process.umask(umask);
  }
}

function actualAddress(server: Server, asked: LinkAddress): LinkAddress {
  const actual = server.address();
  if (asked.kind === "socket" || actual === null || typeof actual === "string") return asked;
  return { ...asked, port: actual.port };
}
