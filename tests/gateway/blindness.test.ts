/** What the gateway writes down and counts: nothing of what it relays, and nothing that tells its clients apart. */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { bareSocket, joinRelay, open, post, reserve } from "./harness.ts";

/** The ways in which bytes end up in a text. */
function spellings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [
    buffer.toString("hex"),
    buffer.toString("base64").replace(/=+$/, ""),
    buffer.toString("base64url"),
    [...bytes].join(","),
    [...bytes].map((byte) => byte.toString(16)).join(" "),
    buffer.toString("latin1"),
  ];
}

test("after games, refusals and garbage, neither log nor metrics hold a byte, an id, a name or an address", async () => {
  const { gateway, worker, lines, events } = await open({ limits: { joinsPerMinute: 100 } });
  const secrets: string[] = [];
  const room = worker.open();
  for (let i = 0; i < 4; i++) {
    const player = await joinRelay(gateway, room);
    const envelope = new Uint8Array(randomBytes(64));
    secrets.push(...spellings(envelope), player.room.sessionId, player.room.reconnectionToken.split(":")[1]!);
    player.room.sendBytes("~", envelope);
    expect(await player.received.next()).toEqual(envelope);
    player.room.connection.close();
  }
  const broken = await bareSocket(gateway, room);
  const garbage = new Uint8Array(randomBytes(64));
  secrets.push(...spellings(garbage));
  broken.raw.send(garbage);
  await broken.ended;
  const seat = await reserve(gateway, room);
  secrets.push(room, seat.searchParams.get("sessionId")!, seat.pathname.split("/")[1]!, "127.0.0.1", "::1");
  const tell = { name: "Aurelia-Secret", token: "sekrit-token", room };
  secrets.push("Aurelia-Secret", "sekrit-token");
  await post(gateway, "/matchmake/joinOrCreate/relay", tell);
  await post(gateway, "/api/rooms", { contract: "Aurelia-Secret" }, { authorization: "Bearer sekrit-token" });
  await post(gateway, "/api/rooms", "Aurelia-Secret", { "x-forwarded-for": "203.0.113.77" });
  secrets.push("203.0.113.77");
  worker.refuse(1, "left");
  await worker.close();
  await events.until(({ event }) => event === "worker-lost");
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  await gateway.close();

  expect(lines.length).toBeGreaterThan(8);
  const written = lines.join("") + metrics;
  for (const secret of secrets) expect(written).not.toContain(secret);
});

test("metrics are counts: every label is a code of ours", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  player.send(1, 2, 3);
  await player.received.next();
  await post(gateway, "/api/rooms", { contract: "none" });
  const response = await fetch(`${gateway.url}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain");
  const text = await response.text();
  expect(text).toContain("phatroom_gateway_envelopes_in_total 1\n");
  expect(text).toContain("phatroom_gateway_bytes_in_total 3\n");
  expect(text).toContain("phatroom_gateway_connections 1\n");
  expect(text).toContain("phatroom_gateway_seats 1\n");
  expect(text).toContain('phatroom_gateway_refusals_total{code="contract-unknown"} 1\n');
  expect([...text.matchAll(/\{(\w+)=/g)].map(([, label]) => label)).toEqual(["code"]);
});
