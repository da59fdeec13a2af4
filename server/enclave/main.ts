/** Starts a worker: `node main.js <configuration file>`. The only place that knows all parts. */
import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { parseWorkerConfig, type WorkerConfig } from "./config.ts";
import { refuseOnHardware, refuseWithoutProtection } from "./hardware.ts";
import { hostRooms, openPlatform, type OpenedPlatform } from "./hosting.ts";
import { startThreads } from "./threads/threads.ts";
import { startWatchdog } from "./watchdog.ts";

const log = pino({ base: { process: "worker" }, timestamp: pino.stdTimeFunctions.isoTime });

async function run(configFile: string): Promise<void> {
  const config = parseWorkerConfig(await readFile(configFile, "utf8"));
  refuseWithoutProtection(config);
  const opened = await openPlatform(config);
  const info = await opened.platform.info();
  const { label, fingerprint } = info;
  log.info({ label, fingerprint }, "platform");
  refuseOnHardware(config, info);
  const stop = config.threads === 1 ? await runAlone(config, opened) : await runThreads(config);
  let closing: Promise<void> | undefined;
  const close = (): void => void (closing ??= stop());
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, close);
  if (config.supervised) {
    process.stdin.on("end", close).resume();
    // An open standard input would keep a worker that has closed from ending.
    process.stdin.unref();
  }
}

/** Rooms in this thread. Returns what stops them. */
async function runAlone(config: WorkerConfig, opened: OpenedPlatform): Promise<() => Promise<void>> {
  const watchdog = startWatchdog();
  const { worker, contracts } = await hostRooms(config, opened, {
    beat: () => watchdog.beat(),
    log: ({ event, ...fields }) => log.info(fields, event),
    inspect: (line) => log.warn({ inspect: line }, "contract"),
  });
  log.info({ address: worker.address, contracts }, "listening");
  return () => worker.close();
}

/** Rooms in threads, which this one looks after. Returns what stops them. */
async function runThreads(config: WorkerConfig): Promise<() => Promise<void>> {
  const threads = await startThreads({
    config,
    log: (thread, { event, ...fields }) => log.info({ thread, ...fields }, event),
    inspect: (thread, line) => log.warn({ thread, inspect: line }, "contract"),
    gaveUp: () => {
      log.fatal("threads end as soon as they are started again");
      process.exitCode = 1;
    },
  });
  return () => threads.close();
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
