/** Who may ask for what, and how often. Everything that reaches the gateway from outside passes one of these first. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ProtocolError } from "#protocol/errors.ts";
import { clientAddress, networkOf } from "./client-address.ts";
import { addressesKept, type GatewayLimits } from "./limits.ts";
import type { Origins } from "./origins.ts";
import { perMinute, TokenBuckets } from "./token-buckets.ts";

export interface AdmissionSetup {
  readonly limits: GatewayLimits;
  readonly origins: Origins;
  /** Proxies of ours in front; see `clientAddress`. */
  readonly trustedProxies: number;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

export class Admission {
  readonly #setup: AdmissionSetup;
  readonly #joins: TokenBuckets;
  readonly #creations: TokenBuckets;
  readonly #requests: TokenBuckets;
  readonly #passwords: TokenBuckets;
  readonly #sockets = new Set<Duplex>();
  readonly #openSockets = new Tally();
  readonly #openConnections = new Tally();
  #closing = false;
  #drained: (() => void) | undefined;

  constructor(setup: AdmissionSetup) {
    this.#setup = setup;
    const { joinsPerMinute, creationsPerMinute, requestsPerMinute, passwordsPerMinute } = setup.limits;
    this.#joins = new TokenBuckets(perMinute(joinsPerMinute), addressesKept);
    this.#creations = new TokenBuckets(perMinute(creationsPerMinute), addressesKept);
    this.#requests = new TokenBuckets(perMinute(requestsPerMinute), addressesKept);
    this.#passwords = new TokenBuckets(perMinute(passwordsPerMinute), addressesKept);
  }

  /** WebSockets that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Whether pages of this origin may use the gateway. */
  allows(origin: string): boolean {
    return this.#setup.origins.allows(origin);
  }

  /** Whether this gateway is known by this origin. */
  names(origin: string): boolean {
    return this.#setup.origins.names(origin);
  }

  /** From now on everything is refused. */
  close(): void {
    this.#closing = true;
  }

  /** Resolves once no WebSocket is open. */
  drained(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Ends sockets that did not close by themselves. Returns how many. */
  cut(): number {
    const left = this.#sockets.size;
    for (const socket of this.#sockets) socket.destroy();
    return left;
  }

  /** @throws ProtocolError "origin-refused", "shutting-down", "rate-limited". */
  request(request: IncomingMessage): void {
    this.#enter(request);
    this.#spend(this.#requests, request);
  }

  /** @throws ProtocolError as `request`, and "busy" when the gateway is full. */
  join(request: IncomingMessage): void {
    this.#enter(request);
    if (this.connections >= this.#setup.limits.connections) throw new ProtocolError("busy", "connections");
    this.#spend(this.#joins, request);
  }

  /** @throws ProtocolError "rate-limited". */
  creation(request: IncomingMessage): void {
    this.#spend(this.#creations, request);
  }

  /** Counts wrong passwords; right ones cost nothing. @throws ProtocolError "rate-limited", before comparing. */
  password(request: IncomingMessage, isRight: () => boolean): boolean {
    this.#spend(this.#passwords, request);
    if (!isRight()) return false;
    this.#passwords.giveBack(this.#addressOf(request));
    return true;
  }

  /** Counts a TCP connection until it closes; false if its address has too many. */
  connection(socket: Socket): boolean {
    const { limits, trustedProxies } = this.#setup;
    if (trustedProxies > 0) return true;
    const address = networkOf(socket.remoteAddress ?? "");
    if (this.#openConnections.of(address) >= limits.socketsPerAddress) return false;
    this.#openConnections.add(address);
    socket.once("close", () => this.#openConnections.remove(address));
    return true;
  }

  /**
   * Counts a WebSocket until it closes.
   *
   * @throws ProtocolError "origin-refused", "shutting-down", "busy", "rate-limited".
   */
  socket(request: IncomingMessage, socket: Duplex): void {
    this.#enter(request);
    const { connections, connectionsPerAddress } = this.#setup.limits;
    if (this.connections >= connections) throw new ProtocolError("busy", "connections");
    const address = this.#addressOf(request);
    if (this.#openSockets.of(address) >= connectionsPerAddress) {
      throw new ProtocolError("rate-limited", "connections per address");
    }
    this.#openSockets.add(address);
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#drained?.();
      this.#openSockets.remove(address);
    });
  }

  #enter(request: IncomingMessage): void {
    if (!this.#setup.origins.allows(request.headers.origin)) throw new ProtocolError("origin-refused");
    if (this.#closing) throw new ProtocolError("shutting-down");
  }

  #spend(buckets: TokenBuckets, request: IncomingMessage): void {
    if (!buckets.take(this.#addressOf(request), this.#setup.now())) throw new ProtocolError("rate-limited");
  }

  #addressOf(request: IncomingMessage): string {
    return clientAddress(request, this.#setup.trustedProxies);
  }
}

/** How many of something each address has. */
class Tally {
  readonly #counts = new Map<string, number>();

  of(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(address, this.of(address) + 1);
  }

  remove(address: string): void {
    const left = this.of(address) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }
}
