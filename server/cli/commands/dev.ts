/** `phatroom dev`: an author's game with its page on this machine, built anew whenever a file is saved. */
import { existsSync, watch } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { defineCommand } from "citty";
import { developmentPolicy } from "#attestation/policy.ts";
import { BuildError, buildContract } from "../build-contract.ts";
import { buildPage } from "../build-page.ts";
import { startPlace, type Place } from "../place.ts";

export const devCommand = defineCommand({
  meta: { name: "dev", description: "Run a game and its page on this machine; rebuilds on save" },
  args: {
    entry: { type: "positional", description: "The TypeScript file that exports the contract", default: "contract.ts" },
    page: { type: "string", description: "The page's script", default: "page.ts" },
    port: { type: "string", description: "0 lets the system choose", default: "2567" },
  },
  async run({ args }) {
    const game = new GameUnderDevelopment(resolve(args.entry), resolve(args.page), Number(args.port));
    await game.start();
    let closing: Promise<void> | undefined;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        closing ??= game.stop().then(() => process.exit());
      });
    }
  },
});

/** Saving a file makes editors write several times; one build is enough. */
const settleMs = 150;

class GameUnderDevelopment {
  readonly #entry: string;
  readonly #page: string;
  #port: number;
  readonly #scratch: string;
  #place: Place | undefined;
  #hash = "";
  #work: Promise<void> = Promise.resolve();
  #settling: NodeJS.Timeout | undefined;
  readonly #stopWatching = new AbortController();

  constructor(entry: string, page: string, port: number) {
    this.#entry = entry;
    this.#page = page;
    this.#port = port;
    this.#scratch = join(dirname(entry), ".phatroom");
  }

  async start(): Promise<void> {
    await this.#build();
    watch(dirname(this.#entry), { signal: this.#stopWatching.signal }, (_event, file) => {
      if (file === null || !/\.(ts|js|json|css|html)$/.test(file)) return;
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => {
        this.#work = this.#work.then(() => this.#build());
      }, settleMs);
    });
  }

  async stop(): Promise<void> {
    this.#stopWatching.abort();
    clearTimeout(this.#settling);
    await this.#work;
    await this.#place?.close();
  }

  /** What does not build is said, and what ran before goes on. */
  async #build(): Promise<void> {
    try {
      await this.#buildAndServe();
    } catch (error) {
      const expected = error instanceof BuildError || (error instanceof Error && "errors" in error);
      console.error(expected ? (error as Error).message : error);
      if (this.#place === undefined) console.error("Waiting for a change …");
    }
  }

  async #buildAndServe(): Promise<void> {
    const { bundle, sourceMap, manifest, hash } = await buildContract(this.#entry);
    const world = { name: `${manifest.name} development`, development: true };
    const pages = join(this.#scratch, "page");
    if (existsSync(this.#page)) {
      await buildPage(this.#page, pages, { world, contracts: { [manifest.name]: hash }, policy: developmentPolicy });
    }
    if (hash === this.#hash) return console.log("  The page was built anew: reload it.");
    const contracts = join(this.#scratch, "contracts");
    await rm(contracts, { recursive: true, force: true });
    await mkdir(contracts, { recursive: true });
    await writeFile(join(contracts, `${manifest.name}.bundle.js`), bundle);
    await writeFile(join(contracts, `${manifest.name}.map`), sourceMap);
    await this.#place?.close();
    this.#place = await startPlace({
      world,
      contracts,
      directory: this.#scratch,
      inspect: true,
      gateway: { port: this.#port, page: pages },
    });
    this.#port = this.#place.port;
    this.#hash = hash;
    console.log(`
  ${manifest.name} is running:  ${this.#place.url}
  contract ${hash}

  DEVELOPMENT PLATFORM: it protects nothing from whoever runs this machine.
`);
  }
}
