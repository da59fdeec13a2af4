/** HTTP requests that no page makes: wrong methods, bodies, lengths, headers, prototypes, and bytes that are no HTTP at all. */
import { gzipSync } from "node:zlib";
import type { SeededNumbers } from "./deep.ts";

export interface HostileRequest {
  readonly bytes: Buffer;
  /** It promises more than it sends: a server waits for the rest, for as long as it has patience. */
  readonly unfinished: boolean;
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get"];

const paths = [
  "/",
  "/api/info",
  "/api/rooms",
  "/api/rooms?contract=dot4",
  "/api/rooms?contract=dot4&contract=dot4",
  "/api/rooms?contract[__proto__]=1",
  `/api/rooms?contract=${"x".repeat(3000)}`,
  "/api/match",
  "/api/__proto__",
  "/matchmake/joinOrCreate/relay",
  "/matchmake/joinOrCreate/__proto__",
  "/matchmake/create/relay",
  "/matchmake/reconnect/00000000000000000001",
  "/healthz",
  "/metrics",
  "/monitor",
  "/%",
  "/%00",
  "/%ff%fe",
  "/..%2f..%2fetc/passwd",
  "//localhost/api/info",
  "/\\..\\..",
  `/${"a/".repeat(1500)}`,
  "*",
  "http://elsewhere.example/api/info",
];

const bodies = [
  "",
  "null",
  "7",
  '"text"',
  "[]",
  "{}",
  "{",
  '{"contract":"dot4"}',
  '{"contract":"dot4","options":{"clock":"30"},"listed":false}',
  '{"contract":"dot4","options":{"clock":["30"]}}',
  '{"contract":"dot4","options":{"__proto__":{"clock":"10"}}}',
  '{"contract":"dot4","options":{"constructor":{"prototype":{"listed":true}}}}',
  '{"contract":"dot4","__proto__":{"listed":true}}',
  '{"contract":"__proto__"}',
  '{"contract":{"toString":"dot4"}}',
  '{"contract":"constructor","options":[]}',
  '{"room":"00000000000000000001"}',
  '{"room":"00000000000000000001","sessionId":"x"}',
  '{"room":["00000000000000000001"]}',
  '{"room":"../../00000000000000"}',
  '{"room":"00000000000000000001","__proto__":{"ports":{}}}',
  '{"room":1e999}',
  `{"contract":"${"x".repeat(5000)}"}`,
  "[".repeat(4000),
  `${'{"options":'.repeat(300)}1${"}".repeat(300)}`,
  "\ufeff{}",
  '{"contract":"\ud800"}',
  "{\u0000}",
];

const types = [
  "application/json",
  "application/json; charset=utf-7",
  "application/json; charset=utf-16le",
  "application/json;;;=",
  "text/plain",
  "multipart/form-data; boundary=x",
  "",
];

/** Headers that come on top; `\r\n` is between them. */
const extras = [
  "Origin: http://elsewhere.example",
  "Origin: null",
  "Origin: http://localhost:1, http://localhost:2",
  "Cookie: a=b; __proto__=1",
  "Expect: 100-continue",
  "Expect: everything",
  "Transfer-Encoding: gzip, chunked",
  "Content-Encoding: gzip",
  "Content-Encoding: br",
  "Content-Encoding: nothing",
  "Content-Length: 4, 4",
  "Content-Length: -1",
  "Content-Length: 99999999999999999999",
  "Connection: Upgrade\r\nUpgrade: websocket",
  "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: short",
  "Connection: keep-alive, close",
  "Host: another",
  "Host: [[[",
  "Range: bytes=0-0,5-1,-9",
  'If-None-Match: "*"',
  "If-Modified-Since: never",
  "Accept: */*;q=9, \u00ff",
  "Access-Control-Request-Method: DELETE",
  "Authorization: Basic ::::",
  "X-HTTP-Method-Override: DELETE",
  "__proto__: 1",
  "Bad Name: 1",
  ": no name",
  "No colon at all",
  "Folded: 1\r\n  2",
  `Large: ${"x".repeat(9000)}`,
  Array.from({ length: 300 }, (_, i) => `Many-${i}: ${i}`).join("\r\n"),
];

/** In those that are HTTP after all, the proxy's header is put behind the host. */
const garbage = [
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "GET  /  HTTP/1.1\r\n\r\n",
  "GET /\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.1\nHost: x\n\n",
  "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "POST /api/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
  "POST /api/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
];

/** Inflates to a megabyte. */
const bomb = gzipSync(Buffer.alloc(1024 * 1024, "["));

/** @param address where it claims to come from. */
export function hostileRequest(numbers: SeededNumbers, address: string): HostileRequest {
  switch (numbers.below(12)) {
    case 0:
      return {
        bytes: Buffer.from(numbers.pick(garbage).replace("Host: x", `$&\r\nX-Forwarded-For: ${address}`), "latin1"),
        unfinished: false,
      };
    case 1:
      return {
        bytes: Buffer.concat([numbers.bytes(1 + numbers.below(200)), Buffer.from("\r\n\r\n")]),
        unfinished: true,
      };
    case 2:
      return request(numbers, address, { body: bomb, extra: "Content-Encoding: gzip" });
    case 3:
      return request(numbers, address, { missing: 1 + numbers.below(1000) });
    case 4:
      return { bytes: request(numbers, address).bytes.subarray(0, numbers.below(60)), unfinished: true };
    case 5:
      return { bytes: Buffer.from("\r\n".repeat(1 + numbers.below(9))), unfinished: true };
    default:
      return request(numbers, address);
  }
}

function request(
  numbers: SeededNumbers,
  address: string,
  given: { readonly body?: Buffer; readonly extra?: string; readonly missing?: number } = {},
): HostileRequest {
  const body = given.body ?? Buffer.from(numbers.pick(bodies));
  const extra = given.extra ?? (numbers.below(2) === 0 ? numbers.pick(extras) : undefined);
  const method = given.body === undefined && given.missing === undefined ? numbers.pick(methods) : "POST";
  const head = [
    `${method} ${numbers.pick(paths)} HTTP/1.1`,
    "Host: localhost",
    `X-Forwarded-For: ${address}`,
    `Content-Type: ${numbers.pick(types)}`,
    `Content-Length: ${body.length + (given.missing ?? 0)}`,
    ...(extra === undefined ? [] : [extra]),
  ].join("\r\n");
  return {
    bytes: Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), body]),
    // What is no length or no body may be waited for as well.
    unfinished: given.missing !== undefined || extra !== undefined,
  };
}
