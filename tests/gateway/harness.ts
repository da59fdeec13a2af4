/** A gateway with a worker without an enclave behind it, and clients that are the real SDK or bare sockets. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type Room } from "@colyseus/sdk";
import { onTestFinished } from "vitest";
import { codeOfNumber, type ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { startGateway, type Gateway, type GatewayConfig } from "#gateway/gateway.ts";
import { openLog, type GatewayEvent } from "#gateway/log.ts";
import { EchoWorker } from "./echo-worker.ts";

/** A queue of what happened; `next` waits for the next one. */
export class Happenings<T> {
  readonly #seen: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#seen.push(item);
    else waiting(item);
  }

  next(): Promise<T> {
    return this.#seen.length > 0
      ? Promise.resolve(this.#seen.shift()!)
      : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The first that fits; what came before it is dropped. */
  async until(fits: (item: T) => boolean): Promise<T> {
    for (;;) {
      const item = await this.next();
      if (fits(item)) return item;
    }
  }

  get count(): number {
    return this.#seen.length;
  }
}

/** A folder that is gone after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "phatroom-gateway-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export interface Place {
  readonly gateway: Gateway;
  readonly worker: EchoWorker;
  readonly events: Happenings<GatewayEvent>;
  /** Every line that was logged, as it would stand in a file. */
  readonly lines: string[];
}

/** Starts both and waits until they have met. */
export async function open(config: Partial<GatewayConfig> = {}): Promise<Place> {
  const worker = await EchoWorker.start(join(await scratch(), "worker.sock"));
  onTestFinished(() => worker.close());
  const { gateway, events, lines } = await openGateway({ worker: parseLinkAddress(worker.address)!, ...config });
  await gateway.ready();
  return { gateway, worker, events, lines };
}

export async function openGateway(config: GatewayConfig): Promise<Omit<Place, "worker">> {
  const lines: string[] = [];
  const events = new Happenings<GatewayEvent>();
  const write = openLog("trace", { write: (line) => void lines.push(line) });
  const gateway = await startGateway({
    log: (event) => {
      write(event);
      events.push(event);
    },
    ...config,
    limits: { joinsPerMinute: 100_000, creationsPerMinute: 100_000, requestsPerMinute: 100_000, ...config.limits },
  });
  onTestFinished(() => gateway.close());
  return { gateway, events, lines };
}

export interface Player {
  readonly room: Room;
  readonly received: Happenings<Uint8Array>;
  /** The code with which the gateway ended this connection, or the bare number. */
  readonly ended: Promise<ErrorCode | number>;
  send(...bytes: number[]): void;
}

const codeOfClose = (close: number): ErrorCode | number =>
  close >= 4200 && close < 5000 ? codeOfNumber(close - 4200) : close;

/** Joins as the client does: see the gateway's README. */
export async function joinRelay(gateway: Gateway, room: RoomId): Promise<Player> {
  const client = new Client(gateway.url);
  const joined: Room = await client.joinOrCreate("relay", { room });
  joined.reconnection.enabled = false;
  const received = new Happenings<Uint8Array>();
  joined.onMessage("~", (envelope: Uint8Array) => received.push(envelope));
  const ended = new Promise<ErrorCode | number>((resolve) => {
    joined.onLeave((code) => resolve(codeOfClose(code)));
  });
  onTestFinished(() => joined.connection.close());
  return { room: joined, received, ended, send: (...bytes) => joined.sendBytes("~", Uint8Array.from(bytes)) };
}

/** A seat's address, as the SDK would open it. */
export async function reserve(gateway: Gateway, room: RoomId): Promise<URL> {
  const response = await post(gateway, "/matchmake/joinOrCreate/relay", { room });
  const { processId, sessionId } = (await response.json()) as { processId: string; sessionId: string };
  return new URL(`${gateway.url.replace("http", "ws")}/${processId}/${room}?sessionId=${sessionId}`);
}

/** Reserves a seat and opens its socket without the SDK, so that anything can be sent. Nothing is acknowledged. */
export async function bareSocket(gateway: Gateway, room: RoomId): Promise<BareSocket> {
  const socket = new BareSocket(await reserve(gateway, room));
  await once(socket.raw, "open");
  return socket;
}

/** As `bareSocket`, down to TCP: it reads nothing until `resume` is called. */
export async function stalledSocket(gateway: Gateway, room: RoomId): Promise<Socket> {
  const { hostname, port, pathname, search } = await reserve(gateway, room);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  // The answer and the join message; nothing else comes before the client speaks.
  await once(socket, "data");
  socket.pause();
  socket.write(webSocketFrame(10));
  socket.write(webSocketFrame(17, 0xa1, 0x7e, 1));
  return socket;
}

/** One short binary message of a client (RFC 6455, section 5.2), masked with zeros. */
const webSocketFrame = (...bytes: number[]): Uint8Array =>
  Uint8Array.of(0x82, 0x80 | bytes.length, 0, 0, 0, 0, ...bytes);

export class BareSocket {
  readonly raw: WebSocket;
  readonly received = new Happenings<Uint8Array>();
  readonly ended: Promise<ErrorCode | number>;

  constructor(url: URL) {
    this.raw = new WebSocket(url);
    this.raw.binaryType = "arraybuffer";
    this.raw.addEventListener("message", ({ data }) => this.received.push(new Uint8Array(data as ArrayBuffer)));
    this.ended = new Promise((resolve) => {
      this.raw.addEventListener("close", ({ code }) => resolve(codeOfClose(code)));
    });
    onTestFinished(() => this.raw.close());
  }
}

export const post = (
  gateway: Gateway,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
