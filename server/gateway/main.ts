/** Starts a gateway: `node server/gateway/main.ts --worker <address>`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, parseCommandLine, usage } from "./config.ts";
import { startGateway } from "./gateway.ts";
import { StoreError } from "#protocol/store.ts";
import { openLog } from "./log.ts";
import { storeTrouble } from "./store/sentences.ts";

async function run(): Promise<void> {
  if (process.argv.includes("--help")) {
    process.stdout.write(usage);
    return;
  }
  const { config, logLevel } = parseCommandLine(process.argv.slice(2), process.env);
  const { page } = config;
  if (page !== undefined && !existsSync(join(page, "index.html")))
    throw new ConfigError(`--page must be the folder of a built page: there is no ${join(page, "index.html")}`);
  const gateway = await startGateway({ ...config, log: openLog(logLevel) });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // The first asks; with the second somebody means it.
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      void gateway.close().then(() => process.exit(0));
    });
  }
}

run().catch((error: unknown) => {
  const reason = reasonOf(error);
  process.stderr.write(error instanceof ConfigError ? `${reason}\n\n${usage}` : `cannot start: ${reason}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
});

function reasonOf(error: unknown): string {
  if (error instanceof StoreError) return storeTrouble(error);
  return error instanceof Error ? error.message : "unknown";
}
