/** A contract's request reaches the server that it names, or nobody, and the gateway carries what it cannot read. */
import { afterEach, describe, expect, test } from "vitest";
import type { RequestListener } from "node:http";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { requestLimits, type OutsideAnswer, type OutsideRequest } from "#protocol/request.ts";
import { ask } from "../../../server/enclave/requests/https.ts";
import { joined, OutsideServer, root, type CertificateName } from "./server.ts";

let server: OutsideServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const url = "https://api.example.test/scores?of=ann";
const get: OutsideRequest = { url, method: "GET" };

async function answerOf(
  listener: RequestListener,
  request: OutsideRequest = get,
  {
    certificate,
    limitMs,
    way = joined(),
  }: {
    readonly certificate?: CertificateName;
    readonly limitMs?: number;
    readonly way?: ReturnType<typeof joined>;
  } = {},
): Promise<OutsideAnswer> {
  server = await OutsideServer.start(listener, certificate);
  return ask(request, {
    open: (host, port) => way.tunnels.open(host, port),
    roots: [root],
    port: server.port,
    ...(limitMs === undefined ? {} : { limitMs }),
  });
}

test("what a contract asks arrives as it was asked, and the answer comes back", async () => {
  const heard: string[] = [];
  const answer = await answerOf(
    (request, response) => {
      heard.push(`${request.method} ${request.headers.host} ${request.url} ${request.headers["content-type"]}`);
      request.on("data", (part: Buffer) => heard.push(part.toString()));
      request.on("end", () => response.setHeader("content-type", "application/json").end('{"best":7}'));
    },
    { url, method: "POST", body: '{"secret":"of the room"}' },
  );
  expect(heard).toEqual([`POST api.example.test /scores?of=ann application/json`, '{"secret":"of the room"}']);
  expect(answer).toEqual({
    status: 200,
    contentType: "application/json",
    body: new Uint8Array(Buffer.from('{"best":7}')),
  });
});

test("the gateway that carries it sees the server's name, and neither question nor answer", async () => {
  const way = joined();
  await answerOf((_request, response) => response.end("the answer that nobody else reads"), get, { way });
  const [up, down] = [Buffer.concat(way.seen.up), Buffer.concat(way.seen.down)];
  expect(up.includes("api.example.test")).toBe(true);
  for (const secret of ["scores", "of=ann", "GET "]) expect(up.includes(secret)).toBe(false);
  expect(down.includes("the answer that nobody else reads")).toBe(false);
  expect(way.gateway.size).toBe(0);
});

describe("a server that is not the one that was named gets nothing", () => {
  test.for(["wrongname", "wrongroot", "expired"] as const)("%s", async (certificate) => {
    let asked = 0;
    const answer = await answerOf(() => (asked += 1), get, { certificate });
    expect(answer).toEqual({ failed: "unreachable" });
    expect(asked).toBe(0);
  });
});

test("roots that the environment of the worker adds are not believed", async () => {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, root]);
  try {
    let asked = 0;
    server = await OutsideServer.start(() => (asked += 1));
    const way = { open: (host: string, port: number) => joined().tunnels.open(host, port), port: server.port };
    expect(await ask(get, way)).toEqual({ failed: "unreachable" });
    expect(asked).toBe(0);
  } finally {
    setDefaultCACertificates(before);
  }
});

test("nor is an environment that says that no certificate matters", async () => {
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    let asked = 0;
    expect(await answerOf(() => (asked += 1), get, { certificate: "wrongroot" })).toEqual({ failed: "unreachable" });
    expect(asked).toBe(0);
  } finally {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  }
});

test("a gateway that changes a byte of what it carries only breaks it", async () => {
  let messages = 0;
  const way = joined((body) => {
    messages += 1;
    if (messages === 2) body[body.length - 5]! ^= 1;
    return body;
  });
  expect(await answerOf((_request, response) => response.end("x"), get, { way })).toEqual({ failed: "unreachable" });
});

test("a gateway that goes away meanwhile breaks it at once", async () => {
  const way = joined();
  const answer = answerOf(() => way.tunnels.detach(way.link), get, { way });
  expect(await answer).toEqual({ failed: "unreachable" });
});

test("without a gateway there is no way", async () => {
  const way = joined();
  way.tunnels.detach(way.link);
  expect(await answerOf(() => undefined, get, { way })).toEqual({ failed: "unreachable" });
});

test.for([
  ["too long", requestLimits.answer + 1, "too-long"],
  ["longer than a tunnel carries", 400 * 1024, "too-long"],
] as const)("an answer that is %s is not taken", async ([, length, failed]) => {
  expect(await answerOf((_request, response) => response.end(Buffer.alloc(length)))).toEqual({ failed });
});

test("the longest answer is taken whole", async () => {
  const answer = await answerOf((_request, response) => response.end(Buffer.alloc(requestLimits.answer, 7)));
  expect(answer).toMatchObject({ status: 200, body: new Uint8Array(requestLimits.answer).fill(7) });
});

test("a server that never answers takes as long as a request may, and no longer", async () => {
  expect(await answerOf(() => undefined, get, { limitMs: 300 })).toEqual({ failed: "too-slow" });
});

test("an answer that is cut short is none", async () => {
  const answer = await answerOf((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  expect(answer).toEqual({ failed: "unreachable" });
});

test("nobody is followed to another place", async () => {
  const answer = await answerOf((_request, response) =>
    response.writeHead(302, { location: "https://elsewhere.example.test/" }).end(),
  );
  expect(answer).toMatchObject({ status: 302 });
});

test("headers without end are no answer", async () => {
  const answer = await answerOf((_request, response) => response.writeHead(200, { x: "y".repeat(9000) }).end());
  expect(answer).toEqual({ failed: "unreachable" });
});
