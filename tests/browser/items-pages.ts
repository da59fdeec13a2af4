/** The page of items, built around a chain, in windows of a browser. What its gateway answers can be bent. */
import { extname, join } from "node:path";
import { ApiPromise, WsProvider } from "@polkadot/api";
import type { ApiOptions } from "@polkadot/api/types";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { developmentPolicy } from "#attestation/policy.ts";
import { ChainService } from "#gateway/chain/chain-service.ts";
import { chainLimits, decodeChainList, encodeChainList } from "#protocol/chain-link.ts";
import { rootFolder } from "../support/folders.ts";
import { pageFor } from "../support/page-for.ts";
import { putExtension } from "./extension.ts";

export const origin = "http://localhost";
export const worldHex = "07".repeat(32);

export interface ItemsWindow {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Paths of this origin, and whole addresses of others. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

export interface WindowOptions extends BrowserContextOptions {
  /** Whose wallet is in it; default: Bob's. False: nobody's. */
  readonly wallet?: string | false;
  /** Whether its owner signs transactions; default: they do. */
  readonly agrees?: boolean;
}

export class ItemsPages {
  /** What the gateway answers with, instead of the chain. */
  lies: ((answer: Uint8Array) => Uint8Array) | undefined;
  away = false;
  readonly #folder: string;
  readonly #service: ChainService;
  readonly #api: ApiPromise;

  /** @param name of its own folder. @param terms of the chain, as a build leaves them. */
  constructor(name: string, terms: object, service: ChainService, api: ApiPromise) {
    this.#folder = join(rootFolder, ".cache", name);
    this.#service = service;
    this.#api = api;
    const builtIn = { world: worldHex, contracts: {}, policy: developmentPolicy, chain: terms };
    pageFor(builtIn, "inventory", join(this.#folder, "page"));
  }

  async open(browser: Browser, { wallet = "//Bob", agrees, ...options }: WindowOptions = {}): Promise<ItemsWindow> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    const asked: string[] = [];
    await page.route("**/*", async (route) => {
      const url = new URL(route.request().url());
      asked.push(url.origin === origin ? url.pathname : url.href);
      if (url.origin !== origin) return route.abort();
      if (url.pathname === "/api/chain") {
        if (this.away) return route.abort();
        const body = new Uint8Array(route.request().postDataBuffer() ?? new Uint8Array(0));
        const answers = await this.#answer(body).catch(() => undefined);
        if (answers === undefined) return route.abort();
        return route.fulfill({ contentType: "application/octet-stream", body: Buffer.from(answers) });
      }
      const file = join(this.#folder, "page", url.pathname.endsWith("/") ? `${url.pathname}index.html` : url.pathname);
      return route.fulfill({ path: file, contentType: types[extname(file)] ?? "application/octet-stream" });
    });
    if (wallet !== false) await putExtension(page, this.#api, wallet, agrees);
    return { page, complaints, asked, close: () => context.close() };
  }

  async #answer(body: Uint8Array): Promise<Uint8Array> {
    const answers: Uint8Array[] = [];
    for (const question of decodeChainList(body, chainLimits.listed)) {
      const answer = await this.#service.answerOnce(question);
      answers.push(this.lies === undefined ? answer : this.lies(answer));
    }
    return encodeChainList(answers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api.disconnect();
    this.#service.close();
  }
}

/** What a gateway asks of a node, and what wallets know of its runtime. */
export async function askingOf(url: string): Promise<{ readonly service: ChainService; readonly api: ApiPromise }> {
  const reached = Promise.withResolvers<void>();
  const service = new ChainService({ url, log: ({ event }) => event === "chain-reached" && reached.resolve() });
  service.start();
  await reached.promise;
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true } as ApiOptions);
  return { service, api };
}

const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
