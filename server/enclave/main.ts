/** Starts a worker: `node main.js <configuration file>`. The only place that knows all parts. */
import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { parseWorkerConfig, type WorkerConfig } from "./config.ts";
import { loadContractFolder } from "./contract-folder.ts";
import type { Platform } from "./platform/platform.ts";
import { softwarePlatform } from "./platform/software.ts";
import { unavailablePlatform } from "./platform/unavailable.ts";
import { quickJsEngine } from "./sandbox/quickjs/engine.ts";
import { startWorker } from "./worker.ts";

const log = pino({ base: { process: "worker" }, timestamp: pino.stdTimeFunctions.isoTime });

async function run(configFile: string): Promise<void> {
  const config = parseWorkerConfig(await readFile(configFile, "utf8"));
  const platform = await openPlatform(config);
  const { label, fingerprint } = await platform.info();
  log.info({ label, fingerprint }, "platform");
  const inspect = (line: string): void => log.warn({ inspect: line }, "contract");
  const contracts = await loadContractFolder(
    await quickJsEngine(),
    config.contracts,
    config.inspect ? inspect : undefined,
  );
  const worker = await startWorker({
    address: config.address,
    world: config.world,
    platform,
    contracts,
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

const openPlatform = async ({ platform, directory }: WorkerConfig): Promise<Platform> =>
  platform === "software" ? softwarePlatform({ directory }) : unavailablePlatform();

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
