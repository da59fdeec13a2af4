/** What a worker is started with. None of it can weaken confidentiality: on vendor hardware only `dstack` will start. */
import { availableParallelism } from "node:os";
import { parseLinkAddress, threadAddress, workerThreadsMax, type LinkAddress } from "#protocol/link-address.ts";
import type { WorldManifest } from "#protocol/manifest.ts";
import { isModerator } from "#protocol/report.ts";
import { isRecord } from "#protocol/value.ts";
import { parseChainTerms, type ChainTerms } from "./reward/chain-terms.ts";
import { type AgentAddress, parseAgentAddress } from "./platform/dstack/exchange.ts";

export interface WorkerConfig {
  readonly address: LinkAddress;
  readonly world: WorldManifest;
  readonly platform: "dstack" | "software" | "unavailable";
  /** Where dstack's guest agent is; for platform "dstack". */
  readonly agent: AgentAddress;
  /** Where the platform keeps what it must remember. */
  readonly directory: string;
  /** Folder of built contracts: `<name>.bundle.js` and, in development, `<name>.map`. */
  readonly contracts: string;
  /** On which chain items are; see `reward/chain-terms.ts`. */
  readonly chain?: ChainTerms | undefined;
  /** Prints what contracts do wrong, which may hold what they keep secret. Development worlds only. */
  readonly inspect: boolean;
  /** How many threads have rooms; see `threads/`. With one, rooms are in the process's only thread. */
  readonly threads: number;
  /** Stops when standard input ends: whoever started this worker is gone then, however suddenly. */
  readonly supervised: boolean;
}

/** Where dstack mounts it. */
const defaultAgent: AgentAddress = { kind: "socket", path: "/var/run/dstack.sock" };

/** @throws Error with a sentence that names the field and what it must be. */
export function parseWorkerConfig(text: string): WorkerConfig {
  const fields: unknown = JSON.parse(text);
  if (!isRecord(fields)) throw new Error("the worker's configuration must be a JSON object");
  const { address, world, platform, directory, contracts, inspect, supervised, agent, chain, threads } = fields;
  const at = typeof address === "string" ? parseLinkAddress(address) : undefined;
  if (at === undefined) throw new Error('"address" must be the path of a Unix socket or tcp://host:port');
  if (!isRecord(world) || typeof world["name"] !== "string" || typeof world["development"] !== "boolean") {
    throw new Error('"world" must be { "name": text, "development": true or false }');
  }
  const { moderator } = world;
  if (moderator !== undefined && !isModerator(moderator))
    throw new Error('"moderator" must be the public key that `phatroom reports key` printed');
  if (platform !== "dstack" && platform !== "software" && platform !== "unavailable") {
    throw new Error('"platform" must be "dstack", "software" (protects nothing; for development) or "unavailable"');
  }
  const agentAt = agent === undefined ? defaultAgent : parseAgentAddress(typeof agent === "string" ? agent : "");
  if (agentAt === undefined) throw new Error('"agent" must be the path of a Unix socket or http://host:port');
  if (typeof directory !== "string" || typeof contracts !== "string") {
    throw new Error('"directory" and "contracts" must be paths');
  }
  if (inspect !== undefined && typeof inspect !== "boolean") throw new Error('"inspect" must be true or false');
  if (inspect === true && !world["development"]) throw new Error('"inspect" is for development worlds only');
  if (supervised !== undefined && typeof supervised !== "boolean")
    throw new Error('"supervised" must be true or false');
  return {
    address: at,
    world: {
      name: world["name"],
      development: world["development"],
      ...(moderator === undefined ? {} : { moderator }),
    },
    platform,
    agent: agentAt,
    directory,
    contracts,
    chain: chain === undefined ? undefined : parseChainTerms(chain),
    inspect: inspect ?? false,
    threads: threads === undefined ? 1 : parseThreads(threads, at),
    supervised: supervised ?? false,
  };
}

function parseThreads(threads: unknown, address: LinkAddress): number {
  const wanted = threads === "cores" ? Math.min(availableParallelism(), workerThreadsMax) : threads;
  if (typeof wanted !== "number" || !Number.isInteger(wanted) || wanted < 1 || wanted > workerThreadsMax)
    throw new Error(`"threads" must be a whole number from 1 to ${workerThreadsMax}, or "cores"`);
  if (threadAddress(address, wanted) === undefined)
    throw new Error('"address" must leave room for "threads": a shorter path, or a port with as many after it');
  return wanted;
}
