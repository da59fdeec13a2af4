import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createRoom, httpAddress, info, listRooms, quickMatch } from "#client/lobby.ts";

const room = "ab".repeat(10);

/** A gateway that answers as it is told. Returns its address. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const saying = (body: unknown, status = 200) =>
  answering((_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });

test("a room is asked for with what the gateway may know, and nothing else", async () => {
  const asked: unknown[] = [];
  const url = await answering((request, response) => {
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const { authorization, cookie, referer } = request.headers;
      asked.push([request.method, request.url, JSON.parse(body), authorization, cookie, referer]);
      response.writeHead(201).end(JSON.stringify({ room }));
    });
  });
  expect(await createRoom(url, { contract: "dot4", options: { size: "ten" } })).toBe(room);
  expect(await quickMatch(`${url}/`, { contract: "dot4" })).toBe(room);
  const none = [undefined, undefined, undefined];
  expect(asked).toEqual([
    ["POST", "/api/rooms", { contract: "dot4", options: { size: "ten" }, listed: false }, ...none],
    ["POST", "/api/match", { contract: "dot4" }, ...none],
  ]);
});

test.for<[string, number, unknown]>([
  ["rate-limited", 429, { code: "rate-limited", sentence: "Wait." }],
  ["contract-unknown", 404, { code: "contract-unknown" }],
  ["unreachable", 502, "<html>Bad gateway</html>"],
  ["unreachable", 500, { code: "no code of ours" }],
  ["unreachable", 500, { code: "constructor" }],
  ["unreachable", 500, ""],
  ["malformed", 200, "<html>Welcome to our hotel</html>"],
  ["malformed", 200, {}],
  ["malformed", 200, null],
  ["malformed", 200, { room: 7 }],
  ["malformed", 200, { room: `${room}/../..` }],
  ["malformed", 200, { room: "A".repeat(20) }],
])("is %s, when the gateway answers %i %j", async ([code, status, body]) => {
  const url = await saying(body, status);
  await expect(createRoom(url, { contract: "dot4" })).rejects.toMatchObject({ code, source: "gateway" });
});

test("an answer without an end is cut off", async () => {
  let written = 0;
  const url = await answering((_, response) => {
    const more = (): void => {
      if (response.destroyed) return;
      written += 64 * 1024;
      response.write(" ".repeat(64 * 1024), more);
    };
    more();
  });
  await expect(createRoom(url, { contract: "dot4" })).rejects.toMatchObject({ code: "malformed" });
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

test("a gateway that does not answer is unreachable after a while", async () => {
  const url = await answering(() => undefined);
  const asking = info(url, { timeoutMs: 20 });
  await expect(asking).rejects.toMatchObject({ code: "unreachable", source: "gateway" });
});

test("a place where nobody listens is unreachable", async () => {
  await expect(info("http://127.0.0.1:9")).rejects.toMatchObject({ code: "unreachable" });
});

test("a question that is given up ends with the caller's reason", async () => {
  const url = await answering(() => undefined);
  const giveUp = new AbortController();
  const asking = info(url, { signal: giveUp.signal });
  giveUp.abort(new Error("not today"));
  await expect(asking).rejects.toThrow("not today");
});

test("a gateway cannot send the question elsewhere", async () => {
  const url = await answering((_, response) => response.writeHead(307, { location: "http://127.0.0.1:9/" }).end());
  await expect(info(url)).rejects.toMatchObject({ code: "unreachable" });
});

const listing = { room, contract: "dot4", taken: 1, free: 1, phase: "open", options: { size: "ten" }, listed: true };
const hosted = {
  name: "dot4",
  hash: "ab".repeat(32),
  players: { min: 2, max: 2 },
  spectators: 100,
  options: { size: ["ten"] },
};
const ready = { version: 1, platform: "software", world: "cd".repeat(32), contracts: [hosted] };

test("listings and what a place says about itself are read field by field", async () => {
  expect(await listRooms(await saying({ rooms: [{ ...listing, surprise: 1 }] }), "dot4")).toEqual([listing]);
  expect(await info(await saying({ protocol: 1, ready }))).toEqual({ protocol: 1, ready });
  expect(await info(await saying({ protocol: 1, ready: null }))).toEqual({ protocol: 1, ready: null });
});

test.for<[string, object]>([
  ["room", { room: "x" }],
  ["taken", { taken: -1 }],
  ["free", { free: "1" }],
  ["phase", { phase: "nearly" }],
  ["options", { options: { size: 10 } }],
  ["contract", { contract: null }],
])("a listing whose %s is not what it should be is refused", async ([, change]) => {
  const url = await saying({ rooms: [listing, { ...listing, ...change }] });
  await expect(listRooms(url, "dot4")).rejects.toMatchObject({ code: "malformed" });
});

test.for<[string, object]>([
  ["world", { world: "cd" }],
  ["contracts", { contracts: {} }],
  ["hash", { contracts: [{ ...hosted, hash: "AB".repeat(32) }] }],
  ["players", { contracts: [{ ...hosted, players: null }] }],
  ["options", { contracts: [{ ...hosted, options: { size: "ten" } }] }],
])("a place whose %s is not what it should be is refused", async ([, change]) => {
  await expect(info(await saying({ protocol: 1, ready: { ...ready, ...change } }))).rejects.toMatchObject({
    code: "malformed",
  });
});

test.for([
  ["ws://play.example.org", "http://play.example.org"],
  ["wss://play.example.org/", "https://play.example.org"],
  ["https://play.example.org/eu//?x=1#y", "https://play.example.org/eu"],
  ["http://localhost:2567", "http://localhost:2567"],
] as const)("%s is asked at %s", ([given, asked]) => {
  expect(httpAddress(given)).toBe(asked);
});
