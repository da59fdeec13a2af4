/** Counts what a transport carries, for `room.figures`. */
import type { Connection, Transport } from "./transport.ts";

export interface Traffic {
  /** Envelopes. */
  readonly messages: number;
  readonly bytes: number;
}

export class CountedTransport implements Transport {
  readonly #transport: Transport;
  #received: Traffic = { messages: 0, bytes: 0 };
  #sent: Traffic = { messages: 0, bytes: 0 };

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get received(): Traffic {
    return this.#received;
  }

  get sent(): Traffic {
    return this.#sent;
  }

  async open(...[room, receiver, signal]: Parameters<Transport["open"]>): Promise<Connection> {
    const counting = {
      bytes: (envelope: Uint8Array): void => {
        this.#received = more(this.#received, envelope);
        receiver.bytes(envelope);
      },
      closed: receiver.closed.bind(receiver),
    };
    const connection = await this.#transport.open(room, counting, signal);
    return {
      send: (envelope) => {
        this.#sent = more(this.#sent, envelope);
        connection.send(envelope);
      },
      close: () => connection.close(),
    };
  }
}

const more = ({ messages, bytes }: Traffic, { length }: Uint8Array): Traffic => ({
  messages: messages + 1,
  bytes: bytes + length,
});
