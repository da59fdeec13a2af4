/**
 * Strangers bombard a real gateway, with a real worker behind it and every limit on: hostile WebSocket frames before and
 * after the join is acknowledged, and HTTP that no page sends. It must neither die nor grow nor find fault with itself,
 * every connection must end, and honest players must get through, meanwhile and afterwards.
 */
import type { RoomId } from "#protocol/identity.ts";
import { worldId } from "#protocol/manifest.ts";
import { createRoom, developmentPolicy, guestAccount, hexToBytes, info, join, memoryKeyStore } from "#client/index.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { playOut } from "../adversary/play-out.ts";
import type { Dot4Room } from "../adversary/stage.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";
import { spawnGateway, type GatewayProcess } from "./gateway-process.ts";
import { expectLimits } from "./greedy-visitor.ts";
import { HostileVisits } from "./hostile-visits.ts";
import { spawnWorker, world } from "./worker-process.ts";

/** Visits at once. */
const visitors = 24;
/** One HTTP request for so many sockets. */
const visitsPerRequest = 5;
const roomCount = 4;
/** Moves of one honest game. */
const honestMoves = 12;
/** Memory that a process may have gained over a run: V8 keeps what it once needed. */
const growthMax = 64 * 1024 * 1024;

export const fuzzGateway: DeepCheck = {
  name: "fuzz-gateway",
  unit: "hostile frames",
  full: 10_000_000,
  slice: 20_000,
  async run({ seed, count, progress }) {
    const worker = await spawnWorker();
    const gateway = await spawnGateway(worker.socket);
    const processes = [gateway.process, worker.process];
    const rooms = await makeRooms(gateway);
    const visits = new HostileVisits(gateway.port, rooms);
    let frames = 0;
    try {
      const honest = playHonestly(gateway);
      honest.catch(() => undefined);
      let next = 0;
      let warm: readonly number[] = [];
      const visitor = async (): Promise<void> => {
        while (frames < count) {
          const numbers = new SeededNumbers(Math.imul(seed, 0x9e3779b1) + next++);
          const sent = await visits.visit(numbers);
          frames += sent;
          if (next % visitsPerRequest === 0) await visits.ask(numbers);
          if (next % 100 === 0) {
            for (const process of processes) process.check("under fire");
            progress?.(frames);
          }
          if (warm.length === 0 && frames >= count / 10) warm = processes.map((process) => process.residentBytes());
        }
      };
      await Promise.all(Array.from({ length: visitors }, visitor));
      const grown = processes.map((process, i) => process.residentBytes() - warm[i]!);
      if (Math.max(...grown) > growthMax) throw new Error(`gateway and worker grew by ${grown.join(" and ")} bytes`);
      await honest;
      await expectLimits(visits, gateway.port, rooms.at(-1)!);
      visits.close();
      await everybodyGone(gateway);
      await playHonestly(gateway);
      for (const process of processes) process.check("at the end");
      return { count: frames, figures: await figuresOf(gateway, visits, grown) };
    } catch (cause) {
      throw new Error(`seed ${seed}, about frame ${frames}`, { cause });
    } finally {
      visits.close();
      await gateway.process.stop();
      await worker.stop();
    }
  },
};

/** Some that exist, and one that does not. */
async function makeRooms({ url }: GatewayProcess): Promise<RoomId[]> {
  const rooms = ["0123456789abcdef0123" as RoomId];
  while (rooms.length < roomCount) rooms.push(await createRoom(url, { contract: "dot4" }));
  return rooms;
}

/** Two honest players, who verify what they join, make some moves. */
async function playHonestly({ url }: GatewayProcess): Promise<void> {
  const { ready } = await info(url);
  const contract = hexToBytes(ready!.contracts.find(({ name }) => name === "dot4")!.hash);
  const room = await createRoom(url, { contract: "dot4" });
  const accounts = [await guestAccount(memoryKeyStore()), await guestAccount(memoryKeyStore())];
  const options = { room, contract, world: worldId(world), policy: developmentPolicy };
  const players: Dot4Room[] = [];
  for (const account of accounts) players.push(await join<typeof dot4>(url, { ...options, account }));
  const { refused } = await playOut(players, 1, honestMoves);
  for (const player of players) player.close();
  if (refused.length > 0) throw new Error(`an honest move was refused: ${refused.join(", ")}`);
}

/** No socket and no seat is left over. */
async function everybodyGone(gateway: GatewayProcess): Promise<void> {
  // The gateway gives those who do not answer its goodbye a few seconds each.
  for (let attempt = 0; attempt < 300; attempt++) {
    const counts = await gateway.counts();
    if (counts.get("connections") === 0 && counts.get("seats") === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("connections or seats are left over");
}

async function figuresOf(
  gateway: GatewayProcess,
  visits: HostileVisits,
  grown: readonly number[],
): Promise<Readonly<Record<string, number | string>>> {
  const counts = await gateway.counts();
  const endings = [...visits.endings].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  const [gatewayGrown, workerGrown] = grown.map((bytes) => Math.round(bytes / 2 ** 20));
  return {
    joins: counts.get("joins")!,
    relayed: counts.get("envelopes_in")!,
    requests: visits.requests,
    endings: endings.join(", "),
    gateway_grown_mib: gatewayGrown!,
    worker_grown_mib: workerGrown!,
  };
}
