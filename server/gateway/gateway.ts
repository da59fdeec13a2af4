/** The gateway, put together: HTTP and WebSocket in front, the link behind, a relay room for each room in between. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RoomId } from "#protocol/identity.ts";
import type { LinkAddress } from "#protocol/link-address.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import { Admission } from "./admission.ts";
import { openApp } from "./app.ts";
import { openColyseus, type Colyseus } from "./colyseus.ts";
import { gatewayLimits, type GatewayLimits } from "./limits.ts";
import { Lobby } from "./lobby.ts";
import { openLog, type Log } from "./log.ts";
import { QuickMatch } from "./matchmaker.ts";
import { openMetrics } from "./metrics.ts";
import { Moves } from "./moves.ts";
import { Origins, ownOrigins } from "./origins.ts";
import { Seldom } from "./seldom.ts";
import { Services, type ServicesConfig } from "./services.ts";
import { StoreTraffic } from "./store-traffic.ts";
import { Supervisor, type WorkerCommand } from "./supervisor.ts";
import { Traffic } from "./traffic.ts";
import { admitUpgrade } from "./upgrade.ts";
import { Workers, type WorkerPlace } from "./workers.ts";

export interface GatewayConfig extends ServicesConfig {
  /** Where the worker listens. */
  readonly worker: LinkAddress;
  /** Starts the worker here and keeps it running; without it, somebody else does. */
  readonly workerCommand?: WorkerCommand | undefined;
  /** What the operator calls it, if there are several; default "main". */
  readonly workerName?: string | undefined;
  /** Others of the same world, which share its store. */
  readonly moreWorkers?: readonly WorkerPlace[] | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0, the default, lets the system choose. */
  readonly port?: number | undefined;
  /** Folder of the built page. */
  readonly page?: string | undefined;
  /** Origins whose pages may use this gateway besides its own on this machine; "*" for any. */
  readonly origins?: readonly string[] | undefined;
  /** How many proxies of ours stand in front and append to X-Forwarded-For. Default 0: the header is not believed. */
  readonly trustedProxies?: number | undefined;
  /** Opens /monitor for whoever knows it. */
  readonly operatorPassword?: string | undefined;
  readonly limits?: Partial<GatewayLimits> | undefined;
  /** Default: JSON lines on standard output. */
  readonly log?: Log | undefined;
}

export interface Gateway {
  readonly port: number;
  /** Of the page, as this machine sees it. */
  readonly url: string;
  /** Resolves once there is a worker. @throws AbortError if the gateway is closed before. */
  ready(): Promise<void>;
  /** Refuses what is new, says goodbye to everybody, and stops. Takes at most `shutdownMs` and a little. */
  close(): Promise<void>;
}

/** Colyseus keeps its rooms in module variables, so one process can run one gateway at a time. */
let running = false;

/**
 * @throws Error if one is running in this process; the system's error, with its `code`, if it cannot listen; StoreError
 *   if its store cannot be opened.
 */
export async function startGateway(config: GatewayConfig): Promise<Gateway> {
  if (running) throw new Error("this process runs a gateway already");
  running = true;
  const gateway = new RunningGateway(config);
  try {
    await gateway.start();
  } catch (error) {
    await gateway.close();
    throw error;
  }
  return gateway;
}

/** HTTP requests have to get on with it, and are looked at often enough for that. */
const httpTimes = {
  headersTimeout: 5000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 8192,
};

/** A connection that asks for nothing is closed. WebSockets have a pulse of their own instead. */
const idleMs = 20_000;

const now = (): number => performance.now();

class RunningGateway implements Gateway {
  readonly #config: GatewayConfig;
  readonly #limits: GatewayLimits;
  readonly #log: Log;
  readonly #server: Server = createServer(httpTimes);
  readonly #workers: Workers;
  readonly #supervisors: readonly Supervisor[];
  readonly #lobby: Lobby;
  readonly #traffic = new Traffic();
  readonly #storeTraffic = new StoreTraffic();
  readonly #services: Services;
  readonly #stop = new AbortController();
  readonly #seldom = new Seldom(now);
  #moves: Moves | undefined;
  #admission: Admission | undefined;
  #colyseus: Colyseus | undefined;
  #closing: Promise<void> | undefined;
  #port = 0;

  constructor(config: GatewayConfig) {
    this.#config = config;
    this.#limits = { ...gatewayLimits, ...config.limits };
    this.#log = config.log ?? openLog("info");
    const places = placesOf(config);
    this.#workers = new Workers(places, this.#log);
    this.#lobby = new Lobby(this.#limits);
    this.#services = new Services({
      config,
      workers: this.#workers,
      traffic: this.#storeTraffic,
      revealedLogDays: this.#limits.revealedLogDays,
      log: this.#log,
      now,
    });
    this.#supervisors = places.flatMap(({ command }) =>
      command === undefined ? [] : [new Supervisor(command, this.#log)],
    );
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const { host = "127.0.0.1" } = this.#config;
    const name = ["0.0.0.0", "::", "127.0.0.1"].includes(host) ? "localhost" : host;
    return `http://${name.includes(":") ? `[${name}]` : name}:${this.port}`;
  }

  async start(): Promise<void> {
    const workers = this.#workers;
    const [limits, traffic, log] = [this.#limits, this.#traffic, this.#log];
    this.#followWorkers();
    await this.#services.open();
    this.#moves = new Moves({ workers, store: this.#services.store, log });
    this.#moves.follow();
    const colyseus = await openColyseus({
      linkFor: (room) => workers.forRoom(room).link,
      moving: (room) => workers.moving(room),
      limits,
      traffic,
      log,
      now,
    });
    this.#colyseus = colyseus;
    await this.#listen();
    // Only now: the port is part of the origins that are allowed. Nothing has been read from a connection yet.
    const admission = this.#openAdmission();
    this.#admission = admission;
    this.#server.on("connection", (socket) => {
      if (!admission.connection(socket)) socket.destroy();
    });
    this.#server.on("request", this.#app(admission));
    colyseus.attach(this.#server, (request) => admitUpgrade(request, { admission, traffic, log }));
    for (const supervisor of this.#supervisors) supervisor.start();
    workers.start();
    log({ event: "listening", port: this.port });
  }

  async ready(): Promise<void> {
    if (this.#workers.ready === undefined) await once(this.#workers, "ready", { signal: this.#stop.signal });
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#log({ event: "stopping" });
    this.#stop.abort();
    this.#admission?.close();
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await within(this.#limits.shutdownMs, this.#sayGoodbye());
    const cut = this.#admission?.cut() ?? 0;
    this.#server.closeAllConnections();
    await stopped;
    this.#moves?.stop();
    this.#services.rest();
    this.#workers.letGo();
    // A worker that stops has last records for the store, which it reaches through its link.
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.stop()));
    this.#workers.close();
    await this.#services.close();
    running = false;
    this.#log({ event: "stopped", cut });
  }

  async #sayGoodbye(): Promise<void> {
    await this.#colyseus?.close();
    await this.#admission?.drained();
  }

  #followWorkers(): void {
    const workers = this.#workers;
    workers.on("listing", (listing) => {
      if (!this.#lobby.update(listing) && this.#seldom.isTime("lobby")) this.#log({ event: "lobby-full" });
    });
    workers.on("gone", (room) => this.#lobby.remove(room));
  }

  #listen(): Promise<void> {
    const { host = "127.0.0.1", port = 0 } = this.#config;
    // Every socket was a request once, and requests that are not about to become one need room as well.
    this.#server.timeout = idleMs;
    this.#server.maxConnections = 2 * this.#limits.connections;
    this.#server.on("drop", () => {
      this.#traffic.countRefusal("busy");
      if (this.#seldom.isTime("connections")) this.#log({ event: "connections-full" });
    });
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  #openAdmission(): Admission {
    const { host = "127.0.0.1", origins = [], trustedProxies = 0 } = this.#config;
    const allowed = new Origins([...ownOrigins(host, this.port), ...origins]);
    return new Admission({ limits: this.#limits, origins: allowed, trustedProxies, now });
  }

  #app(admission: Admission): ReturnType<typeof openApp> {
    const { page, operatorPassword } = this.#config;
    const [workers, services] = [this.#workers, this.#services];
    const [lobby, traffic, log] = [this.#lobby, this.#traffic, this.#log];
    const create = (contract: string, options: RoomOptions, listed: boolean): Promise<RoomId> =>
      workers.create({ contract, options, listed });
    const metrics = openMetrics({
      admission,
      lobby,
      traffic,
      store: services.store === undefined ? undefined : this.#storeTraffic,
      seats: () => workers.seats,
      ready: () => workers.ready !== undefined,
      busy: () => Math.max(...workers.all.map(({ link }) => link.busy)),
      restarts: () => this.#supervisors.reduce((sum, { restarts }) => sum + restarts, 0),
    });
    return openApp({
      admission,
      lobby,
      traffic,
      log,
      metrics,
      page,
      operatorPassword,
      moves: this.#moves!,
      workers,
      ready: () => workers.ready,
      serving: () => workers.ready !== undefined && this.#closing === undefined,
      create,
      revealed: services.revealed,
      reports: services.reports,
      chain: () => services.chain,
      quickMatch: new QuickMatch({ lobby, create: (contract, options) => create(contract, options, true), now }),
    });
  }
}

const placesOf = ({ worker, workerCommand, workerName = "main", moreWorkers = [] }: GatewayConfig): WorkerPlace[] => [
  { name: workerName, address: worker, command: workerCommand },
  ...moreWorkers,
];

/** Waits for it, but not longer than so many ms. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
