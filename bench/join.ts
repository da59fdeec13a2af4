/**
 * How long the second player of a room needs from the call to the first view, one join after the other.
 *
 * Ours twice: with the full handshake, in which the client verifies a quote, and when a lost line is resumed.
 */
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Sight } from "./probe/sight.ts";
import { ratiosTo, type Row } from "./report.ts";
import { percentile } from "./statistics.ts";
import type { System } from "./systems.ts";
import { cpuMsBetween, momentOf, waitShareBetween, type Moment, type Named } from "./usage-window.ts";

/** Before anything counts: code is compiled by then, as on a server that has been up for a minute. */
const warmupJoins = 20;

export async function measureJoins(system: System, sight: Sight, { joins }: Options): Promise<Row[]> {
  const running = await system.start();
  const bots = new Process("bots", "bots/main.ts");
  const processes: Named<Process> = { ...running.servers, bots };
  const servers = Object.keys(running.servers);
  const say = (text: string): void => progress(`join: ${system.name}: ${text}`);
  const measured = async (kind: string, ask: "join" | "resume", name: string): Promise<Row> => {
    say(kind);
    const from = await momentOf(processes);
    const times = await bots.ask<number[]>(ask);
    const to = await momentOf(processes);
    return { ...joinRow(name, times, { from, to, servers }), ...sight };
  };
  try {
    await bots.ask("enter", running.address);
    say("warming up");
    await bots.ask("prepare", { rooms: warmupJoins });
    await bots.ask("join");
    if (system.system === "phatroom") await bots.ask("resume");
    await bots.ask("leave");
    say("opening rooms");
    await bots.ask("prepare", { rooms: joins });
    if (system.system !== "phatroom") return [await measured("joining", "join", system.name)];
    const cold = await measured("joining", "join", `${system.name}, attested`);
    return [cold, await measured("resuming", "resume", `${system.name}, resumed`)];
  } finally {
    await bots.stop();
    await running.stop();
  }
}

export interface Window {
  readonly from: Moment;
  readonly to: Moment;
  readonly servers: readonly string[];
}

/** @param times in ms, one for each join of the window. */
export function joinRow(name: string, times: readonly number[], { from, to, servers }: Window): Row {
  return {
    name,
    joins: times.length,
    p50_ms: percentile(times, 50),
    p95_ms: percentile(times, 95),
    max_ms: percentile(times, 100),
    server_cpu_ms_per_join: cpuMsBetween(from, to, servers) / times.length,
    client_cpu_ms_per_join: cpuMsBetween(from, to, ["bots"]) / times.length,
    wait_for_core_share: waitShareBetween(from, to, [...servers, "bots"]),
  };
}

export const joinRatios = (rows: readonly Row[]): Record<string, number> => ({
  ...ratiosTo(rows, "phatroom, attested", "p95_ms"),
  ...ratiosTo(rows, "phatroom, attested", "server_cpu_ms_per_join"),
});
