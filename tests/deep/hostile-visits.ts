/** Strangers at a gateway's door, each from an address of its own: one reserves a seat, opens a socket, and misbehaves. */
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { codeOfNumber, numberOfCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { SeededNumbers } from "./deep.ts";
import { goodbye, hostileBurst } from "./hostile-frames.ts";
import { hostileRequest } from "./hostile-requests.ts";
import { AnswerReader } from "./web-socket.ts";

/** How long a gateway may take to end what it must end, in ms: far more than it needs, and more than its own patience. */
const patienceMs = 60_000;
/** Sockets that are left open and silent, until as many others are. */
const lingeringMax = 100;

/** Codes of WebSocket and of Colyseus with which a connection may end that breaks their rules, or says goodbye. */
const foreignCodes: ReadonlySet<number | undefined> = new Set([
  undefined,
  1000,
  1002,
  1003,
  1005,
  1006,
  1007,
  1009,
  4000,
]);

export class HostileVisits {
  readonly #port: number;
  readonly #rooms: readonly RoomId[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #lingering: Socket[] = [];
  /** How connections ended, by code. */
  readonly endings = new Map<string, number>();
  requests = 0;

  constructor(port: number, rooms: readonly RoomId[]) {
    this.#port = port;
    this.#rooms = rooms;
  }

  close(): void {
    this.#agent.destroy();
    for (const socket of this.#lingering.splice(0)) socket.destroy();
  }

  /** One socket and what it sends. Returns how many frames that was. @throws Error if it ends as it must not. */
  async visit(numbers: SeededNumbers): Promise<number> {
    const address = anyAddress(numbers);
    const target = await this.reserve(numbers.pick(this.#rooms), address);
    if (target === undefined) return 0;
    const manner = mannerOf(numbers);
    const burst = hostileBurst(numbers, manner === "joined" || manner === "dribbling");
    const visit = new Visit(this.#port, target, address);
    // With the request for the socket itself: that is before there is a room to read it.
    visit.start(manner === "hasty" ? burst.bytes : undefined);
    await visit.opened;
    if (manner === "silent") {
      this.#linger(visit.socket);
      return 0;
    }
    if (manner === "hasty") visit.send(goodbye());
    else if (manner === "dribbling") await visit.dribble(burst.bytes, 2 + numbers.below(3));
    else visit.send(burst.bytes);
    this.#note(await visit.ended, burst.breaks === "websocket" || manner === "hasty");
    return burst.frames;
  }

  /** One HTTP request on a connection of its own. @throws Error if it is answered as a mistake of the gateway. */
  async ask(numbers: SeededNumbers): Promise<void> {
    this.requests += 1;
    const { bytes, unfinished } = hostileRequest(numbers, anyAddress(numbers));
    const visit = new Visit(this.#port);
    visit.socket.write(bytes);
    if (unfinished) return this.#linger(visit.socket);
    const status = await visit.answered;
    visit.socket.destroy();
    if (status === 500) throw new Error(`a request was answered with ${status}: ${bytes.toString("latin1", 0, 300)}`);
  }

  /** A seat's address, as the Colyseus SDK asks for it; undefined if that is refused. */
  async reserve(room: RoomId, address: string): Promise<string | undefined> {
    const { status, body } = await this.post("/matchmake/joinOrCreate/relay", { room }, address);
    if (status !== 200) return undefined;
    const { processId, sessionId } = JSON.parse(body) as { processId: string; sessionId: string };
    return `/${processId}/${room}?sessionId=${sessionId}`;
  }

  post(path: string, body: object, address: string): Promise<{ readonly status: number; readonly body: string }> {
    const headers = { "content-type": "application/json", "x-forwarded-for": address };
    return new Promise((resolve, reject) => {
      const asking = request(
        { host: "127.0.0.1", port: this.#port, path, method: "POST", agent: this.#agent, headers },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("end", () => resolve({ status: response.statusCode!, body: text }));
        },
      );
      asking.on("error", reject);
      asking.end(JSON.stringify(body));
    });
  }

  #note(code: number | undefined, foreign: boolean): void {
    const known = code !== undefined && code >= 4200 && numberOfCode(codeOfNumber(code - 4200)) === code - 4200;
    const name = known ? codeOfNumber(code - 4200) : String(code);
    this.endings.set(name, (this.endings.get(name) ?? 0) + 1);
    // Whoever leaves by Colyseus' own message ends with 4000.
    if (!known && code !== 4000 && !(foreign && foreignCodes.has(code))) throw new Error(`a visit ended with ${code}`);
  }

  #linger(socket: Socket): void {
    this.#lingering.push(socket);
    if (this.#lingering.length > lingeringMax) this.#lingering.shift()!.destroy();
  }
}

/** One TCP connection, from its first byte to its last. */
export class Visit {
  readonly socket: Socket;
  readonly #reader = new AnswerReader();
  readonly #target: string | undefined;
  readonly #address: string | undefined;
  /** The status of the answer, or undefined if the connection ended without one. */
  readonly answered: Promise<number | undefined>;
  /** Once the gateway has made room for it, or has said no. */
  readonly opened: Promise<void>;
  /** The code with which the gateway closed it; undefined if it only hung up. @throws Error if it never does. */
  readonly ended: Promise<number | undefined>;

  constructor(port: number, target?: string, address?: string) {
    this.#target = target;
    this.#address = address;
    const socket = connect(port, "127.0.0.1");
    this.socket = socket;
    const reader = this.#reader;
    const answered = Promise.withResolvers<number | undefined>();
    const opened = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<number | undefined>();
    this.answered = answered.promise;
    this.opened = opened.promise;
    this.ended = ended.promise;
    // Not everybody waits for it.
    ended.promise.catch(() => undefined);
    const impatience = setTimeout(() => {
      if (target !== undefined) ended.reject(new Error("the gateway does not end a connection that it must end"));
      socket.destroy();
    }, patienceMs);
    socket.on("data", (chunk: Buffer) => {
      reader.push(chunk);
      if (reader.status !== undefined) answered.resolve(reader.status);
      // The first message says that there is a room now.
      if (reader.messages > 0) opened.resolve();
      if (reader.code !== undefined) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(impatience);
      answered.resolve(reader.status);
      opened.resolve();
      ended.resolve(reader.code);
    });
  }

  /** Asks for a WebSocket, with what follows at once. */
  start(following: Uint8Array = new Uint8Array(0)): void {
    const head =
      `GET ${this.#target} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${this.#address}\r\nConnection: Upgrade\r\n` +
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    this.send(Buffer.concat([Buffer.from(head, "latin1"), following]));
  }

  send(bytes: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** In so many pieces, one a turn. */
  async dribble(bytes: Uint8Array, pieces: number): Promise<void> {
    const length = Math.ceil(bytes.length / pieces);
    for (let at = 0; at < bytes.length; at += length) {
      this.send(bytes.subarray(at, at + length));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** How a visitor behaves: after the join is acknowledged, all at once or in pieces; before that; not at all. */
function mannerOf(numbers: SeededNumbers): "joined" | "dribbling" | "early" | "hasty" | "silent" {
  const kind = numbers.below(100);
  if (kind < 70) return "joined";
  if (kind < 75) return "dribbling";
  if (kind < 88) return "early";
  return kind < 98 ? "hasty" : "silent";
}

/** Somewhere in the world, IPv4 or IPv6. */
function anyAddress(numbers: SeededNumbers): string {
  if (numbers.below(4) === 0)
    return `2001:db8:${numbers.below(2 ** 16).toString(16)}:${numbers.below(2 ** 16).toString(16)}::1`;
  return `${11 + numbers.below(90)}.${numbers.below(256)}.${numbers.below(256)}.${numbers.below(256)}`;
}
