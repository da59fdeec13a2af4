/** The operator's page: closed without its password, and for looking only. */
import { expect, test } from "vitest";
import { joinRelay, open } from "./harness.ts";

const operatorPassword = "correct horse battery";

const authorization = (password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`operator:${password}`).toString("base64")}`,
});

test("without a password in its configuration a gateway has no such page", async () => {
  const { gateway } = await open();
  const response = await fetch(`${gateway.url}/monitor/`, { headers: authorization(operatorPassword) });
  expect(response.status).toBe(404);
});

test.for([
  ["no authorization", {}],
  ["a wrong password", authorization("wrong")],
  ["an empty password", authorization("")],
  ["the password and more", authorization(`${operatorPassword}!`)],
  ["a bearer token", { authorization: `Bearer ${operatorPassword}` }],
  ["no base64", { authorization: "Basic %%%" }],
  ["no colon", { authorization: `Basic ${Buffer.from(operatorPassword).toString("base64")}` }],
] as const)("%s opens nothing", async ([, headers]) => {
  const { gateway } = await open({ operatorPassword, limits: { passwordsPerMinute: 100 } });
  for (const path of ["/monitor", "/monitor/", "/monitor/api", "/monitor/api/room?roomId=1", "/monitor/index.html"]) {
    const response = await fetch(gateway.url + path, { headers });
    expect([path, response.status]).toEqual([path, 401]);
    expect(response.headers.get("www-authenticate")).toContain("Basic");
  }
});

test("the password shows the page and its rooms, as often as it is asked", async () => {
  const { gateway, worker } = await open({ operatorPassword, limits: { passwordsPerMinute: 4 } });
  const room = worker.open();
  await joinRelay(gateway, room);
  const headers = authorization(operatorPassword);
  const page = await fetch(`${gateway.url}/monitor/`, { headers });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("<script");
  for (let i = 0; i < 10; i++) {
    const response = await fetch(`${gateway.url}/monitor/api`, { headers });
    expect(response.status).toBe(200);
    const { rooms } = (await response.json()) as { rooms: { roomId: string; name: string; clients: number }[] };
    expect(rooms.map(({ roomId, name, clients }) => ({ roomId, name, clients }))).toEqual([
      { roomId: room, name: "relay", clients: 1 },
    ]);
  }
});

const callPaths = [
  "/monitor/api/room/call",
  "/monitor/api/room/call/",
  "/monitor//api/room/call",
  "/monitor/API/room/call",
  "/monitor/api//room/call",
  "/monitor/%61pi/room/call",
  "/monitor/api/room%2fcall",
];

test("not even the operator can call a room's methods", async () => {
  const { gateway, worker } = await open({ operatorPassword });
  const room = worker.open();
  const player = await joinRelay(gateway, room);
  const headers = authorization(operatorPassword);
  for (const method of ["disconnect", "_forceClientDisconnect", "_sendMessageToClient", "broadcast", "constructor"]) {
    const query = new URLSearchParams({ roomId: room, method, args: "[]" });
    for (const path of callPaths) {
      const response = await fetch(`${gateway.url}${path}?${query.toString()}`, { headers });
      expect([path, [403, 404].includes(response.status)]).toEqual([path, true]);
    }
  }
  const posted = await fetch(`${gateway.url}/monitor/api/room`, { method: "POST", headers });
  expect(posted.status).toBe(403);
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));
});

test("guessing is slow", async () => {
  const { gateway } = await open({ operatorPassword, limits: { passwordsPerMinute: 8 } });
  const attempt = async (password: string): Promise<number> =>
    (await fetch(`${gateway.url}/monitor/`, { headers: authorization(password) })).status;
  expect([await attempt("a"), await attempt("b"), await attempt("c"), await attempt(operatorPassword)]).toEqual([
    401, 401, 429, 429,
  ]);
});
