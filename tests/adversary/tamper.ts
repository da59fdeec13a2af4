/**
 * The host's place to stand: between gateway and worker, where every envelope passes. Whatever a rule returns goes on
 * instead of the message; everything is kept for later.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";

export type Direction = "to-worker" | "to-gateway";

export interface Seen extends LinkMessage {
  readonly direction: Direction;
  /** Counts the frames of this seat in this direction, from 0; -1 for other messages. */
  readonly nth: number;
}

/** What goes on instead of `message`. A message may be sent to another seat, or the other way by `back`. */
export type Rule = (message: Seen, wire: TamperedLink) => readonly LinkMessage[];

export const passOn: Rule = (message) => [message];

export class TamperedLink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly seen: Seen[] = [];
  rule: Rule = passOn;
  #toWorker: Socket | undefined;
  #toGateway: Socket | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens where the gateway looks for the worker, and connects on to the real one. */
  static async open(path: string, workerPath: string): Promise<TamperedLink> {
    const server = createServer();
    const link = new TamperedLink(server);
    server.on("connection", (gateway) => link.#join(gateway, connect(workerPath)));
    server.listen(path);
    await once(server, "listening");
    return link;
  }

  /** Sends a message of our own making. */
  inject(direction: Direction, message: LinkMessage): void {
    const socket = direction === "to-worker" ? this.#toWorker : this.#toGateway;
    socket?.write(batchOf([message]));
  }

  /** Resolves once a message like this has passed, now or before. */
  async saw(fits: (message: Seen) => boolean): Promise<Seen> {
    for (;;) {
      const found = this.seen.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  readonly #watchers = new Set<() => void>();

  /** Cuts the link that is there; the gateway connects anew. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(gateway: Socket, worker: Socket): void {
    this.#toWorker = worker;
    this.#toGateway = gateway;
    this.#pipe(gateway, worker, "to-worker");
    this.#pipe(worker, gateway, "to-gateway");
  }

  #pipe(from: Socket, to: Socket, direction: Direction): void {
    this.#sockets.add(from);
    const reader = new LinkReader();
    const counts = new Map<number, number>();
    from.on("data", (chunk: Buffer) => {
      const out: LinkMessage[] = [];
      for (const { kind, seat, body } of reader.push(new Uint8Array(chunk))) {
        const nth = kind === linkKinds.frame ? (counts.get(seat) ?? 0) : -1;
        if (nth >= 0) counts.set(seat, nth + 1);
        const message: Seen = { direction, kind, seat, body: body.slice(), nth };
        this.seen.push(message);
        out.push(...this.rule(message, this));
      }
      if (out.length > 0) to.write(batchOf(out));
      for (const wake of this.#watchers) wake();
      this.#watchers.clear();
    });
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}

function batchOf(messages: readonly LinkMessage[]): Uint8Array {
  const writer = new LinkWriter();
  for (const { kind, seat, body } of messages) writer.put(kind as LinkKind, seat, body);
  return writer.take()!;
}
