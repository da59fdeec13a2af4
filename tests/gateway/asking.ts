/** Asking a gateway by HTTP, and how it refuses. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "vitest";
import type { Gateway } from "#gateway/gateway.ts";
import type { Listing } from "#protocol/control.ts";

export interface Refusal {
  readonly code: string;
  readonly sentence: string;
}

export const bodyOf = async <T>(response: Response | Promise<Response>): Promise<T> =>
  (await (await response).json()) as T;

export async function expectRefusal(
  response: Response | Promise<Response>,
  status: number,
  code: string,
): Promise<void> {
  const answer = await response;
  const body = await bodyOf<Refusal>(answer);
  expect([answer.status, body.code]).toEqual([status, code]);
  expect(body.sentence.length).toBeGreaterThan(10);
}

export const list = async (gateway: Gateway, query = ""): Promise<readonly Listing[]> =>
  (await bodyOf<{ rooms: Listing[] }>(fetch(`${gateway.url}/api/rooms${query}`))).rooms;

/** The status with which an upgrade to a WebSocket is answered. */
export async function upgradeStatus(
  gateway: Gateway,
  { pathname, search }: URL,
  headers: Record<string, string> = {},
): Promise<number> {
  const socket = connect(gateway.port, "127.0.0.1");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n${lines.join("")}\r\n`,
  );
  const [chunk] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString("latin1"))?.[1]);
}
