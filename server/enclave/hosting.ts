/** Rooms in the thread that calls this: its platform, its contracts, its worker. Another thread has its own of each. */
import { CollateralDesk } from "./collateral-desk.ts";
import type { WorkerConfig } from "./config.ts";
import { loadContractFolder, loadEarlier, loadLineageTerms } from "./contract-folder.ts";
import { dstackPlatform } from "./platform/dstack/dstack.ts";
import { GuestAgent } from "./platform/dstack/guest-agent.ts";
import type { Platform } from "./platform/platform.ts";
import { softwarePlatform } from "./platform/software.ts";
import { unavailablePlatform } from "./platform/unavailable.ts";
import { contractEngine } from "./sandbox/engine.ts";
import { startWorker, type Worker, type WorkerEvent, type WorkerSetup } from "./worker.ts";

/** A platform, and where it asks for the vendor's statements. */
export interface OpenedPlatform {
  readonly platform: Platform;
  readonly collateral: CollateralDesk;
}

export interface HostingPorts {
  readonly beat: () => void;
  readonly log: (event: WorkerEvent) => void;
  /** What contracts do wrong, and may hold secrets: for development worlds that say "inspect". */
  readonly inspect: (line: string) => void;
}

export interface Hosting {
  readonly worker: Worker;
  /** Of the contracts that rooms are made of. */
  readonly contracts: readonly string[];
}

/** @throws PlatformError "platform-unavailable". */
export async function openPlatform(config: WorkerConfig): Promise<OpenedPlatform> {
  const collateral = new CollateralDesk();
  return { collateral, platform: await platformOf(config, collateral) };
}

async function platformOf(config: WorkerConfig, collateral: CollateralDesk): Promise<Platform> {
  switch (config.platform) {
    case "dstack":
      return dstackPlatform({
        agent: new GuestAgent(config.agent),
        collateral,
        now: () => performance.now(),
        wallTime: () => Math.floor(Date.now() / 1000),
      });
    case "software":
      return softwarePlatform({ directory: config.directory });
    case "unavailable":
      return unavailablePlatform();
  }
}

/**
 * @param more what tells this thread from others, if there are any.
 * @throws Error with a sentence for whoever starts the worker; what the platform and the system throw.
 */
export async function hostRooms(
  config: WorkerConfig,
  opened: OpenedPlatform,
  { beat, log, inspect }: HostingPorts,
  more: Partial<Pick<WorkerSetup, "address" | "threads" | "issues">> = {},
): Promise<Hosting> {
  const engine = await contractEngine();
  const contracts = await loadContractFolder(engine, config.contracts, config.inspect ? inspect : undefined);
  const worker = await startWorker({
    address: config.address,
    world: config.world,
    ...opened,
    contracts,
    earlier: await loadEarlier(engine, config.contracts),
    terms: await loadLineageTerms(config.contracts),
    chain: config.chain,
    beat,
    log,
    ...(config.inspect ? { fault: (contract, detail) => inspect(`${contract}: ${detail}`) } : {}),
    ...more,
  });
  return { worker, contracts: contracts.map(({ manifest }) => manifest.name) };
}
