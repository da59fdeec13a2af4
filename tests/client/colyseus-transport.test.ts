import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Receiver } from "#client/transport.ts";
import type { RoomId } from "#protocol/identity.ts";

const room = "ab".repeat(10) as RoomId;
const deaf: Receiver = { bytes: () => undefined, closed: () => undefined };

/** A gateway that refuses every join in its own way. Returns its address and what it was asked. */
async function refusing(status: number, body: unknown) {
  const asked: { readonly request: IncomingMessage; body: string }[] = [];
  const server = createServer((request, response) => {
    const one = { request, body: "" };
    asked.push(one);
    request.setEncoding("utf8");
    request.on("data", (part: string) => (one.body += part));
    request.on("end", () => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

// The SDK looks for a token where it was last left. Before it is loaded, so that this is where it looks.
vi.stubGlobal("window", { localStorage: { getItem: () => "a-token-that-names-the-player" } });
const { colyseusTransport } = await import("#client/colyseus-transport.ts");

test("a join asks for the room, and says nothing about who asks", async () => {
  const { url, asked } = await refusing(429, { error: "rate-limited" });
  await expect(colyseusTransport(url).open(room, deaf)).rejects.toMatchObject({ code: "rate-limited" });
  const [{ request, body }] = asked as [(typeof asked)[0]];
  expect([request.method, request.url, JSON.parse(body)]).toEqual(["POST", "/matchmake/joinOrCreate/relay", { room }]);
  expect(request.headers.authorization).toBeUndefined();
  expect(request.headers.cookie).toBeUndefined();
  expect(JSON.stringify(request.rawHeaders)).not.toContain("token");
});

test.for<[string, number, unknown]>([
  ["worker-lost", 503, { error: "worker-lost" }],
  ["busy", 503, { code: 525, error: "busy" }],
  ["unreachable", 500, { error: "Internal Server Error" }],
  ["unreachable", 500, { error: "toString" }],
  ["unreachable", 200, "no reservation at all"],
  ["unreachable", 200, null],
])("is %s, when the gateway answers %i %j", async ([code, status, body]) => {
  const { url } = await refusing(status, body);
  await expect(colyseusTransport(url).open(room, deaf)).rejects.toMatchObject({ code, source: "gateway" });
});

test("a join that was given up is not begun", async () => {
  const { url, asked } = await refusing(500, {});
  const signal = AbortSignal.abort(new Error("not today"));
  await expect(colyseusTransport(url).open(room, deaf, signal)).rejects.toThrow("not today");
  expect(asked).toEqual([]);
});

test("a reservation that leads elsewhere is dialled, and fails like any other", async () => {
  const reservation = { name: "relay", roomId: "x", processId: "y", sessionId: "z", publicAddress: "127.0.0.1:9" };
  const { url } = await refusing(200, reservation);
  await expect(colyseusTransport(url).open(room, deaf)).rejects.toMatchObject({ code: "unreachable" });
});
