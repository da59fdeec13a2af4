/** The development chain, running: from a specification to an address that clients connect to. */
import { DevelopmentChain, type Finality } from "./chain.ts";
import { developmentAccounts, funded } from "./genesis/accounts.ts";
import { defaultSpec } from "./genesis/default-spec.ts";
import { readSpec } from "./genesis/spec.ts";
import { methodsOf } from "./rpc/methods.ts";
import { serveRpc } from "./rpc/server.ts";
import type { LogLine } from "./runtime/host/host.ts";
import { seal, type Sealing } from "./sealing.ts";

export interface DevnetOptions {
  /** A raw specification, JSON or JSON by gzip; else the default chain. */
  readonly spec?: string | undefined;
  /** A file that is made if it is not there; else in memory. */
  readonly database?: string | undefined;
  /** Default: "instant". */
  readonly sealing?: Sealing | undefined;
  /** Default: "instant". */
  readonly finality?: Finality | undefined;
  /** Default: any. */
  readonly port?: number | undefined;
  /** Default: this machine only. */
  readonly host?: string | undefined;
  /** Of pages elsewhere that may talk to it. */
  readonly origins?: readonly string[] | undefined;
  /** Public keys that are funded besides the development accounts. */
  readonly accounts?: readonly Uint8Array[] | undefined;
  /** When the first block is; see `ChainOptions`. */
  readonly clock?: (() => number) | undefined;
  readonly statesKept?: number | undefined;
  /** What runtimes log. */
  readonly log?: ((line: LogLine) => void) | undefined;
  /** A block that could not be made by itself; the chain goes on. Default: it is thrown. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

export interface Devnet {
  /** `ws://…`; the same with `http` takes single calls. */
  readonly url: string;
  readonly chain: DevelopmentChain;
  close(): Promise<void>;
}

/** @throws DevnetError. */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const { spec: file, database, sealing = "instant", finality = "instant", port = 0, host = "127.0.0.1" } = options;
  const { origins = [], accounts = [], clock = Date.now, statesKept, log } = options;
  const spec = await (file === undefined ? defaultSpec() : readSpec(file));
  const top = funded(spec.top, [...Object.values(developmentAccounts), ...accounts], spec.properties["tokenDecimals"]);
  const chain = new DevelopmentChain({ spec: { ...spec, top }, database, finality, clock, log, statesKept });
  try {
    const server = await serveRpc(methodsOf(chain), { host, port, origins });
    const stopSealing = seal(chain, sealing, options.failed ?? rethrow);
    return {
      url: `ws://${host.includes(":") ? `[${host}]` : host}:${server.port}`,
      chain,
      async close() {
        stopSealing();
        await server.close();
        chain.close();
      },
    };
  } catch (error) {
    chain.close();
    throw error;
  }
}

function rethrow(error: unknown): never {
  throw error;
}
