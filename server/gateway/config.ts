/** What a gateway is started with, read from flags and environment. A flag beats its variable; neither is ever guessed. */
import { parseArgs } from "node:util";
import type { Level } from "pino";
import { parseLinkAddress } from "#protocol/link-address.ts";
import type { GatewayConfig } from "./gateway.ts";
import { isModerator } from "#protocol/report.ts";
import { gatewayLimits, type GatewayLimits } from "./limits.ts";
import { parseOrigin } from "./origins.ts";
import type { StoreConfig } from "./store/open.ts";
import { isWorkerName, type WorkerPlace } from "./workers.ts";

export interface CommandLine {
  readonly config: Omit<GatewayConfig, "log">;
  readonly logLevel: Level | "silent";
}

/** A mistake of whoever starts the gateway; the message says which setting, and what it must be. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export const usage = `phatroom gateway

  --worker <path | tcp://host:port>   where the worker listens                  PHATROOM_WORKER
  --more-worker <name>=<path | tcp…>  another one; may be given several times   PHATROOM_MORE_WORKERS, by commas
  --worker-command <json>             ["node","worker.js",…]: start it here     PHATROOM_WORKER_COMMAND
  --collateral <url>                  the hardware maker's service or a cache   PHATROOM_COLLATERAL
  --requests <carry | refuse>         what contracts ask the internet           PHATROOM_REQUESTS, default carry
  --chain <ws://…>                    a node of the chain that items are on     PHATROOM_CHAIN
  --relay-chain <ws://…>              of its relay chain, if that finalizes it  PHATROOM_RELAY_CHAIN
  --store <sqlite:folder | none>      what rooms survive in; default none       PHATROOM_STORE, also postgres://…
  --host <name>                       default 127.0.0.1                         PHATROOM_HOST
  --port <number>                     default 2567; 0 lets the system choose    PHATROOM_PORT
  --moderator <64 hex digits>         who may fetch the reports of its store    PHATROOM_MODERATOR
  --page <folder>                     the built page                            PHATROOM_PAGE
  --origin <origin | *>               may be given several times                PHATROOM_ORIGINS, by commas
  --trusted-proxies <number>          that append to X-Forwarded-For; default 0 PHATROOM_TRUSTED_PROXIES
  --limit <name>=<number>             may be given several times                PHATROOM_LIMITS, by commas
  --log-level <level>                 default info                              PHATROOM_LOG_LEVEL

  The operator's password opens /monitor and is read from PHATROOM_OPERATOR_PASSWORD only: flags can be seen by others.
  So is a database's address, postgres://user:password@host/database, from PHATROOM_STORE.
  Limits: ${Object.keys(gatewayLimits).join(", ")}
`;

const defaultPort = 2567;

/** Short ones are guessed within the rate that is allowed. */
const passwordLengthMin = 12;

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError */
export function parseCommandLine(args: readonly string[], environment: Environment): CommandLine {
  const flags = parseFlags(args);
  const setting = (flag: string | undefined, variable: string): string | undefined => flag ?? environment[variable];
  const several = (given: string[] | undefined, variable: string): string[] => given ?? listed(environment[variable]);
  const port = setting(flags.port, "PHATROOM_PORT");
  const proxies = setting(flags["trusted-proxies"], "PHATROOM_TRUSTED_PROXIES");
  return {
    config: {
      worker: parseWorker(setting(flags.worker, "PHATROOM_WORKER")),
      moreWorkers: parseMoreWorkers(several(flags["more-worker"], "PHATROOM_MORE_WORKERS")),
      workerCommand: parseCommand(setting(flags["worker-command"], "PHATROOM_WORKER_COMMAND")),
      collateral: parseService(setting(flags.collateral, "PHATROOM_COLLATERAL")),
      requests: parseRequests(setting(flags.requests, "PHATROOM_REQUESTS")),
      host: setting(flags.host, "PHATROOM_HOST"),
      port: port === undefined ? defaultPort : whole("--port", port, 0, 65_535),
      page: setting(flags.page, "PHATROOM_PAGE"),
      origins: several(flags.origin, "PHATROOM_ORIGINS").map(checkOrigin),
      trustedProxies: proxies === undefined ? 0 : whole("--trusted-proxies", proxies, 0, 8),
      chain: parseNode("--chain", setting(flags.chain, "PHATROOM_CHAIN")),
      relayChain: parseNode("--relay-chain", setting(flags["relay-chain"], "PHATROOM_RELAY_CHAIN")),
      store: chooseStore(flags.store, environment["PHATROOM_STORE"]),
      moderator: parseModerator(setting(flags.moderator, "PHATROOM_MODERATOR")),
      operatorPassword: checkPassword(environment["PHATROOM_OPERATOR_PASSWORD"]),
      limits: parseLimits(several(flags.limit, "PHATROOM_LIMITS")),
    },
    logLevel: checkLevel(setting(flags["log-level"], "PHATROOM_LOG_LEVEL") ?? "info"),
  };
}

function parseFlags(args: readonly string[]) {
  const text = { type: "string" } as const;
  const texts = { type: "string", multiple: true } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        worker: text,
        "more-worker": texts,
        "worker-command": text,
        collateral: text,
        requests: text,
        chain: text,
        "relay-chain": text,
        store: text,
        host: text,
        port: text,
        moderator: text,
        page: text,
        origin: texts,
        "trusted-proxies": text,
        limit: texts,
        "log-level": text,
      },
    }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : "the arguments cannot be read");
  }
}

function parseWorker(text: string | undefined): GatewayConfig["worker"] {
  const address = text === undefined ? undefined : parseLinkAddress(text);
  if (address === undefined) throw new ConfigError("--worker must be the path of a Unix socket or tcp://host:port");
  return address;
}

function parseMoreWorkers(entries: readonly string[]): WorkerPlace[] {
  const workers = entries.map((entry) => {
    const [, name, where = ""] = /^([^=]*)=(.*)$/.exec(entry) ?? [];
    const address = parseLinkAddress(where);
    if (!isWorkerName(name) || address === undefined) {
      throw new ConfigError("--more-worker must be <name>=<path> or <name>=tcp://host:port");
    }
    return { name, address };
  });
  const names = ["main", ...workers.map(({ name }) => name)];
  if (new Set(names).size < names.length) throw new ConfigError("two workers have one name; --worker's is main");
  return workers;
}

function parseService(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !web || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new ConfigError(`--collateral must be like https://pccs.example:8081, not ${text}`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function parseNode(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^wss?:$/.test(url.protocol) || url.hash !== "" || url.username !== "")
    throw new ConfigError(`${flag} must be like wss://kusama-asset-hub-rpc.polkadot.io`);
  return url.href;
}

function parseRequests(text: string | undefined): boolean {
  if (text !== undefined && text !== "carry" && text !== "refuse")
    throw new ConfigError("--requests must be carry or refuse");
  return text !== "refuse";
}

/**
 * What `--store` and `PHATROOM_STORE` mean.
 *
 * @throws ConfigError
 */
export function chooseStore(flag: string | undefined, variable: string | undefined): StoreConfig | undefined {
  const text = flag ?? variable ?? "none";
  if (text === "none" || text === "") return undefined;
  const [, directory] = /^sqlite:(.+)$/.exec(text) ?? [];
  if (directory !== undefined) return { kind: "sqlite", directory };
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw new ConfigError("--store must be sqlite:<folder> or none, or PHATROOM_STORE postgres://…");
  }
  if (flag !== undefined) {
    throw new ConfigError("a database's address may hold a password: put it into PHATROOM_STORE, flags can be seen");
  }
  if (!URL.canParse(text)) throw new ConfigError("PHATROOM_STORE must be like postgres://user:password@host/database");
  return { kind: "postgres", url: text };
}

function parseCommand(text: string | undefined): GatewayConfig["workerCommand"] {
  if (text === undefined) return undefined;
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch {
    words = undefined;
  }
  if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === "string")) {
    throw new ConfigError('--worker-command must be a JSON array of words, as ["node","worker.js"]');
  }
  return { command: words as [string, ...string[]] };
}

function checkOrigin(text: string): string {
  const origin = parseOrigin(text);
  if (origin === undefined) throw new ConfigError(`--origin must be like https://play.example or *, not ${text}`);
  return origin;
}

function parseModerator(text: string | undefined): string | undefined {
  if (text !== undefined && !isModerator(text))
    throw new ConfigError("--moderator must be the public key that `phatroom reports key` printed");
  return text;
}

function checkPassword(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (text.length < passwordLengthMin) {
    throw new ConfigError(`PHATROOM_OPERATOR_PASSWORD must have at least ${passwordLengthMin} characters`);
  }
  return text;
}

/** Of a development place, which has no flag for them. @throws ConfigError. */
export const limitsIn = (environment: Environment): Partial<GatewayLimits> =>
  parseLimits(listed(environment["PHATROOM_LIMITS"]));

const listed = (text = ""): string[] => text.split(",").filter((entry) => entry !== "");

function parseLimits(entries: readonly string[]): Partial<GatewayLimits> {
  const limits: Partial<Record<keyof GatewayLimits, number>> = {};
  for (const entry of entries) {
    const [name = "", value = ""] = entry.split("=");
    if (!Object.hasOwn(gatewayLimits, name)) {
      throw new ConfigError(`--limit ${name}: there are ${Object.keys(gatewayLimits).join(", ")}`);
    }
    limits[name as keyof GatewayLimits] = whole(`--limit ${name}`, value, 1, 2 ** 31 - 1);
  }
  return limits;
}

function checkLevel(text: string): CommandLine["logLevel"] {
  const level = logLevels.find((candidate) => candidate === text);
  if (level === undefined) throw new ConfigError(`--log-level must be one of ${logLevels.join(", ")}`);
  return level;
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new ConfigError(`${name} must be a whole number from ${min} to ${max}`);
  return value;
}
