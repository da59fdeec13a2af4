/** A tap on the wire between players and gateway: passes every byte on, and keeps it. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export class Wiretap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #chunks: Buffer[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(port: number): Promise<Wiretap> {
    const server = createServer();
    const tap = new Wiretap(server);
    server.on("connection", (player) => {
      const gateway = connect(port, "127.0.0.1");
      tap.#pipe(player, gateway);
      tap.#pipe(gateway, player);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return tap;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that passed. WebSocket payloads from players are masked on the wire; see `unmasked`. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pipe(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      to.write(chunk);
    });
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}
