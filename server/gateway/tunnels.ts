/**
 * Carries bytes between a worker, which has no network, and servers that it names. The worker is another party's program:
 * what is inside of this host's own network is nobody's business but the host's, so only public addresses are reached.
 */
import { lookup } from "node:dns/promises";
import { BlockList, connect, isIPv6, type Socket } from "node:net";
import { ProtocolError } from "#protocol/errors.ts";
import { decodeTunnel, encodeTunnel, tunnelChunkMax, type Tunnelled } from "#protocol/tunnel.ts";

export interface TunnelsSetup {
  /** Says something to the worker. */
  readonly say: (tunnel: number, body: Uint8Array) => void;
  /** Whether to carry anything at all. */
  readonly allowed: boolean;
  /** Where names lead, on any port, in tests. Otherwise where the system's resolver says, if that is public, on port 443. */
  readonly resolve?: (host: string) => Promise<string>;
}

/** Of other machines nothing else is anybody's business here. */
const httpsPort = 443;

const limits = {
  /** At once. */
  tunnels: 64,
  /** A tunnel's life, in ms: a request and its answer, and then some. */
  lifeMs: 15_000,
  /** Bytes from the worker: the longest request, its headers, and what TLS says besides. */
  up: 64 * 1024,
  down: 256 * 1024,
} as const;

/** IANA "special-purpose address registries": everything that is not globally reachable. */
const inside = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  inside.addSubnet(network, prefix, "ipv4");

/** Global unicast is 2000::/3; of that, what leads to IPv4 or to nowhere is taken out. */
const outsideV6 = new BlockList();
outsideV6.addSubnet("2000::", 3, "ipv6");
const insideV6 = new BlockList();
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  insideV6.addSubnet(network, prefix, "ipv6");

/** Whether an address is one of the public network. */
export const isPublic = (address: string): boolean =>
  isIPv6(address)
    ? outsideV6.check(address, "ipv6") && !insideV6.check(address, "ipv6")
    : !inside.check(address, "ipv4");

export class Tunnels {
  readonly #setup: TunnelsSetup;
  readonly #open = new Map<number, Tunnel>();

  constructor(setup: TunnelsSetup) {
    this.#setup = setup;
  }

  get size(): number {
    return this.#open.size;
  }

  /** One `tunnel` message of the worker. @throws ProtocolError "malformed", "too-long". */
  receive(number: number, body: Uint8Array): void {
    const message = decodeTunnel(body);
    const tunnel = this.#open.get(number);
    if (message.is === "open") {
      if (tunnel !== undefined) throw new ProtocolError("malformed", "a tunnel twice");
      return this.#begin(number, message.host, message.port);
    }
    if (message.is === "data") tunnel?.send(message.bytes);
    else tunnel?.close();
  }

  /** The worker is gone. */
  close(): void {
    for (const tunnel of this.#open.values()) tunnel.close();
  }

  #begin(number: number, host: string, port: number): void {
    const say = (message: Tunnelled): void => this.#setup.say(number, encodeTunnel(message));
    const { allowed, resolve } = this.#setup;
    const isReached = allowed && (port === httpsPort || resolve !== undefined);
    if (!isReached || this.#open.size >= limits.tunnels) return say({ is: "end" });
    const tunnel = new Tunnel(say, () => this.#open.delete(number));
    this.#open.set(number, tunnel);
    void this.#connect(tunnel, host, port);
  }

  async #connect(tunnel: Tunnel, host: string, port: number): Promise<void> {
    const { resolve } = this.#setup;
    try {
      // The address that was looked at is the one that is connected to: a name may say something else the next time.
      const address = await (resolve?.(host) ?? publicAddressOf(host));
      tunnel.start(connect({ host: address, port }));
    } catch {
      tunnel.close();
    }
  }
}

async function publicAddressOf(host: string): Promise<string> {
  const { address } = await lookup(host);
  if (!isPublic(address)) throw new Error("not a public address");
  return address;
}

class Tunnel {
  readonly #say: (message: Tunnelled) => void;
  readonly #gone: () => void;
  readonly #timer = setTimeout(() => this.close(), limits.lifeMs);
  #socket: Socket | undefined;
  #early: Uint8Array[] = [];
  #up = 0;
  #down = 0;
  #closed = false;

  constructor(say: (message: Tunnelled) => void, gone: () => void) {
    this.#say = say;
    this.#gone = gone;
  }

  start(socket: Socket): void {
    if (this.#closed) return void socket.destroy();
    this.#socket = socket;
    for (const bytes of this.#early) socket.write(bytes);
    this.#early = [];
    socket.on("data", (bytes) => this.#hear(bytes));
    socket.on("error", () => this.close());
    socket.on("close", () => this.close());
  }

  /** @throws ProtocolError "too-long". */
  send(bytes: Uint8Array): void {
    this.#up += bytes.length;
    if (this.#up > limits.up) throw new ProtocolError("too-long", "tunnel");
    const copy = bytes.slice();
    if (this.#socket === undefined) this.#early.push(copy);
    else this.#socket.write(copy);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#gone();
    this.#say({ is: "end" });
  }

  #hear(bytes: Uint8Array): void {
    this.#down += bytes.length;
    if (this.#down > limits.down) return this.close();
    for (let at = 0; at < bytes.length; at += tunnelChunkMax) {
      this.#say({ is: "data", bytes: bytes.subarray(at, at + tunnelChunkMax) });
    }
  }
}
