/**
 * What a hostile contract does to the rooms beside it: how late their boundaries are, with and without it, by the worker's
 * own schedule.
 */
import type { Measured } from "./benches.ts";
import { arenaAssembly, arenaScript, withFiles } from "./engine/bundles.ts";
import { warmupSeconds, withRooms } from "./engine/rooms.ts";
import type { Window } from "./engine/rooms-process.ts";
import { attacks, hostileContracts, timesOf, type HostileContract } from "./neighbours/contracts.ts";
import type { Process } from "./processes/parent.ts";
import { manifestLimits } from "../server/protocol/manifest.ts";
import type { Options } from "./options.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";

interface Victims {
  readonly name: string;
  readonly contract: string;
  readonly rooms: number;
}

/** A part of what one core carries, so that there is something to take from them. */
const victimsOf = (quick: boolean): readonly Victims[] => [
  { name: "AssemblyScript", contract: "arena-assembly", rooms: quick ? 20 : 200 },
  { name: "TypeScript", contract: "arena-script", rooms: quick ? 4 : 15 },
];

interface Attackers {
  readonly contract: HostileContract;
  readonly attack: string;
  readonly rooms: number;
}

/** How many rooms attack at once. With the largest budget, one is as much as all others together. */
const attackersOf = ({ fuel }: HostileContract, quick: boolean): readonly number[] =>
  quick || fuel === manifestLimits.fuel ? [1] : [1, 3];

/** For the attackers to be known for what they are. */
const settleSeconds = 1;

export async function measureNeighbours({ quick }: Options): Promise<Measured> {
  progress("neighbours: contracts");
  const hostile = await hostileContracts();
  const attackers = hostile.flatMap((contract) =>
    attacks[contract.language]
      .slice(0, quick ? 2 : Infinity)
      .flatMap((attack) => attackersOf(contract, quick).map((rooms) => ({ contract, attack, rooms }))),
  );
  const bundles = [await arenaAssembly(), await arenaScript(), ...hostile.map(({ bundle }) => bundle)];
  const rows: Row[] = [];
  await withFiles(bundles, async (paths) => {
    for (const victims of victimsOf(quick)) {
      await withRooms(paths, async (process) => {
        await process.ask("open", { rooms: victims.rooms, contract: victims.contract });
        await process.ask("start");
        await process.ask("measure", warmupSeconds(quick));
        for (const each of [undefined, ...attackers]) {
          rows.push(await fared(process, victims, each, quick ? 2 : 8));
        }
      });
    }
  });
  return { rows, ratios: {} };
}

/** How the victims fared beside these. */
async function fared(
  process: Process,
  { name, contract, rooms }: Victims,
  attackers: Attackers | undefined,
  seconds: number,
): Promise<Row> {
  progress(`neighbours: ${rooms} rooms, ${name}, beside ${attackers?.contract.name ?? "nobody"}: ${attackers?.attack}`);
  if (attackers !== undefined) {
    const move = { attack: attackers.attack, times: await timesOf(attackers.contract) };
    await process.ask("open", { rooms: attackers.rooms, contract: attackers.contract.name, move });
  }
  await process.ask("measure", settleSeconds);
  const window = await process.ask<Window>("measure", seconds);
  if (attackers !== undefined) await process.ask("close", attackers.contract.name);
  return {
    name: `${rooms} rooms, ${name}`,
    attackers: attackers?.rooms ?? 0,
    in: attackers?.contract.language ?? null,
    fuel: attackers?.contract.fuel ?? null,
    attack: attackers?.attack ?? null,
    ...victimsRow(window, contract, attackers?.contract.name),
  };
}

export function victimsRow(
  { elapsedMs, busyMs, fared: all }: Window,
  victims: string,
  attackers?: string,
): Record<string, number | null> {
  const { ticks, missed, p50LateMs, p99LateMs, maxLateMs } = all[victims]!;
  const hostile = attackers === undefined ? undefined : all[attackers];
  return {
    p50_late_ms: p50LateMs,
    p99_late_ms: p99LateMs,
    max_late_ms: maxLateMs,
    missed_share: missed / (ticks + missed),
    busy_share: busyMs / elapsedMs,
    attackers_ticks: hostile?.ticks ?? null,
    attackers_stopped: hostile?.reopened ?? null,
  };
}
