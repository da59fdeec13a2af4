/**
 * Ways out of the enclave: streams of bytes through a gateway to a server that was named. A gateway can withhold and
 * disturb them, and what goes through is TLS, so it can do no more.
 */
import { Duplex } from "node:stream";
import { ProtocolError } from "#protocol/errors.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { decodeTunnelled, encodeTunnel, tunnelChunkMax, type TunnelMessage } from "#protocol/tunnel.ts";

/** A gateway's link; a `LinkConnection` is one. */
export interface TunnelLink {
  put(kind: LinkKind, seat: number, body: Uint8Array): void;
}

/** What may come back through one tunnel: the longest answer, its headers, and what TLS says besides. */
const receivedMax = 128 * 1024;

export class Tunnels {
  readonly #links = new Set<TunnelLink>();
  readonly #open = new Map<number, Tunnel>();
  readonly #flush: () => void;
  #last = 0;

  /** @param flush what was put may leave, soon: not now, because frames of rooms may wait for the end of their boundary. */
  constructor(flush: () => void) {
    this.#flush = flush;
  }

  attach(link: TunnelLink): void {
    this.#links.add(link);
  }

  detach(link: TunnelLink): void {
    this.#links.delete(link);
    for (const tunnel of this.#open.values()) if (tunnel.link === link) tunnel.stop();
  }

  /** One `tunnelled` message. What belongs to no tunnel of this gateway is dropped. @throws ProtocolError "malformed". */
  receive(link: TunnelLink, number: number, body: Uint8Array): void {
    const message = decodeTunnelled(body);
    const tunnel = this.#open.get(number);
    if (tunnel?.link === link) tunnel.hear(message);
  }

  /**
   * A stream to this server, by any gateway. It ends with an error if the gateway does not carry it there.
   *
   * @throws ProtocolError "worker-lost" if there is no gateway.
   */
  open(host: string, port: number): Duplex {
    const [link] = this.#links;
    if (link === undefined) throw new ProtocolError("worker-lost", "no gateway to go through");
    const number = (this.#last = (this.#last % 0xffff_ffff) + 1);
    const say = (message: TunnelMessage): void => {
      link.put(linkKinds.tunnel, number, encodeTunnel(message));
      this.#flush();
    };
    const tunnel = new Tunnel(link, say, () => this.#open.delete(number));
    this.#open.set(number, tunnel);
    say({ is: "open", host, port });
    return tunnel;
  }
}

class Tunnel extends Duplex {
  readonly link: TunnelLink;
  readonly #say: (message: TunnelMessage) => void;
  readonly #gone: () => void;
  #received = 0;
  #ended = false;

  constructor(link: TunnelLink, say: (message: TunnelMessage) => void, gone: () => void) {
    super({ allowHalfOpen: false });
    this.link = link;
    this.#say = say;
    this.#gone = gone;
  }

  hear(message: TunnelMessage): void {
    if (this.#ended) return;
    if (message.is !== "data") {
      this.#ended = true;
      this.push(null);
      return;
    }
    this.#received += message.bytes.length;
    if (this.#received > receivedMax) this.destroy(new Error("more than an answer"));
    else this.push(message.bytes.slice());
  }

  stop(): void {
    this.#ended = true;
    this.destroy(new Error("the gateway is gone"));
  }

  /** Everything is pushed as it comes: it is bounded. */
  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    for (let at = 0; at < chunk.length; at += tunnelChunkMax) {
      this.#say({ is: "data", bytes: chunk.subarray(at, at + tunnelChunkMax) });
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#gone();
    if (!this.#ended) this.#say({ is: "end" });
    done(error);
  }
}
