/** The ordinary transport, but its line can be cut, as by a train in a tunnel. */
import { colyseusTransport } from "../../client/sdk/colyseus-transport.ts";
import type { Connection, Receiver, Transport } from "../../client/sdk/transport.ts";

export class DroppingTransport implements Transport {
  readonly #carrier: Transport;
  #line: { readonly connection: Connection; readonly receiver: Receiver } | undefined;
  #dialledAt = 0;

  constructor(url: string) {
    this.#carrier = colyseusTransport(url);
  }

  /** When the newest line was asked for, by `performance.now()`. */
  get dialledAt(): number {
    return this.#dialledAt;
  }

  async open(...[room, receiver, signal]: Parameters<Transport["open"]>): Promise<Connection> {
    this.#dialledAt = performance.now();
    const connection = await this.#carrier.open(room, receiver, signal);
    this.#line = { connection, receiver };
    return connection;
  }

  /** Both ends learn that the line is gone. */
  drop(): void {
    this.#line?.connection.close();
    this.#line?.receiver.closed("unreachable");
  }
}
