/** Starts a worker: `node main.js <configuration file>`. The only place that knows all parts. */
import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { parseWorkerConfig, type WorkerConfig } from "./config.ts";
import { CollateralDesk } from "./collateral-desk.ts";
import { loadContractFolder, loadEarlier, loadLineageTerms } from "./contract-folder.ts";
import { refuseOnHardware, refuseWithoutProtection } from "./hardware.ts";
import { dstackPlatform } from "./platform/dstack/dstack.ts";
import { GuestAgent } from "./platform/dstack/guest-agent.ts";
import type { Platform } from "./platform/platform.ts";
import { softwarePlatform } from "./platform/software.ts";
import { unavailablePlatform } from "./platform/unavailable.ts";
import { contractEngine } from "./sandbox/engine.ts";
import { startWatchdog } from "./watchdog.ts";
import { startWorker } from "./worker.ts";

const log = pino({ base: { process: "worker" }, timestamp: pino.stdTimeFunctions.isoTime });

async function run(configFile: string): Promise<void> {
  const config = parseWorkerConfig(await readFile(configFile, "utf8"));
  refuseWithoutProtection(config);
  const collateral = new CollateralDesk();
  const platform = await openPlatform(config, collateral);
  const info = await platform.info();
  const { label, fingerprint } = info;
  log.info({ label, fingerprint }, "platform");
  refuseOnHardware(config, info);
  const inspect = (line: string): void => log.warn({ inspect: line }, "contract");
  const watchdog = startWatchdog();
  const engine = await contractEngine();
  const contracts = await loadContractFolder(engine, config.contracts, config.inspect ? inspect : undefined);
  const worker = await startWorker({
    address: config.address,
    world: config.world,
    platform,
    collateral,
    contracts,
    earlier: await loadEarlier(engine, config.contracts),
    terms: await loadLineageTerms(config.contracts),
    chain: config.chain,
    beat: () => watchdog.beat(),
    log: ({ event, ...fields }) => log.info(fields, event),
    ...(config.inspect ? { fault: (contract, detail) => inspect(`${contract}: ${detail}`) } : {}),
  });
  log.info({ address: worker.address, contracts: contracts.map(({ manifest }) => manifest.name) }, "listening");
  let closing: Promise<void> | undefined;
  const close = (): void => void (closing ??= worker.close());
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, close);
  if (config.supervised) {
    process.stdin.on("end", close).resume();
    // An open standard input would keep a worker that has closed from ending.
    process.stdin.unref();
  }
}

async function openPlatform(config: WorkerConfig, collateral: CollateralDesk): Promise<Platform> {
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

const [configFile] = process.argv.slice(2);
if (configFile === undefined) {
  log.fatal("name the configuration file: node main.js <file>");
  process.exitCode = 2;
} else {
  run(configFile).catch((error: unknown) => {
    log.fatal({ reason: error instanceof Error ? error.message : typeof error }, "cannot start");
    process.exitCode = 1;
  });
}
