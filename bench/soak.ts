/**
 * Five hundred players in one room for twenty minutes: whether memory stays flat, and ticks do not get longer. Both are
 * compared between the second fifth of the time, when everything is compiled and every buffer has grown, and the last.
 */
import type { Counted, CrowdAddress } from "./fanout/crowd.ts";
import { cores, pin, startServers } from "./fanout/servers.ts";
import { hz, sides, tickMs } from "./fanout/steering.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile } from "./statistics.ts";
import { momentOf } from "./usage-window.ts";

const fifths = 5;
const usualSeconds = 20 * 60;
const quickSeconds = 20;

export async function measureSoak({ quick, players = quick ? 50 : 500, seconds }: Options): Promise<Measured> {
  const servers = await startServers("phatroom", sides[players]!);
  const crowd = new Process("clients", "fanout/crowd.ts");
  pin(crowd, cores.clients);
  const say = (text: string): void => progress(`soak: ${players} players: ${text}`);
  try {
    say("joining");
    await crowd.ask("enter", { ...servers.address, players, probes: 20 } satisfies CrowdAddress, say);
    await crowd.ask("play");
    const each = (quick ? quickSeconds : Math.max(seconds, usualSeconds)) / fifths;
    const rows: Row[] = [];
    for (let fifth = 1; fifth <= fifths; fifth++) {
      say(`part ${fifth} of ${fifths}, ${each} s each`);
      await crowd.ask("reset");
      await servers.ticking.ask("ticks");
      await new Promise((resolve) => setTimeout(resolve, each * 1000));
      const ticks = await servers.ticking.ask<number[]>("ticks");
      const counted = await crowd.ask<Counted>("counted");
      const { usages } = await momentOf(servers.processes);
      rows.push({
        name: `part ${fifth}`,
        players,
        seconds: each,
        ticks_per_s: ticks.length / each,
        overruns: ticks.filter((ms) => ms > tickMs).length + Math.max(0, Math.floor(each * hz) - 1 - ticks.length),
        tick_p50_ms: percentile(ticks, 50),
        tick_p99_ms: percentile(ticks, 99),
        frames_per_s_per_client: counted.frames / each / players,
        ...Object.fromEntries(Object.entries(usages).map(([name, { rss }]) => [`${name}_rss_mib`, rss / 2 ** 20])),
      });
    }
    return { rows, ratios: growth(rows) };
  } finally {
    await crowd.stop();
    await servers.stop();
  }
}

/** The last part over the second. */
function growth(rows: readonly Row[]): Record<string, number> {
  const [early, late] = [rows[1]!, rows.at(-1)!];
  const keys = ["worker_rss_mib", "gateway_rss_mib", "tick_p50_ms", "tick_p99_ms"];
  return Object.fromEntries(
    keys.map((key) => [
      `${key}: last / second`,
      Number(((late[key] as number) / (early[key] as number)).toPrecision(3)),
    ]),
  );
}
