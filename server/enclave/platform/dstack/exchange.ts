/**
 * One request and one answer of HTTP/1.1 over a socket of our own, because the enclave has no HTTP client: what an agent
 * may say is a status, a length and that many bytes. RFC 9112, without everything that is optional in it.
 */
import { connect, type Socket } from "node:net";
import { utf8ToBytes } from "#protocol/bytes.ts";

/** A Unix socket's path, or a host and port. */
export type AgentAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "http"; readonly host: string; readonly port: number };

export interface Answered {
  readonly status: number;
  readonly body: Uint8Array;
}

/** The other side broke off or broke the rules. `begun`: it had begun to answer. */
export class ExchangeError extends Error {
  readonly begun: boolean;

  constructor(detail: string, begun: boolean) {
    super(detail);
    this.name = "ExchangeError";
    this.begun = begun;
  }
}

export interface ExchangeLimits {
  /** From connecting to the last byte: a quote takes the hardware some 100 ms, and more when others wait for one. */
  readonly timeoutMs: number;
  /** Status line and headers. */
  readonly headMax: number;
  /** A quote, an event log and a description of the machine, in hexadecimal: 40 KB. */
  readonly bodyMax: number;
}

export const exchangeLimits: ExchangeLimits = { timeoutMs: 10_000, headMax: 8192, bodyMax: 256 * 1024 };

/** "/var/run/dstack.sock" or "http://127.0.0.1:8090"; undefined if it is neither. */
export function parseAgentAddress(text: string): AgentAddress | undefined {
  const http = /^http:\/\/(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})\/?$/.exec(text);
  if (http !== null) {
    const port = Number(http[3]);
    return port === 0 || port > 65_535 ? undefined : { kind: "http", host: (http[1] ?? http[2])!, port };
  }
  // Longer paths fit no sockaddr_un.
  return text.startsWith("/") && !text.includes("\0") && text.length <= 103
    ? { kind: "socket", path: text }
    : undefined;
}

/**
 * Posts a JSON text of ASCII and returns the answer.
 *
 * @throws ExchangeError
 */
export function post(
  address: AgentAddress,
  path: string,
  json: string,
  { timeoutMs, headMax, bodyMax }: ExchangeLimits = exchangeLimits,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const socket = open(address);
    const received = new Received(headMax, bodyMax);
    let done = false;
    const finish = (act: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const fail = (detail: string): void => finish(() => reject(new ExchangeError(detail, received.begun)));
    const timer = setTimeout(() => fail("no answer in time"), timeoutMs);
    socket.on("connect", () => socket.write(encodeRequest(address, path, json)));
    socket.on("data", (chunk: Buffer) => {
      try {
        const answered = received.push(chunk);
        if (answered !== undefined) finish(() => resolve(answered));
      } catch (error) {
        fail((error as Error).message);
      }
    });
    socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? "connection failed"));
    socket.on("close", () => fail("closed before the answer was complete"));
  });
}

const open = (address: AgentAddress): Socket =>
  address.kind === "socket" ? connect(address.path) : connect({ host: address.host, port: address.port });

function encodeRequest(address: AgentAddress, path: string, json: string): Uint8Array {
  const host = address.kind === "socket" ? "dstack" : `${address.host}:${address.port}`;
  const body = utf8ToBytes(json);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

/** Collects an answer, never more than it may be. */
class Received {
  readonly #headMax: number;
  readonly #bodyMax: number;
  #bytes = Buffer.alloc(0);
  #head: { readonly status: number; readonly end: number; readonly length: number } | undefined;

  constructor(headMax: number, bodyMax: number) {
    this.#headMax = headMax;
    this.#bodyMax = bodyMax;
  }

  get begun(): boolean {
    return this.#bytes.length > 0;
  }

  /** @returns the answer once it is complete. @throws Error */
  push(chunk: Buffer): Answered | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#head ??= this.#readHead();
    if (this.#head === undefined) return undefined;
    const { status, end, length } = this.#head;
    if (this.#bytes.length < end + length) return undefined;
    if (this.#bytes.length > end + length) throw new Error("more bytes than announced");
    return { status, body: new Uint8Array(this.#bytes.subarray(end)) };
  }

  #readHead(): { status: number; end: number; length: number } | undefined {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end > this.#headMax || (end === -1 && this.#bytes.length > this.#headMax)) throw new Error("headers too long");
    if (end === -1) return undefined;
    const [first = "", ...fields] = this.#bytes.toString("latin1", 0, end).split("\r\n");
    const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first) ?? [];
    if (status === undefined) throw new Error("no status line");
    const lengths = fields.flatMap((field) => {
      const [, name = "", value = ""] = /^([^:]+):[ \t]*(.*?)[ \t]*$/.exec(field) ?? [];
      if (name.toLowerCase() === "transfer-encoding") throw new Error("a transfer encoding");
      return name.toLowerCase() === "content-length" ? [value] : [];
    });
    const [length = ""] = lengths;
    if (lengths.length !== 1 || !/^\d{1,9}$/.test(length)) throw new Error("no length");
    if (Number(length) > this.#bodyMax) throw new Error("longer than any answer");
    return { status: Number(status), end: end + 4, length: Number(length) };
  }
}
