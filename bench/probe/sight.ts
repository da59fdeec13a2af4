/** What operator and opponent can see in a system: found out by looking, and said in one sentence each. */
import { Process } from "../processes/parent.ts";
import { startOurs, type Running, type System } from "../systems.ts";
import type { Traffic } from "./main.ts";
import { searchMemory, type MemorySearch } from "./memory.ts";

export interface Findings extends Pick<Traffic, "host" | "others"> {
  /** The owner's name in the memory of what the host runs outside of an enclave; undefined if we could not look. */
  readonly memory: MemorySearch | undefined;
  /** Whether others got the seed that the room draws from; undefined for systems that do not give it away to us either. */
  readonly seed: boolean | undefined;
}

/** What the rows of a report say. */
export interface Sight {
  readonly operator_sees: string;
  readonly opponent_sees: string;
}

export async function look(system: System): Promise<Sight> {
  const probe = new Process("probe", "probe/main.ts");
  const running = await (system.system === "phatroom" ? startTapped(probe) : system.start());
  try {
    const traffic = await probe.ask<Traffic>("play", running.address);
    const { server } = running.servers;
    const seed =
      system.system === "boardgame.io" && server !== undefined
        ? await probe.ask<boolean>("othersHold", await server.ask<string>("seed", traffic.room))
        : undefined;
    const memory = memoryOf(running, traffic.ownersName);
    await probe.ask("leave");
    return sightOf({ ...traffic, memory, seed });
  } finally {
    await probe.stop();
    await running.stop();
  }
}

/** With the probe between gateway and worker, where the host can be as well. */
const startTapped = (probe: Process): Promise<Running> =>
  startOurs(async (path, target) => {
    await probe.ask("tap", { path, target });
  });

function memoryOf({ servers }: Running, text: string): MemorySearch | undefined {
  const { worker, gateway, server } = servers;
  const outside = gateway ?? server;
  if (outside === undefined) return undefined;
  // On the software platform the worker's memory lies open; if what must be in it is not found, the search is no good.
  if (worker !== undefined && searchMemory(worker.pid, text)?.found !== true) return undefined;
  return searchMemory(outside.pid, text);
}

export function sightOf({ host, others, memory, seed }: Findings): Sight {
  return { operator_sees: operatorSees(host, memory), opponent_sees: opponentSees(others, seed) };
}

function operatorSees(host: Findings["host"], memory: MemorySearch | undefined): string {
  const inTraffic = [...(host.bombs ? ["bombs"] : []), ...(host.names ? ["names"] : [])];
  const searched = `${inKilobytes(host.bytes)} of traffic`;
  const searchedMemory = memory === undefined ? "" : ` and ${Math.round(memory.bytes / 2 ** 20)} MiB of memory`;
  if (inTraffic.length === 0 && memory?.found !== true) {
    return `sizes and timing of ciphertext: neither bombs nor names in ${searched}${searchedMemory}`;
  }
  const found = [
    ...(inTraffic.length > 0 ? [`${inTraffic.join(" and ")} in ${searched}`] : []),
    ...(memory?.found === true ? ["names in memory"] : []),
  ].join(", ");
  return host.bombs && host.names ? `everything: ${found}` : found;
}

function opponentSees(others: Findings["others"], seed: boolean | undefined): string {
  const searched = inKilobytes(others.bytes);
  const found = [
    ...(others.bombs ? ["the other's bombs"] : []),
    ...(seed === true ? ["the seed of all draws, bombs that the room places included"] : []),
  ];
  if (found.length > 0) return `${found.join(" and ")}, in ${searched}`;
  return `no bombs of the other in ${searched}`;
}

const inKilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;
