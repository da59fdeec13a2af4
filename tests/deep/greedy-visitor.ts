/** One address that wants more of everything than one address may have, and gets it refused while others are served. */
import { numberOfCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { gatewayLimits } from "#gateway/limits.ts";
import { acknowledgement } from "./hostile-frames.ts";
import { Visit, type HostileVisits } from "./hostile-visits.ts";
import { FrameWriter } from "./web-socket.ts";

const greedy = "10.6.6.6";
const other = "10.7.7.7";

/** @throws Error if a limit does not hold, or holds for somebody else. */
export async function expectLimits(visits: HostileVisits, port: number, room: RoomId): Promise<void> {
  const targets: string[] = [];
  for (;;) {
    const target = await visits.reserve(room, greedy);
    if (target === undefined) break;
    targets.push(target);
    if (targets.length > gatewayLimits.joinsPerMinute) throw new Error("joins are not limited");
  }
  const codes = await Promise.all(targets.map((target) => flood(port, target)));
  const expected = 4200 + numberOfCode("rate-limited");
  if (codes.some((code) => code !== expected)) throw new Error(`floods ended with ${codes.join(", ")}`);
  const made = await statuses(visits, "/api/rooms", { contract: "dot4" }, gatewayLimits.creationsPerMinute);
  if (!made.includes(429)) throw new Error(`making rooms is not limited: ${made.join(", ")}`);
  const asked = await statuses(visits, "/api/match", {}, gatewayLimits.requestsPerMinute);
  if (!asked.includes(429)) throw new Error("requests are not limited");
  if ((await visits.reserve(room, other)) === undefined) throw new Error("somebody else's join is refused");
}

/** More messages at once than a client may send; each by itself would be welcome. */
async function flood(port: number, target: string): Promise<number | undefined> {
  const visit = new Visit(port, target, greedy);
  visit.start();
  await visit.opened;
  const writer = new FrameWriter();
  writer.put({ payload: acknowledgement });
  for (let i = 0; i < 10 * gatewayLimits.messagesPerSecond; i++) writer.put({ payload: Uint8Array.of(18) });
  visit.send(writer.take());
  return visit.ended;
}

async function statuses(visits: HostileVisits, path: string, body: object, times: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push((await visits.post(path, body, greedy)).status);
  return all;
}
