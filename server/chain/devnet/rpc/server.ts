/** JSON-RPC over WebSocket and HTTP, on one port of this machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { DevnetError } from "../errors.ts";
import { connectionsMax, messageBytesMax, unsentBytesMax } from "../limits.ts";
import { Connection } from "./connection.ts";
import { answerTo, type Methods } from "./json-rpc.ts";

const farewellMs = 500;

export interface RpcServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface RpcServerOptions {
  readonly host: string;
  /** 0 takes any. */
  readonly port: number;
  /** Of pages elsewhere that may talk to it, besides those of this machine. */
  readonly origins: readonly string[];
}

/** @throws DevnetError "port-in-use". */
export async function serveRpc(methods: Methods, { host, port, origins }: RpcServerOptions): Promise<RpcServer> {
  const welcome = (origin: string | undefined): boolean =>
    origin === undefined || origins.includes(origin) || isOfThisMachine(origin);
  const http = createServer((request, response) => {
    answerHttp(request, response, methods, welcome).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax });
  http.on("upgrade", (request, socket, head) => {
    if (sockets.clients.size >= connectionsMax || !welcome(request.headers.origin)) {
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => converse(client, methods));
  });
  const taken = await listen(http, host, port);
  return {
    port: taken,
    async close() {
      const closed = new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      await Promise.all([...sockets.clients].map(farewell));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** Says that it goes away, and does not wait long for an answer. */
function farewell(client: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => client.terminate(), farewellMs);
    client.once("close", () => {
      clearTimeout(impatient);
      resolve();
    });
    client.close(1001);
  });
}

/** A page from elsewhere must not play with a chain just because it runs on its reader's machine. */
function isOfThisMachine(origin: string): boolean {
  const host = URL.parse(origin)?.hostname;
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}

function listen(http: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new DevnetError("port-in-use", String(port)) : error),
    );
    http.listen(port, host, () => {
      const address = http.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function converse(client: WebSocket, methods: Methods): void {
  const connection = new Connection((message) => {
    if (client.bufferedAmount > unsentBytesMax) client.terminate();
    else client.send(JSON.stringify(message));
  });
  client.on("message", (data) => {
    const text = Buffer.isBuffer(data) ? data.toString("utf8") : "";
    connection.answer(() => answerTo(text, methods, connection));
  });
  client.on("close", () => connection.close());
  // "close" follows.
  client.on("error", () => undefined);
}

async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  methods: Methods,
  welcome: (origin: string | undefined) => boolean,
): Promise<void> {
  const { origin } = request.headers;
  if (!welcome(origin)) return void response.writeHead(403).end();
  if (origin !== undefined) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-allow-headers", "content-type");
  }
  if (request.method === "OPTIONS") return void response.writeHead(204).end();
  if (request.method !== "POST") return void response.writeHead(405, { allow: "POST, OPTIONS" }).end();
  const text = await bodyOf(request);
  if (text === undefined) return void response.writeHead(413, { connection: "close" }).end();
  const answer = answerTo(text, methods, undefined);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer ?? null));
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > messageBytesMax) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}
