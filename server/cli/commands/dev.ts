/** `phatroom dev`: an author's game with its page on this machine, built anew whenever a file is saved. */
import { existsSync, watch } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { defineCommand } from "citty";
import { developmentPolicy } from "#attestation/policy.ts";
import { chooseStore, limitsIn, type ConfigError } from "#gateway/config.ts";
import type { GatewayLimits } from "#gateway/limits.ts";
import { storeTrouble } from "#gateway/store/sentences.ts";
import type { StoreConfig } from "#gateway/store/open.ts";
import { StoreError } from "#protocol/store.ts";
import { BuildError, buildContract } from "../build-contract.ts";
import { buildPage } from "../build-page.ts";
import { startPlace, type Place } from "../place.ts";
import { plainLine } from "../plain-lines.ts";
import { stopWhenAsked } from "../stop.ts";
import { summaries } from "../summaries.ts";
import { chooseThreads, type ThreadsError } from "../threads.ts";

const defaultPage = "page.ts";

export const devCommand = defineCommand({
  meta: { name: "dev", description: summaries.dev },
  args: {
    entry: { type: "positional", description: "The contract, in TypeScript or assembly/*.ts", default: "contract.ts" },
    page: { type: "string", description: "The page's script", default: defaultPage },
    port: { type: "string", description: "Where it listens; 0 lets the system choose", default: "2567" },
    store: { type: "string", description: "sqlite:<folder> keeps what rooms seal", default: "none" },
    threads: { type: "string", description: 'Threads that have rooms: a number, or "cores"', default: "1" },
  },
  async run({ args }) {
    const port = Number(args.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return fail(`There is no port ${args.port}.`);
    if (!existsSync(args.entry)) return fail(`There is no file ${args.entry}. Name the contract's file.`);
    if (!existsSync(args.page) && args.page !== defaultPage)
      return fail(`There is no file ${args.page}, which is to be the page.`);
    let settings: Settings;
    try {
      settings = {
        store: chooseStore(args.store, undefined),
        threads: chooseThreads(args.threads),
        limits: limitsIn(process.env),
      };
    } catch (error) {
      return fail((error as ConfigError | ThreadsError).message);
    }
    const game = new GameUnderDevelopment(resolve(args.entry), resolve(args.page), port, settings);
    stopWhenAsked(() => game.stop());
    try {
      await game.start();
    } catch (error) {
      await game.stop();
      if (error instanceof StoreError) return fail(storeTrouble(error));
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      return fail(`Port ${port} is in use. Stop what runs there, or choose another: --port 0 takes any free one.`);
    }
  },
});

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

const watched = /\.(ts|tsx|js|json|css|html|svg|wasm)$/;

/** Saving a file makes editors write several times; one build is enough. */
const settleMs = 150;

/** Of the place that the game runs in. */
interface Settings {
  readonly store: StoreConfig | undefined;
  readonly threads: number | "cores" | undefined;
  readonly limits: Partial<GatewayLimits>;
}

class GameUnderDevelopment {
  readonly #entry: string;
  readonly #page: string;
  #port: number;
  readonly #scratch: string;
  readonly #settings: Settings;
  #place: Place | undefined;
  #hash = "";
  #work: Promise<void> = Promise.resolve();
  #settling: NodeJS.Timeout | undefined;
  readonly #stopWatching = new AbortController();

  constructor(entry: string, page: string, port: number, settings: Settings) {
    this.#entry = entry;
    this.#page = page;
    this.#port = port;
    this.#settings = settings;
    this.#scratch = join(dirname(page), ".phatroom");
  }

  /** @throws the system's error if the port cannot be had. */
  async start(): Promise<void> {
    // Before the first build, so that nothing saved meanwhile is missed.
    for (const folder of new Set([dirname(this.#entry), dirname(this.#page)])) {
      watch(folder, { signal: this.#stopWatching.signal }, (_event, file) => {
        if (file !== null && watched.test(file) && !file.endsWith(".generated.ts")) this.#buildSoon();
      });
    }
    this.#work = this.#build();
    await this.#work;
  }

  async stop(): Promise<void> {
    this.#stopWatching.abort();
    clearTimeout(this.#settling);
    await this.#work.catch(() => undefined);
    await this.#place?.close();
  }

  #buildSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#work = this.#work.then(() => this.#build());
    }, settleMs);
  }

  /** What does not build is said, and what ran before goes on. */
  async #build(): Promise<void> {
    try {
      await this.#buildAndServe();
    } catch (error) {
      if (!(error instanceof BuildError) && !(error instanceof Error && "errors" in error)) throw error;
      console.error(`${error.message.trim()}\n`);
      console.error(this.#place === undefined ? "Waiting for a change …" : "The game of before goes on.");
    }
  }

  async #buildAndServe(): Promise<void> {
    const { bundle, suffix, sourceMap, manifest, predict, hash } = await buildContract(this.#entry);
    const world = { name: `${manifest.name} development`, development: true };
    const pages = join(this.#scratch, "page");
    if (existsSync(this.#page)) {
      await buildPage(this.#page, pages, {
        world,
        contracts: { [manifest.name]: hash },
        predictors: predict === undefined ? {} : { [manifest.name]: predict },
        policy: developmentPolicy,
      });
    }
    if (hash === this.#hash) return console.log("The page was built anew: reload it.");
    const contracts = join(this.#scratch, "contracts");
    await rm(contracts, { recursive: true, force: true });
    await mkdir(contracts, { recursive: true });
    await writeFile(join(contracts, `${manifest.name}${suffix}`), bundle);
    if (sourceMap !== "") await writeFile(join(contracts, `${manifest.name}.map`), sourceMap);
    const first = this.#place === undefined;
    await this.#place?.close();
    const { store, threads, limits } = this.#settings;
    this.#place = await startPlace({
      world,
      contracts,
      directory: this.#scratch,
      inspect: true,
      ...(threads === undefined ? {} : { threads }),
      gateway: { port: this.#port, page: pages, store, limits },
      output: (line) => {
        const text = plainLine(line);
        if (text !== undefined) console.error(text);
      },
    });
    this.#port = this.#place.port;
    this.#hash = hash;
    if (!first) return console.log(`New rules, contract ${hash}: the rooms of before are gone. Reload the page.`);
    console.log(`
  ${manifest.name} is running:  ${this.#place.url}
  contract ${hash}

  ${existsSync(this.#page) ? "Open it in two browser windows" : "It has no page: there is no page.ts here"}. What you save in ${relative(process.cwd(), dirname(this.#entry)) || "this folder"} is built at once.

  DEVELOPMENT PLATFORM: it protects nothing from whoever runs this machine.
  Ctrl-C stops it.
`);
  }
}
