/**
 * What a gateway does for its workers, which have no disk and no network: it keeps their rooms, asks the chain, carries what
 * contracts ask of servers, and fetches what the hardware's maker says. It is trusted with none of it.
 */
import type { Store } from "#protocol/store.ts";
import { ChainService, type ChainConversation } from "./chain/chain-service.ts";
import { collateralAt, CollateralFetcher } from "./collateral.ts";
import { KeptReports } from "./kept-reports.ts";
import type { Log } from "./log.ts";
import { RevealedLogs } from "./revealed-logs.ts";
import { openStore, type StoreConfig } from "./store/open.ts";
import { StoreService, type StoreConversation } from "./store-service.ts";
import type { StoreTraffic } from "./store-traffic.ts";
import { Tunnels, type TunnelsSetup } from "./tunnels.ts";
import type { Workers } from "./workers.ts";

export interface ServicesConfig {
  /** Service of the hardware's maker that workers are answered from, or a cache of it; default: Intel's own. */
  readonly collateral?: string | undefined;
  /** Whether what contracts ask is carried to public servers; default true. */
  readonly requests?: boolean | undefined;
  /** Where the servers that they name are, in tests. */
  readonly resolve?: TunnelsSetup["resolve"] | undefined;
  /** Kept for the worker, which has no disk. Without one, rooms end with their worker. */
  readonly store?: StoreConfig | undefined;
  /** Of a node of the chain that items are on, ws:// or wss://. Without one, what players earn stays with the worker. */
  readonly chain?: string | undefined;
  /** Of a node of its relay chain, where another chain finalizes it. */
  readonly relayChain?: string | undefined;
  /** Ed25519 public key of the world's moderator, 64 hex digits: who has the other half reads the reports that are kept. */
  readonly moderator?: string | undefined;
}

export interface ServicesSetup {
  readonly config: ServicesConfig;
  readonly workers: Workers;
  readonly traffic: StoreTraffic;
  /** Days for which a log is kept that its room has revealed. */
  readonly revealedLogDays: number;
  readonly log: Log;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** How often logs are looked for that were kept for long enough. */
const sweepMs = 3_600_000;
const dayMs = 24 * 3_600_000;

export class Services {
  readonly #setup: ServicesSetup;
  #store: Store | undefined;
  #chain: ChainService | undefined;
  #revealed: RevealedLogs | undefined;
  #reports: KeptReports | undefined;
  #sweeping: NodeJS.Timeout | undefined;

  constructor(setup: ServicesSetup) {
    this.#setup = setup;
  }

  get store(): Store | undefined {
    return this.#store;
  }

  get chain(): ChainService | undefined {
    return this.#chain;
  }

  /** Undefined where no store is kept. */
  get revealed(): RevealedLogs | undefined {
    return this.#revealed;
  }

  /** Undefined where no store is kept, or no moderator is known. */
  get reports(): KeptReports | undefined {
    return this.#reports;
  }

  /** Before the workers are there. @throws StoreError if the store cannot be opened. */
  async open(): Promise<void> {
    this.#fetchCollateral();
    this.#carryRequests();
    await this.#keepStore();
    this.#reachChain();
  }

  /** No log is looked for any more. */
  rest(): void {
    clearInterval(this.#sweeping);
  }

  /** When the workers are gone, which have last records for the store. */
  async close(): Promise<void> {
    this.#chain?.close();
    await this.#store?.close();
  }

  #fetchCollateral(): void {
    const { workers, config, log, now } = this.#setup;
    const collateral = new CollateralFetcher(collateralAt(config.collateral), now);
    workers.each(({ link }) => {
      link.on("wanted", ({ ref, ...wanted }) => {
        void collateral.fetch(wanted).then((parts) => {
          if (parts === null) log({ event: "collateral-unavailable" });
          link.answerCollateral({ ref, parts });
        });
      });
    });
  }

  #carryRequests(): void {
    const { workers, config } = this.#setup;
    const { requests: allowed = true, resolve } = config;
    workers.each(({ link }) => {
      const say = (tunnel: number, body: Uint8Array): void => link.answerTunnel(tunnel, body);
      const tunnels = new Tunnels({ allowed, say, ...(resolve === undefined ? {} : { resolve }) });
      link.on("tunnel", (tunnel, body) => tunnels.receive(tunnel, body));
      link.on("lost", () => tunnels.close());
    });
  }

  /** Opens the store and answers the workers from it. */
  async #keepStore(): Promise<void> {
    const { workers, config, traffic, log, now } = this.#setup;
    const { store: kept, moderator } = config;
    if (kept === undefined) return;
    const store = await openStore(kept);
    this.#store = store;
    this.#keepRevealed(store);
    if (moderator !== undefined) this.#reports = new KeptReports({ store, moderator, now: () => Date.now() });
    const service = new StoreService({ store, traffic, log, now });
    workers.each(({ link }) => {
      let conversation: StoreConversation | undefined;
      link.on("ready", () => {
        conversation = service.open(link);
        link.offerStore(workers.all.length > 1);
      });
      link.on("asked", (fragment) => conversation?.receive(fragment));
      link.on("lost", () => conversation?.end());
    });
  }

  /** After the store was offered: a worker that hears of a chain knows whether there is one. */
  #reachChain(): void {
    const { workers, config, log } = this.#setup;
    const { chain: url, relayChain: relay } = config;
    if (url === undefined) return;
    const service = new ChainService({ url, relay, log });
    this.#chain = service;
    workers.each(({ link }) => {
      let conversation: ChainConversation | undefined;
      link.on("ready", () => {
        conversation = service.open(link);
        link.offerChain();
      });
      link.on("chainAsked", (fragment) => conversation?.receive(fragment));
      link.on("lost", () => conversation?.end());
    });
    service.start();
  }

  #keepRevealed(store: Store): void {
    const keptMs = this.#setup.revealedLogDays * dayMs;
    const revealed = new RevealedLogs({ store, keptMs, now: () => Date.now() });
    this.#revealed = revealed;
    // Whatever the store fails of this it does an hour later.
    const sweep = (): void => void revealed.forgetOld().catch(() => undefined);
    this.#sweeping = setInterval(sweep, sweepMs);
    sweep();
  }
}
