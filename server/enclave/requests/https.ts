/**
 * One HTTPS request over a stream that somebody untrusted carries. The server proves itself by its certificate to the
 * roots that come with this worker's Node; the carrier learns the server's name, sizes and times.
 */
import { request as httpRequest } from "node:http";
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from "node:tls";
import type { Duplex } from "node:stream";
import { requestLimits, type OutsideAnswer, type OutsideRequest } from "#protocol/request.ts";

export interface Way {
  /** A stream to this server. May throw. */
  readonly open: (host: string, port: number) => Duplex;
  /** Roots in PEM instead of those of Node. */
  readonly roots?: readonly string[];
  /** Instead of 443, in tests. */
  readonly port?: number;
  /** In ms. */
  readonly limitMs?: number;
}

/** Those of Node itself: whatever else the environment of this process names is not believed. Read once, when first needed. */
let ownRoots: SecureContext | undefined;

const minVersion = "TLSv1.2";

/** Longer headers are no answer. */
const headersMax = 8 * 1024;

/** Never rejects: whatever goes wrong is an answer. Redirections are answers as well: nobody is followed. */
export async function ask(request: OutsideRequest, way: Way): Promise<OutsideAnswer> {
  const timer = new AbortController();
  const limit = setTimeout(() => timer.abort(), way.limitMs ?? requestLimits.ms);
  let stream: Duplex | undefined;
  try {
    const { hostname } = new URL(request.url);
    stream = way.open(hostname, way.port ?? 443);
    const socket = await secure(stream, hostname, way.roots, timer.signal);
    return await exchange(request, socket, timer.signal);
  } catch (error) {
    if (timer.signal.aborted) return { failed: "too-slow" };
    return { failed: error instanceof TooLong ? "too-long" : "unreachable" };
  } finally {
    clearTimeout(limit);
    stream?.destroy();
  }
}

class TooLong extends Error {}

function secure(
  stream: Duplex,
  host: string,
  roots: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      socket: stream,
      servername: host,
      ALPNProtocols: ["http/1.1"],
      // Said, because the environment of this process could say otherwise.
      rejectUnauthorized: true,
      secureContext:
        roots === undefined
          ? (ownRoots ??= createSecureContext({ ca: [...rootCertificates], minVersion }))
          : createSecureContext({ ca: [...roots], minVersion }),
    });
    signal.addEventListener("abort", () => socket.destroy(new Error("too slow")));
    socket.once("secureConnect", () => resolve(socket));
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
}

function exchange(request: OutsideRequest, socket: TLSSocket, signal: AbortSignal): Promise<OutsideAnswer> {
  const { hostname, pathname, search } = new URL(request.url);
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      // The stream is there already: this opens nothing.
      createConnection: () => socket,
      method: request.method,
      setHost: false,
      path: `${pathname}${search}`,
      maxHeaderSize: headersMax,
      signal,
      headers: {
        host: hostname,
        accept: "*/*",
        connection: "close",
        ...(body === undefined
          ? {}
          : { "content-type": request.contentType ?? "application/json", "content-length": body.length }),
      },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        length += part.length;
        if (length <= requestLimits.answer) return parts.push(part);
        reject(new TooLong());
        return sent.destroy();
      });
      response.on("error", reject);
      response.on("end", () => {
        if (!response.complete) return reject(new Error("cut short"));
        resolve({
          status: response.statusCode ?? 0,
          contentType: (response.headers["content-type"] ?? "").slice(0, 200),
          body: new Uint8Array(Buffer.concat(parts)),
        });
      });
    });
    sent.end(body);
  });
}
