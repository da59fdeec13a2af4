/**
 * Two hundred players who live in the hub of Phala World for ten minutes, by its development clock: whether memory stays flat,
 * how long ticks take, and what they do. Compared are the second fifth of the time and the last.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRoom } from "../client/sdk/lobby.ts";
import { buildContract } from "../server/cli/build-contract.ts";
import type { Measured } from "./benches.ts";
import { cores, pin } from "./fanout/servers.ts";
import type { HubAddress, Lived } from "./hub/folk.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile } from "./statistics.ts";
import { cpuMsBetween, momentOf } from "./usage-window.ts";

const fifths = 5;
const usual = { players: 200, seconds: 600 };
const quickly = { players: 30, seconds: 20 };

export async function measureHub({ quick, seconds, ...options }: Options): Promise<Measured> {
  const players = options.players ?? (quick ? quickly : usual).players;
  const each = (quick ? quickly.seconds : Math.max(seconds, usual.seconds)) / fifths;
  const folder = await mkdtemp(join(tmpdir(), "phatroom-bench-"));
  const worker = new Process("worker", "fanout/worker.ts");
  const gateway = new Process("gateway", "fanout/gateway.ts");
  const folk = new Process("players", "hub/folk.ts");
  for (const process of [worker, gateway]) pin(process, cores.servers);
  pin(folk, cores.clients);
  try {
    progress(`hub: ${players} players come`);
    await folk.ask("enter", { ...(await openHub(folder, worker, gateway)), players } satisfies HubAddress, (text) =>
      progress(`hub: ${text}`),
    );
    await folk.ask("live");
    const rows: Row[] = [];
    for (let fifth = 1; fifth <= fifths; fifth++) {
      progress(`hub: part ${fifth} of ${fifths}, ${each} s each`);
      rows.push(await measurePart(`part ${fifth}`, players, each, { worker, gateway, folk }));
    }
    await folk.ask("end");
    return { rows, ratios: growth(rows) };
  } finally {
    for (const process of [folk, gateway, worker]) await process.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openHub(folder: string, worker: Process, gateway: Process): Promise<Omit<HubAddress, "players">> {
  const entry = fileURLToPath(new URL("../contracts/phala-world/phala-world.ts", import.meta.url));
  const { bundle, hash, suffix } = await buildContract(entry);
  await writeFile(join(folder, `phala-world${suffix}`), bundle);
  const link = join(folder, "link");
  await worker.ask("start", { link, contracts: folder, plain: false });
  const { url } = await gateway.ask<{ url: string }>("start", { link });
  const room = await createRoom(url, { contract: "phala-world", options: { clock: "minutes" } });
  return { url, room, contract: hash };
}

interface Parts {
  readonly worker: Process;
  readonly gateway: Process;
  readonly folk: Process;
}

async function measurePart(name: string, players: number, seconds: number, { folk, ...servers }: Parts): Promise<Row> {
  await folk.ask("lived");
  await servers.worker.ask("ticks");
  const before = await momentOf({ ...servers });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const ticks = await servers.worker.ask<number[]>("ticks");
  const after = await momentOf({ ...servers });
  const held = await servers.worker.ask<number>("held");
  const { accepted, refused, heard, found, comings, failed } = await folk.ask<Lived>("lived");
  return {
    name,
    players,
    seconds,
    ticks_per_s: ticks.length / seconds,
    tick_p50_ms: percentile(ticks, 50),
    tick_p99_ms: percentile(ticks, 99),
    worker_cpu_ms_per_s: cpuMsBetween(before, after, ["worker"]) / seconds,
    worker_rss_mib: after.usages["worker"]!.rss / 2 ** 20,
    worker_held_mib: held / 2 ** 20,
    gateway_rss_mib: after.usages["gateway"]!.rss / 2 ** 20,
    moves_accepted: accepted,
    moves_refused: refused,
    messages_heard: heard,
    awards: found,
    comings,
    comings_failed: failed,
  };
}

/** The last part over the second. */
function growth(rows: readonly Row[]): Record<string, number> {
  const [early, late] = [rows[1]!, rows.at(-1)!];
  const keys = ["worker_held_mib", "worker_rss_mib", "gateway_rss_mib", "tick_p50_ms", "tick_p99_ms"];
  return Object.fromEntries(
    keys.map((key) => [
      `${key}: last / second`,
      Number(((late[key] as number) / (early[key] as number)).toPrecision(3)),
    ]),
  );
}
