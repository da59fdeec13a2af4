/** Which pages may use a gateway: its own, and those of origins that its operator names. */
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { bodyOf, expectRefusal, upgradeStatus } from "./asking.ts";
import { open, post, reserve } from "./harness.ts";

const foreign = { origin: "https://evil.example" };

test("a page of another origin can make, match, list and join nothing", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }, foreign), 403, "origin-refused");
  await expectRefusal(post(gateway, "/api/match", { contract: "echo" }, foreign), 403, "origin-refused");
  await expectRefusal(fetch(`${gateway.url}/api/rooms`, { headers: foreign }), 403, "origin-refused");
  await expectRefusal(post(gateway, "/matchmake/joinOrCreate/relay", { room }, foreign), 403, "origin-refused");
  const preflight = await fetch(`${gateway.url}/api/rooms`, { method: "OPTIONS", headers: foreign });
  expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
  expect(await upgradeStatus(gateway, await reserve(gateway, room), foreign)).toBe(403);
});

test("a page of an allowed origin may, and only it is named", async () => {
  const { gateway } = await open({ origins: ["https://play.example"] });
  const headers = { origin: "https://play.example" };
  const response = await post(gateway, "/api/rooms", { contract: "echo" }, headers);
  expect(response.status).toBe(201);
  expect(response.headers.get("access-control-allow-origin")).toBe("https://play.example");
  expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  expect(response.headers.get("vary")).toContain("Origin");
  const { room } = await bodyOf<{ room: RoomId }>(response);
  expect(await upgradeStatus(gateway, await reserve(gateway, room), headers)).toBe(101);
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }, foreign), 403, "origin-refused");
});

test("the gateway's own page may, whatever name this machine has", async () => {
  const { gateway } = await open();
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    const headers = { origin: `http://${host}:${gateway.port}` };
    expect((await post(gateway, "/api/rooms", { contract: "echo" }, headers)).status).toBe(201);
  }
  // A name that somebody else points here is nobody we know.
  const rebound = { origin: `http://evil.example:${gateway.port}`, host: `evil.example:${gateway.port}` };
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }, rebound), 403, "origin-refused");
});

test("any origin may where the operator says so", async () => {
  const { gateway } = await open({ origins: ["*"] });
  expect((await post(gateway, "/api/rooms", { contract: "echo" }, foreign)).status).toBe(201);
});
