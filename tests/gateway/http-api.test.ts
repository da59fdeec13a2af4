/** What the gateway answers by HTTP, to the page and to whoever tries. */
import { expect, test } from "vitest";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { listLengthMax } from "#gateway/limits.ts";
import { bodyOf, expectRefusal, list } from "./asking.ts";
import { echo } from "./echo-worker.ts";
import { joinRelay, open, post } from "./harness.ts";

test("a room is made with its first choices, and is joined", async () => {
  const { gateway } = await open();
  const response = await post(gateway, "/api/rooms", { contract: "echo", listed: true });
  expect(response.status).toBe(201);
  const { room } = await bodyOf<{ room: RoomId }>(response);
  expect(isRoomId(room)).toBe(true);
  expect(await list(gateway)).toEqual([
    { room, contract: "echo", taken: 0, free: 2, phase: "open", options: { pace: "slow" }, listed: true },
  ]);
  const player = await joinRelay(gateway, room);
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));
});

test("a room that is not listed is in no list and found by no match", async () => {
  const { gateway } = await open();
  const { room } = await bodyOf<{ room: RoomId }>(post(gateway, "/api/rooms", { contract: "echo" }));
  expect(await list(gateway)).toEqual([]);
  expect(await bodyOf<{ room: RoomId }>(post(gateway, "/api/match", { contract: "echo" }))).not.toEqual({ room });
});

test("the list can be of one contract, and never exceeds its length", async () => {
  const { gateway, worker } = await open();
  for (let i = 0; i < listLengthMax + 5; i++) worker.open();
  const other = worker.open({ contract: "other" });
  await expect
    .poll(async () => (await list(gateway, "?contract=other")).map(({ room }) => room), { timeout: 20_000 })
    .toEqual([other]);
  expect(await list(gateway)).toHaveLength(listLengthMax);
  expect(await list(gateway, "?contract=none")).toEqual([]);
});

test("quick match fills the oldest open room before it makes another", async () => {
  const { gateway } = await open();
  const match = async (options?: object): Promise<RoomId> =>
    (await bodyOf<{ room: RoomId }>(post(gateway, "/api/match", { contract: "echo", options }))).room;
  const rooms = await Promise.all(Array.from({ length: 6 }, () => match()));
  const counts = new Map<RoomId, number>();
  for (const room of rooms) counts.set(room, (counts.get(room) ?? 0) + 1);
  // Six people at once, two seats a room: three full rooms, and nobody without a seat.
  expect([...counts.values()]).toEqual([2, 2, 2]);
  expect(counts.has(await match({ pace: "fast" }))).toBe(false);
});

test("info says what is there, and admits when nothing is", async () => {
  const { gateway, worker, events } = await open();
  const info = () => bodyOf<object>(fetch(`${gateway.url}/api/info`));
  expect(await info()).toEqual({
    protocol: protocolVersion,
    ready: { version: protocolVersion, platform: "none", world: "cd".repeat(32), contracts: [echo] },
  });
  await worker.close();
  await events.until(({ event }) => event === "worker-lost");
  expect(await info()).toEqual({ protocol: protocolVersion, ready: null });
});

const bodies: [what: string, path: string, body: unknown, status: number, code: string][] = [
  ["no JSON", "/api/rooms", "{", 400, "malformed"],
  ["a list", "/api/rooms", [], 400, "malformed"],
  ["a word", "/api/rooms", '"echo"', 400, "malformed"],
  ["null", "/api/rooms", "null", 400, "malformed"],
  ["no contract", "/api/rooms", {}, 400, "malformed"],
  ["a contract that is no text", "/api/rooms", { contract: { name: "echo" } }, 400, "malformed"],
  ["a name without an end", "/api/rooms", { contract: "e".repeat(65) }, 400, "malformed"],
  ["an unknown field", "/api/rooms", { contract: "echo", title: "come in" }, 400, "malformed"],
  ["a listed that is no boolean", "/api/rooms", { contract: "echo", listed: "yes" }, 400, "malformed"],
  ["an unknown contract", "/api/rooms", { contract: "chess" }, 404, "contract-unknown"],
  ["a contract named like a method", "/api/match", { contract: "constructor" }, 404, "contract-unknown"],
  ["an unknown option", "/api/rooms", { contract: "echo", options: { size: "9" } }, 400, "options-refused"],
  ["an unknown value", "/api/match", { contract: "echo", options: { pace: "no" } }, 400, "options-refused"],
  ["a value that is an object", "/api/rooms", { contract: "echo", options: { pace: {} } }, 400, "options-refused"],
  ["options that are text", "/api/rooms", { contract: "echo", options: "pace" }, 400, "options-refused"],
  ["a prototype among the fields", "/api/rooms", '{"contract":"echo","__proto__":{"listed":true}}', 400, "malformed"],
  [
    "a prototype among the options",
    "/api/rooms",
    '{"contract":"echo","options":{"__proto__":{"pace":"fast"}}}',
    400,
    "options-refused",
  ],
  [
    "a constructor among the options",
    "/api/match",
    '{"contract":"echo","options":{"constructor":{"prototype":{"x":1}}}}',
    400,
    "options-refused",
  ],
  [
    "more than anybody has to say",
    "/api/rooms",
    { contract: "echo", options: { pace: "x".repeat(5000) } },
    413,
    "too-long",
  ],
  ["a join without a room", "/matchmake/joinOrCreate/relay", {}, 400, "malformed"],
  ["a join to no room id", "/matchmake/joinOrCreate/relay", { room: "../etc" }, 400, "malformed"],
  ["a join with a token", "/matchmake/joinOrCreate/relay", { room: "0".repeat(20), token: "secret" }, 400, "malformed"],
  [
    "a join with a prototype",
    "/matchmake/joinOrCreate/relay",
    `{"room":"${"0".repeat(20)}","__proto__":{"ports":1}}`,
    400,
    "malformed",
  ],
  [
    "a join with ports of its own",
    "/matchmake/joinOrCreate/relay",
    { room: "0".repeat(20), ports: {} },
    400,
    "malformed",
  ],
  ["a join that is a list", "/matchmake/joinOrCreate/relay", ["0".repeat(20)], 400, "malformed"],
  ["a join that is no JSON", "/matchmake/joinOrCreate/relay", "room=1", 400, "malformed"],
];

test.for(bodies)("%s at %s is refused", async ([, path, body, status, code]) => {
  const { gateway } = await open();
  await expectRefusal(post(gateway, path, body), status, code);
  expect(({} as { pace?: unknown; listed?: unknown; x?: unknown; ports?: unknown }).pace).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect((await post(gateway, "/api/rooms", { contract: "echo" })).status).toBe(201);
});

test("a body that is not declared as JSON is not read", async () => {
  const { gateway } = await open();
  const response = post(gateway, "/api/rooms", { contract: "echo" }, { "content-type": "text/plain" });
  await expectRefusal(response, 400, "malformed");
});

test.for([
  "/matchmake/create/relay",
  "/matchmake/join/relay",
  "/matchmake/joinById/00000000000000000001",
  "/matchmake/reconnect/00000000000000000001",
  "/matchmake/joinOrCreate/lobby",
  "/matchmake/joinOrCreate/__proto__",
  "/matchmake/constructor/relay",
  "/matchmake/joinOrCreate/relay/",
  "/api/nothing",
])("%s does not exist", async (path) => {
  const { gateway, worker } = await open();
  worker.open();
  expect((await post(gateway, path, { room: "00000000000000000001" })).status).toBe(404);
});

test("a query that is no text is refused", async () => {
  const { gateway } = await open();
  await expectRefusal(fetch(`${gateway.url}/api/rooms?contract=a&contract=b`), 400, "malformed");
});
